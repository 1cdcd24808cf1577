"""What the commands of this room share."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from devices.models import Device
from foundation.actors import Actor

# Whoever types a command has the machine on which it runs; the ledger says that much.
OPERATOR = Actor(user_id=None, name="Sistem (baris perintah)")


def device_by_serial(serial: str) -> Device:
    device = Device.objects.select_related("agency").filter(serial=serial).first()
    if device is None:
        known = ", ".join(Device.objects.values_list("serial", flat=True)[:10]) or "belum ada"
        raise CommandError(f"Mesin '{serial}' tidak terdaftar; yang ada: {known}.")
    return device


def one_line(error: ValidationError) -> str:
    """Return the messages of a refused form as one line."""
    return " ".join(
        f"{field}: {' '.join(map(str, texts))}" for field, texts in error.message_dict.items()
    )
