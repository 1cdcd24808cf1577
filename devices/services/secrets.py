"""What is sealed in this room: comm keys and fingers, each bound to where it belongs."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.crypto import salted_hmac

from devices.models import Device, FingerprintTemplate
from foundation import crypto
from foundation.actors import Actor
from foundation.ledger import Entry


class Use(StrEnum):
    """What somebody's finger was used for; each use leaves an event by this name."""

    SENT = "fingerprint_sent"
    COMPARED = "fingerprint_compared"  # opened for it: equal digests are told without opening
    DELETED = "fingerprint_deleted"  # from a machine


@dataclass(frozen=True)
class Comparison:
    same: bool
    opened: bool  # the finger was opened for this: a use that leaves an event


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


def compare(template: FingerprintTemplate, data: bytes) -> Comparison:
    """Say whether this row holds these bytes, even if the digest's key was changed meanwhile."""
    if template.digest == template_digest(data):
        return Comparison(same=True, opened=False)
    if not template.sealed or template.size != len(data):
        return Comparison(same=False, opened=False)
    return Comparison(same=open_template(template) == data, opened=True)


def use_of(template: FingerprintTemplate, use: Use, *, device: Device, actor: Actor) -> Entry:
    """Return the event of a use; it names person, finger and machine, nothing of the finger."""
    return Entry(
        actor=actor,
        verb=use.value,
        subject=f"organization.employee:{template.employee_id}",
        after={"finger": template.finger, "device": device.serial},
    )


def _comm_key_place(serial: str) -> str:
    return f"devices.device:{serial}:comm_key"


def _template_place(template: FingerprintTemplate) -> str:
    row = f"{template.employee_id}/{template.finger}/{template.algorithm}"
    return f"devices.fingerprinttemplate:{row}:{template.source_id}"
