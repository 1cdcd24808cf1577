from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("devices", "0005_supervised_fingers"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="read_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="seenuser",
            name="name",
            field=models.CharField(blank=True, max_length=150),
        ),
    ]
