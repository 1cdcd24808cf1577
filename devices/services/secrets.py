"""What is sealed in this room: comm keys and fingers, each bound to where it belongs."""

from django.utils.crypto import salted_hmac

from devices.models import Device, FingerprintTemplate
from foundation import crypto


def seal_comm_key(serial: str, comm_key: int) -> bytes:
    return crypto.encrypt(str(comm_key).encode(), bound_to=_comm_key_place(serial))


def open_comm_key(device: Device) -> int:
    if not device.comm_key_sealed:
        return 0
    plain = crypto.decrypt(device.comm_key_sealed, bound_to=_comm_key_place(device.serial))
    return int(plain)


def seal_template(template: FingerprintTemplate, data: bytes) -> None:
    """Put the bytes into the row, closed; they open only there."""
    template.sealed = crypto.encrypt(data, bound_to=_template_place(template))
    template.size = len(data)
    template.digest = template_digest(data)


def open_template(template: FingerprintTemplate) -> bytes:
    """Return the bytes of a finger; raise crypto.DecryptionFailed for those of another row."""
    return crypto.decrypt(template.sealed, bound_to=_template_place(template))


def template_digest(data: bytes) -> str:
    """Return a keyed digest: equal fingers can be told without opening them, and not guessed."""
    return salted_hmac("devices.fingerprint", data, algorithm="sha256").hexdigest()


def holds(template: FingerprintTemplate, data: bytes) -> bool:
    """Say whether this row holds these bytes, even if the digest's key was changed meanwhile."""
    if template.digest == template_digest(data):
        return True
    return bool(template.sealed) and template.size == len(data) and open_template(template) == data


def _comm_key_place(serial: str) -> str:
    return f"devices.device:{serial}:comm_key"


def _template_place(template: FingerprintTemplate) -> str:
    row = f"{template.employee_id}/{template.finger}/{template.algorithm}"
    return f"devices.fingerprinttemplate:{row}:{template.source_id}"
