import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0004_unchecked_uploads'),
        ('organization', '0003_units_by_date'),
        ('processes', '0005_messages_and_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordingAnew',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('worn', 'Jari luka atau aus'), ('wrong', 'Salah jari'), ('moved', 'Pindah perangkat daerah'), ('machine', 'Mesin baru'), ('misuse', 'Dugaan penyalahgunaan')], max_length=10, verbose_name='sebab')),
                ('reason', models.CharField(max_length=200, verbose_name='alasan')),
                ('requested_at', models.DateTimeField()),
                ('scheduled_on', models.DateField(null=True, verbose_name='hari perekaman')),
                ('state', models.CharField(choices=[('open', 'Diproses'), ('done', 'Selesai'), ('refused', 'Ditolak')], default='open', max_length=10)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_note', models.CharField(blank=True, max_length=300)),
                ('employee', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='recordings_anew', to='organization.employee')),
                ('identified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instance', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recordings_anew', to='processes.instance')),
                ('permit', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='request', to='devices.rerecordingpermit')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supervisor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('violation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recordings_anew', to='devices.violation')),
            ],
            options={
                'indexes': [models.Index(fields=['employee', 'state'], name='recording_anew_of_employee')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('employee',), name='one_open_recording_anew'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='recording_anew_closed_with_its_time')],
            },
        ),
    ]
