"""Forms of the letters; what they mean is checked by the services."""

from typing import Any

from django import forms

from attendance.letters.rules import LetterData, kind_choices
from attendance.models import AbsenceLetter
from foundation.forms import limit_choices
from organization.models import Employee

SCAN_HELP = "Pindaian surat: PDF, JPEG, atau PNG, paling besar 20 MB (Pasal 9 ayat 5)."
SAID = (
    "kind", "first_on", "last_on", "number", "issuer", "reason", "before_leaving", "from_time",
    "to_time",
)  # fmt: skip


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class LetterForm(forms.Form):
    """What a letter says; for officers also whose it is, and its scan."""

    employee = forms.ModelChoiceField(
        Employee.objects.none(), label="Pegawai", empty_label="Pilih pegawai"
    )
    kind = forms.ChoiceField(label="Jenis", choices=lambda: [("", "Pilih jenis"), *kind_choices()])
    first_on = forms.DateField(label="Dari tanggal", widget=DateInput)
    last_on = forms.DateField(label="Sampai tanggal", widget=DateInput)
    from_time = forms.TimeField(
        label="Dari jam",
        required=False,
        widget=TimeInput,
        help_text="Hanya untuk izin beberapa jam pada satu hari; kosongkan untuk sehari penuh.",
    )
    to_time = forms.TimeField(label="Sampai jam", required=False, widget=TimeInput)
    before_leaving = forms.BooleanField(
        label="Pulang sebelum jam kerja berakhir",
        required=False,
        help_text="Hanya izin atau sakit pada satu hari; pegawai tetap absen saat pulang.",
    )
    number = forms.CharField(label="Nomor surat", max_length=100, required=False)
    issuer = forms.CharField(label="Pejabat penerbit", max_length=150, required=False)
    reason = forms.CharField(label="Keterangan", max_length=300, required=False)
    scan = forms.FileField(label="Pindaian", required=False, help_text=SCAN_HELP)

    def __init__(self, *args: Any, people: Any, officer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "employee", people)
        if not officer:
            del self.fields["employee"]
            del self.fields["scan"]

    def letter_data(self) -> LetterData:
        return LetterData(**{name: self.cleaned_data[name] for name in SAID})


class ScanForm(forms.Form):
    scan = forms.FileField(label="Pindaian", help_text=SCAN_HELP)


class ShortenForm(forms.Form):
    """The last day of an absence that ended early, and why."""

    last_on = forms.DateField(label="Hari terakhir tidak di kantor", widget=DateInput)
    reason = forms.CharField(label="Alasan", max_length=300)


def letter_initial(letter: AbsenceLetter) -> dict[str, Any]:
    """Return what a correction starts from."""
    return {name: getattr(letter, name) for name in SAID} | {"employee": letter.employee_id}
