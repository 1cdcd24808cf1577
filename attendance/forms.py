"""Forms of the letters; what they mean is checked by the services."""

from typing import Any

from django import forms

from attendance.models import AbsenceLetter
from attendance.services import LetterData
from attendance.services.letters import kind_choices
from organization.models import Employee

SCAN_HELP = "Pindaian surat: PDF, JPEG, atau PNG, paling besar 20 MB (Pasal 9 ayat 5)."


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LetterForm(forms.Form):
    """What a letter says; for officers also whose it is, and its scan."""

    employee = forms.ModelChoiceField(
        Employee.objects.none(), label="Pegawai", empty_label="Pilih pegawai"
    )
    kind = forms.ChoiceField(label="Jenis", choices=lambda: [("", "Pilih jenis"), *kind_choices()])
    first_on = forms.DateField(label="Dari tanggal", widget=DateInput)
    last_on = forms.DateField(label="Sampai tanggal", widget=DateInput)
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
        self.fields["employee"].queryset = people  # type: ignore[attr-defined]
        if not officer:
            del self.fields["employee"]
            del self.fields["scan"]

    def letter_data(self) -> LetterData:
        said = self.cleaned_data
        names = ("kind", "first_on", "last_on", "number", "issuer", "reason", "before_leaving")
        return LetterData(**{name: said[name] for name in names})


class ScanForm(forms.Form):
    scan = forms.FileField(label="Pindaian", help_text=SCAN_HELP)


class OutsideApprovalForm(forms.Form):
    official = forms.CharField(
        label="Pejabat yang menyetujui",
        max_length=120,
        help_text="Jabatan di luar perangkat daerah, misalnya Sekretaris Daerah.",
    )


def letter_initial(letter: AbsenceLetter) -> dict[str, Any]:
    """Return what a correction starts from."""
    names = ("kind", "first_on", "last_on", "number", "issuer", "reason", "before_leaving")
    return {name: getattr(letter, name) for name in names} | {"employee": letter.employee_id}
