from django.db import migrations


def name_serials(apps, schema_editor):
    """Uploads now carry the serial that sent them, also when nobody registered it."""
    uploads = apps.get_model("devices", "RawUpload").objects.all()
    devices = apps.get_model("devices", "Device").objects.all()
    for pk, serial in devices.values_list("pk", "serial"):
        uploads.filter(device_id=pk).update(serial=serial)


class Migration(migrations.Migration):
    dependencies = [("devices", "0002_machines_that_call")]

    operations = [migrations.RunPython(name_serials, migrations.RunPython.noop)]
