from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("devices", "0008_punches_written_once")]

    operations = [
        migrations.RenameField(
            model_name="device", old_name="pulled_bytes", new_name="pulled_count"
        ),
    ]
