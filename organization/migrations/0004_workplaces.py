import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organization", "0003_units_by_date")]

    operations = [
        migrations.CreateModel(
            name="Workplace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="nama")),
                ("latitude", models.DecimalField(decimal_places=6, max_digits=9, verbose_name="lintang")),
                ("longitude", models.DecimalField(decimal_places=6, max_digits=9, verbose_name="bujur")),
                ("radius_m", models.PositiveIntegerField(verbose_name="radius (meter)")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="dasar")),
                ("valid_from", models.DateField(verbose_name="berlaku sejak")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="berlaku sampai")),
                ("set_at", models.DateTimeField()),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="workplaces", to="organization.agency")),
                ("set_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["name", "valid_from", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("latitude__gte", -90), ("latitude__lte", 90), ("longitude__gte", -180), ("longitude__lte", 180)), name="workplace_is_on_the_globe"),
                    models.CheckConstraint(condition=models.Q(("radius_m__gte", 20), ("radius_m__lte", 5000)), name="workplace_has_a_radius"),
                    models.CheckConstraint(condition=models.Q(("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"), name="workplace_ends_after_it_begins"),
                ],
            },
        ),
    ]
