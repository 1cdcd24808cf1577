"""An outage has a procedure: what was reported, repaired, tested, and each day's recap delivered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0004_checkins"),
        ("devices", "0004_unchecked_uploads"),
        ("processes", "0003_honest_clocks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="outage",
            name="alarm",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outage",
                to="devices.alarm",
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="diagnosed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outage",
            name="diagnosed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="diagnosis",
            field=models.TextField(blank=True, verbose_name="diagnosa"),
        ),
        migrations.AddField(
            model_name="outage",
            name="fetched_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outage",
            name="fetched_note",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="outage",
            name="forwarded_as",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="outage",
            name="forwarded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outage",
            name="forwarded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="pejabat kepegawaian",
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="instance",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outages",
                to="processes.instance",
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="other_machine",
            field=models.BooleanField(default=False, verbose_name="mesin lain dipakai"),
        ),
        migrations.AddField(
            model_name="outage",
            name="parts",
            field=models.CharField(blank=True, max_length=300, verbose_name="suku cadang"),
        ),
        migrations.AddField(
            model_name="outage",
            name="photo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="processes.attachment",
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="repair",
            field=models.TextField(blank=True, verbose_name="tindakan"),
        ),
        migrations.AddField(
            model_name="outage",
            name="repaired_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outage",
            name="repaired_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="reported_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outage",
            name="reported_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="pelapor",
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="symptom",
            field=models.TextField(blank=True, verbose_name="gejala"),
        ),
        migrations.AddField(
            model_name="outage",
            name="technician",
            field=models.CharField(blank=True, max_length=150, verbose_name="teknisi"),
        ),
        migrations.AddField(
            model_name="outage",
            name="test_result",
            field=models.TextField(blank=True, verbose_name="hasil uji"),
        ),
        migrations.AddField(
            model_name="outage",
            name="tested_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outage",
            name="tested_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="violation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="devices.violation",
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outage",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="withdrawn_note",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="outage",
            name="witness",
            field=models.CharField(blank=True, max_length=150, verbose_name="saksi"),
        ),
        migrations.CreateModel(
            name="OutageDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="tanggal")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "Dikirim"),
                            ("returned", "Dikembalikan BKD"),
                            ("received", "Diterima BKD"),
                            ("rejected", "Diminta ulang"),
                            ("checked", "Dicocokkan"),
                        ],
                        default="sent",
                        max_length=10,
                    ),
                ),
                ("task_id", models.BigIntegerField(unique=True)),
                ("softcopy_sha256", models.CharField(max_length=64)),
                (
                    "hardcopy_number",
                    models.CharField(max_length=100, verbose_name="nomor hardcopy"),
                ),
                ("sent_at", models.DateTimeField()),
                ("received_at", models.DateTimeField(null=True)),
                (
                    "receipt_number",
                    models.CharField(blank=True, max_length=100, verbose_name="nomor tanda terima"),
                ),
                ("copy_received_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="catatan")),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "copy_received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="attendance.outage",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "softcopy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="processes.attachment",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["returned", "rejected"]), _negated=True),
                        fields=("outage", "day"),
                        name="outage_delivered_once_a_day",
                    )
                ],
            },
        ),
    ]
