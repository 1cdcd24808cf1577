"""The text of a command, made when it is sent: with the names, fingers and times of then."""

from dataclasses import dataclass, field
from datetime import datetime

from devices.adms import commands as adms
from devices.models import Device, DeviceCommand, DevicePin, FingerprintTemplate
from devices.services.secrets import Use, open_template, use_of
from foundation.actors import SYSTEM
from foundation.cells import clean
from foundation.ledger import Entry

Kind = DeviceCommand.Kind
DEFAULT_ALGORITHM = 10  # of a machine that has not said which


class CannotCompose(ValueError):
    """What the command is about is gone or does not fit; the message is a sentence."""


@dataclass(frozen=True)
class Composed:
    """A command as the machine reads it, and the event that its use of a finger leaves."""

    text: str = field(repr=False)
    entry: Entry | None = None


def compose(command: DeviceCommand, *, now: datetime) -> Composed:
    """Return the text of a command at `now`; CannotCompose when it makes no sense any more."""
    pin, _, finger = command.target.partition("/")
    try:
        if command.kind == Kind.PUT_FINGER:
            return _put_finger(command.device, pin, int(finger))
        return Composed(_plain_text(command, pin, finger, now))
    except ValueError as error:
        raise CannotCompose(str(error)) from error
    except KeyError as error:
        raise CannotCompose("Isi perintah tidak lengkap; tidak dikirim.") from error


def _plain_text(command: DeviceCommand, pin: str, finger: str, now: datetime) -> str:
    """Return the text of a command that carries no finger."""
    device, arguments = command.device, command.arguments
    dialect, algorithm = device.dialect, device.algorithm or DEFAULT_ALGORITHM
    match command.kind:
        case Kind.PUT_USER:
            name = clean(_current_pin(device, pin).employee.name)
            return adms.put_user(pin, name, dialect=dialect)
        case Kind.DELETE_USER:
            return adms.delete_user(pin, dialect=dialect)
        case Kind.DELETE_FINGER:
            return adms.delete_finger(pin, int(finger), algorithm=algorithm, dialect=dialect)
        case Kind.QUERY_USERS:
            return adms.query_users(pin, dialect=dialect)
        case Kind.QUERY_FINGERS:
            return adms.query_fingers(pin, algorithm=algorithm, dialect=dialect)
        case Kind.QUERY_PUNCHES:
            start, end = (datetime.fromisoformat(arguments[name]) for name in ("start", "end"))
            return adms.query_punches(start, end, dialect=dialect)
        case Kind.ENROL_FINGER:
            return adms.enrol_finger(pin, int(finger), dialect=dialect)
        case Kind.SET_OPTION:
            return adms.set_option(arguments["name"], arguments["value"], dialect=dialect)
        case Kind.SET_TIME:
            return _set_time(device, now)
        case Kind.CHECK:
            return adms.check(dialect=dialect)
        case Kind.SEND_NEW:
            return adms.send_new(dialect=dialect)
        case Kind.INFO:
            return adms.info(dialect=dialect)
        case Kind.REBOOT:
            return adms.reboot(dialect=dialect)
    raise CannotCompose("Perintah ini tidak dikenal.")


def _set_time(device: Device, now: datetime) -> str:
    """Return what sets the clock.

    A 2.x terminal takes it from the Date and TimeZone of a fresh handshake; a time written as an
    option is acknowledged by more of them than understand it.
    """
    if device.dialect == Device.Dialect.ATTENDANCE:
        return adms.check(dialect=device.dialect)
    local = now.astimezone(device.zone).replace(tzinfo=None)
    return adms.set_time(local, dialect=device.dialect)


def _put_finger(device: Device, pin: str, finger: int) -> Composed:
    template = (
        FingerprintTemplate.objects.counting()
        .filter(
            employee=_current_pin(device, pin).employee_id,
            finger=finger,
            algorithm=device.algorithm or 0,
        )
        .first()
    )
    if template is None or not template.sealed:
        raise CannotCompose("Sidik jari ini sudah diganti atau dihapus; tidak dikirim.")
    data, valid, algorithm = open_template(template), template.valid, template.algorithm
    if algorithm >= adms.BIODATA_FROM:
        text = adms.put_biodata(
            pin, finger, data, valid=valid, algorithm=algorithm, dialect=device.dialect
        )
    else:
        text = adms.put_finger(pin, finger, valid, data, dialect=device.dialect)
    return Composed(text, use_of(template, Use.SENT, device=device, actor=SYSTEM))


def _current_pin(device: Device, pin: str) -> DevicePin:
    rows = DevicePin.objects.filter(
        number=int(pin), valid_until=None, employee__agency=device.agency_id
    )
    found = rows.select_related("employee").first()
    if found is None:
        raise CannotCompose(f"PIN {pin} sudah ditutup atau pindah; tidak dikirim.")
    return found
