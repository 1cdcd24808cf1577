"""What an agency fills in to ask for a correction; what it means is checked by the services."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet

from attendance.evidence.correction_rules import CorrectionData, Kind
from attendance.letters.forms import DateInput, TimeInput
from attendance.letters.texts import letter_title
from attendance.models import AbsenceLetter
from devices.models import Device, Punch
from foundation.forms import limit_choices
from organization.models import Agency, Employee

EVIDENCE_HELP = "Bukti: PDF, JPEG, atau PNG, paling besar 20 MB."
LISTED_LETTERS = 300  # of the newest approved ones


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class CorrectionForm(forms.Form):
    """What every kind asks: why, and the proof of it."""

    kind: Kind
    own: tuple[str, ...]  # the fields of the kind, above those that every kind has
    # Where a sentence of the service stands, when the form asks for the same thing otherwise.
    places: dict[str, str] = {}

    reason = forms.CharField(
        label="Alasan", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence = forms.FileField(label="Bukti", help_text=EVIDENCE_HELP)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.order_fields([*self.own, "reason", "evidence"])
        self.set_choices()

    def set_choices(self) -> None:
        """Limit what can be chosen to the agency's own."""

    def data_of_kind(self) -> dict[str, Any]:
        """Return what the fields of the kind say, as the services name it."""
        return {name: self.cleaned_data[name] for name in self.own}

    def correction_data(self) -> CorrectionData:
        """Return what was asked, moments aware."""
        return CorrectionData(
            kind=self.kind, reason=self.cleaned_data["reason"], **self.data_of_kind()
        )

    def tell(self, errors: dict[str, str]) -> None:
        """Put the service's sentences beside the fields they are about."""
        for name, text in errors.items():
            field = self.places.get(name, name)
            self.add_error(field if field in self.fields else None, text)


class AddPunchForm(CorrectionForm):
    kind = Kind.ADD_PUNCH
    own = ("employee", "day", "clock")
    places = {"at": "clock"}

    employee = forms.ModelChoiceField(
        Employee.objects.none(), label="Pegawai", empty_label="Pilih pegawai"
    )
    day = forms.DateField(label="Tanggal", widget=DateInput)
    clock = forms.TimeField(label="Jam absen yang tidak terekam", widget=TimeInput)

    def set_choices(self) -> None:
        limit_choices(self, "employee", people(self.agency))

    def data_of_kind(self) -> dict[str, Any]:
        said = self.cleaned_data
        local = datetime.combine(said["day"], said["clock"])
        zone = ZoneInfo(self.agency.time_zone)
        return {"employee": said["employee"], "at": local.replace(tzinfo=zone)}


class PunchChoice(forms.ModelChoiceField[Punch]):
    """One of the punches of a day, told by its time and where it comes from."""

    def label_from_instance(self, punch: Punch) -> str:
        source = punch.device.name if punch.device else punch.get_channel_display()
        return f"{punch.local_time[11:16].replace(':', '.')} - {source}"


class IgnorePunchForm(CorrectionForm):
    kind = Kind.IGNORE_PUNCH
    own = ("punch",)

    punch = PunchChoice(
        Punch.objects.none(), label="Absen yang tidak dipakai", widget=forms.RadioSelect,
        empty_label=None,
    )  # fmt: skip

    def __init__(self, *args: Any, punches: QuerySet[Punch], **kwargs: Any) -> None:
        self.punches = punches
        super().__init__(*args, **kwargs)

    def set_choices(self) -> None:
        limit_choices(self, "punch", self.punches)


class DayOfPersonForm(forms.Form):
    """Whose punches of which day are to be looked at."""

    pegawai = forms.ModelChoiceField(
        Employee.objects.none(), label="Pegawai", empty_label="Pilih pegawai"
    )
    tanggal = forms.DateField(label="Tanggal", widget=DateInput)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "pegawai", people(agency))


class ShiftClockForm(CorrectionForm):
    kind = Kind.SHIFT_CLOCK
    own = ("device", "wrong_from", "wrong_until", "minutes")

    device = forms.ModelChoiceField(Device.objects.none(), label="Mesin", empty_label="Pilih mesin")
    wrong_from = forms.DateTimeField(
        label="Salah sejak", widget=MomentInput, help_text="Menurut jam mesin itu sendiri."
    )
    wrong_until = forms.DateTimeField(
        label="Sampai sebelum", widget=MomentInput, help_text="Menurut jam mesin itu sendiri."
    )
    minutes = forms.IntegerField(
        label="Menit yang ditambahkan",
        help_text="60 bila mesin terlambat satu jam; -60 bila mendahului satu jam.",
    )

    def set_choices(self) -> None:
        limit_choices(self, "device", Device.objects.filter(agency=self.agency).order_by("name"))

    def data_of_kind(self) -> dict[str, Any]:
        said = super().data_of_kind()
        zone = ZoneInfo(said["device"].time_zone)
        # What was typed is the machine's wall clock, whatever zone the site shows.
        clocks = {name: said[name].replace(tzinfo=zone) for name in ("wrong_from", "wrong_until")}
        return said | clocks


class LetterChoice(forms.ModelChoiceField[AbsenceLetter]):
    def label_from_instance(self, letter: AbsenceLetter) -> str:
        return letter_title(letter)


class RevokeLetterForm(CorrectionForm):
    kind = Kind.REVOKE_LETTER
    own = ("letter",)

    letter = LetterChoice(
        AbsenceLetter.objects.none(), label="Surat yang disetujui", empty_label="Pilih surat"
    )

    def set_choices(self) -> None:
        newest = (
            AbsenceLetter.objects.filter(
                employee__agency=self.agency, status=AbsenceLetter.Status.APPROVED
            )
            .order_by("-first_on", "-pk")
            .values("pk")[:LISTED_LETTERS]
        )
        letters = AbsenceLetter.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))
        limit_choices(self, "letter", letters.select_related("employee"))


FORMS: dict[Kind, type[CorrectionForm]] = {
    form.kind: form for form in (AddPunchForm, IgnorePunchForm, ShiftClockForm, RevokeLetterForm)
}


def people(agency: Agency) -> QuerySet[Employee]:
    return Employee.objects.filter(agency=agency).order_by("name", "pk")


def punches_of_day(employee: Employee | None, day: date | None) -> QuerySet[Punch]:
    """Return the believed punches of a person on a calendar day of his agency."""
    if employee is None or day is None:
        return Punch.objects.none()
    rows = Punch.objects.counted().filter(employee=employee, local_time__startswith=f"{day}")
    return rows.select_related("device").order_by("at")
