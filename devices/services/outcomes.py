"""What follows from a machine's answer: what is known of it now, and what a refusal means."""

from datetime import datetime, timedelta

from devices.adms.codes import return_text
from devices.adms.results import CommandResult
from devices.models import Device, DeviceCommand, DevicePin
from devices.services.placements import forget_fingers, forget_users, note_placed
from devices.services.receiving import note_options
from foundation.actors import SYSTEM
from foundation.ledger import Entry

Kind = DeviceCommand.Kind
QUERIES = (Kind.QUERY_USERS, Kind.QUERY_FINGERS, Kind.QUERY_PUNCHES)
NOTHING_THERE = (-4, -10)
NO_SUCH_USER = -10
WRONG_DIALECT = (-1002, -1004)
# Answers that may be another one in a while: told again after this.
PASSING = {-1003: timedelta(minutes=1), -1005: timedelta(seconds=30)}
SHOWN_FIGURES = 20


def found_nothing(kind: str, code: int) -> bool:
    """Say whether a query was answered, with nothing; that is an answer."""
    return kind in QUERIES and code in NOTHING_THERE


def lacks_user(kind: str, code: int) -> bool:
    """Say whether a finger was refused because the machine does not know its person."""
    return kind in (Kind.PUT_FINGER, Kind.ENROL_FINGER) and code == NO_SUCH_USER


def figures(result: CommandResult) -> dict[str, int]:
    """Return the plain numbers that came with an answer, as AttlogSum."""
    numbers = {
        key[:40]: int(value)
        for key, value in result.values.items()
        if value.isascii() and value.isdigit() and len(value) < 12
    }
    return dict(list(numbers.items())[:SHOWN_FIGURES])


def reason(command: DeviceCommand, code: int) -> str:
    """Return why a machine refused, as a sentence that says what to do where that is known."""
    if code in WRONG_DIALECT:
        dialect = Device.Dialect(command.device.dialect).label
        return (
            f"Mesin tidak mengenal bentuk perintah ini (kode {code}); tercatat sebagai {dialect}. "
            "Samakan ragam protokol di halaman mesin dengan menu mesin."
        )
    text = return_text(command.kind, code)
    return f"{text[0].upper()}{text[1:]} (kode {code})."


def to_read_back(command: DeviceCommand) -> list[tuple[str, str]]:
    """Return the query by which a change of fingers is proved, as kind and target.

    An acknowledgement says that a command was processed, not that it had an effect.
    """
    if command.kind in (Kind.PUT_FINGER, Kind.DELETE_FINGER):
        return [(Kind.QUERY_FINGERS, command.target.partition("/")[0])]
    return []


def apply(command: DeviceCommand, result: CommandResult, *, now: datetime) -> list[Entry]:
    """Keep what a confirmed command has changed; return the events of it."""
    device, (pin, _, finger) = command.device, command.target.partition("/")
    match command.kind:
        case Kind.PUT_USER:
            row = DevicePin.objects.select_related("employee").filter(number=int(pin)).first()
            if row:
                note_placed(device=device, pins=[row], now=now)
        case Kind.DELETE_USER:
            return forget_users(device=device, pins=[pin], actor=SYSTEM)
        case Kind.DELETE_FINGER:
            return forget_fingers(device=device, fingers=[(pin, int(finger))], actor=SYSTEM)
        case Kind.INFO:
            note_options(device=device, options=dict(result.values), now=now)
        case Kind.QUERY_USERS if not pin:
            # Whoever it did not show since it was asked is not there.
            Device.objects.filter(pk=device.pk).update(read_at=command.sent_at)
    return []
