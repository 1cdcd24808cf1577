import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("attendance", "0003_month_files_and_counted_corrections"),
        ("organization", "0004_workplaces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField()),
                ("kind", models.CharField(choices=[("in", "Presensi masuk"), ("out", "Presensi pulang")], max_length=3)),
                ("day", models.DateField(verbose_name="hari absensi")),
                ("received_at", models.DateTimeField(verbose_name="diterima server")),
                ("measured_at", models.DateTimeField(null=True, verbose_name="jam menurut ponsel")),
                ("sealed_place", models.BinaryField(default=bytes)),
                ("accuracy_m", models.PositiveIntegerField(null=True)),
                ("distance_m", models.PositiveIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("problem", models.CharField(blank=True, max_length=20)),
                ("flags", models.JSONField(default=list)),
                ("device_hint", models.CharField(blank=True, max_length=120)),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="check_ins", to="organization.agency")),
                ("employee", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="check_ins", to="organization.employee")),
                ("workplace", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="check_ins", to="organization.workplace")),
            ],
            options={
                "ordering": ["-received_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ContactNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="hari absensi")),
                ("at", models.DateTimeField(verbose_name="dihubungi")),
                ("channel", models.CharField(choices=[("phone", "Telepon"), ("message", "Pesan"), ("meeting", "Ditemui"), ("superior", "Lewat atasan")], max_length=10, verbose_name="cara")),
                ("result", models.CharField(choices=[("clarified", "Klarifikasi diterima"), ("letter", "Izin menyusul"), ("unexplained", "Tanpa keterangan"), ("unreached", "Tidak terhubung")], max_length=12, verbose_name="hasil")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="jawaban")),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="contact_notes", to="organization.agency")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("employee", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="contact_notes", to="organization.employee")),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DayFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="hari absensi")),
                ("path", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=200, verbose_name="nama berkas")),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("read_back_at", models.DateTimeField()),
                ("written_at", models.DateTimeField()),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="day_files", to="organization.agency")),
            ],
            options={
                "ordering": ["-written_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="HelpTicket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="hari absensi")),
                ("topic", models.CharField(choices=[("location", "Lokasi tidak terbaca"), ("late_sent", "Presensi terkirim terlambat"), ("other", "Lainnya")], max_length=10, verbose_name="pokok")),
                ("problem", models.CharField(blank=True, max_length=500, verbose_name="masalah")),
                ("opened_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="jawaban")),
                ("answered_at", models.DateTimeField(null=True)),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="help_tickets", to="organization.agency")),
                ("answered_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("check_in", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="attendance.checkin")),
                ("employee", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="help_tickets", to="organization.employee")),
                ("opened_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["opened_at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(fields=["agency", "day"], name="check_in_of_agency_day"),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.UniqueConstraint(fields=("employee", "key"), name="check_in_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.UniqueConstraint(condition=models.Q(("reason", "")), fields=("employee", "day", "kind"), name="check_in_accepted_once"),
        ),
        migrations.AddIndex(
            model_name="contactnote",
            index=models.Index(fields=["agency", "day"], name="contact_of_agency_day"),
        ),
        migrations.AddIndex(
            model_name="dayfile",
            index=models.Index(fields=["agency", "day"], name="day_file_of_agency_day"),
        ),
        migrations.AddIndex(
            model_name="helpticket",
            index=models.Index(fields=["agency", "day"], name="ticket_of_agency_day"),
        ),
        migrations.AddConstraint(
            model_name="helpticket",
            constraint=models.UniqueConstraint(condition=models.Q(("answered_at", None)), fields=("employee", "day", "topic"), name="one_open_ticket_per_topic"),
        ),
        migrations.AddConstraint(
            model_name="helpticket",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("answer", ""), ("answered_at", None)), models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)), _connector="OR"), name="ticket_is_answered_in_words"),
        ),
    ]
