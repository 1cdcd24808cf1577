from django.db import migrations


def name_serials(apps, schema_editor):
    """Uploads now carry the serial that sent them, also when nobody registered it."""
    uploads = apps.get_model("devices", "RawUpload").objects.all()
    devices = apps.get_model("devices", "Device").objects.all()
    for pk, serial in devices.values_list("pk", "serial"):
        uploads.filter(device_id=pk).update(serial=serial)


def join_fingers(apps, schema_editor):
    """A kept finger now knows its recording. None was supervised: they wait for a supervisor."""
    enrolments = apps.get_model("devices", "Enrolment").objects.filter(
        status="recorded", withdrawn_at=None, template=None
    )
    templates = apps.get_model("devices", "FingerprintTemplate").objects.filter(replaced_at=None)
    for template in templates.order_by("pk").iterator():
        recorded = enrolments.filter(employee=template.employee_id, finger=template.finger).first()
        if recorded is not None:
            recorded.template_id = template.pk
            recorded.save(update_fields=["template"])


class Migration(migrations.Migration):
    dependencies = [("devices", "0002_machines_that_call")]

    operations = [
        migrations.RunPython(name_serials, migrations.RunPython.noop),
        migrations.RunPython(join_fingers, migrations.RunPython.noop),
    ]
