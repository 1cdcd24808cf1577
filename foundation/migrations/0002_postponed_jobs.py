from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("foundation", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxjob",
            name="postponed_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outboxjob",
            name="progress",
            field=models.TextField(blank=True),
        ),
    ]
