"""Forms of the employee pages. What a file is, foundation.uploads decides, not the form."""

from django import forms
from django.http import QueryDict

from foundation.forms import limit_choices
from organization.models import Agency, Employee
from organization.services.moving import MoveData


class ReasonForm(forms.Form):
    """Why the office does something to an account."""

    reason = forms.CharField(label="Alasan", max_length=500)


class CodeForm(forms.Form):
    """A code of the telephone or, where one signs in, from paper."""

    code = forms.CharField(
        label="Kode",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(label="Berkas", allow_empty_file=True)


class TableForm(FileForm):
    file = forms.FileField(
        label="Berkas CSV atau Excel (.xlsx)",
        help_text="Baris pertama berisi judul kolom. Paling besar 10 MB.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class PhotoArchiveForm(FileForm):
    file = forms.FileField(
        label="Berkas ZIP berisi foto",
        help_text="Nama setiap foto adalah NIP, misalnya 198503122010011007.jpg. "
        "Paling besar 50 MB, paling banyak 500 foto.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label="Foto (JPEG atau PNG)", widget=forms.FileInput(attrs={"accept": "image/*"})
    )


class EmployeeChoice(forms.ModelChoiceField[Employee]):
    def label_from_instance(self, person: Employee) -> str:
        return f"{person.name} - {person.position}" if person.position else person.name


class SuperiorForm(forms.Form):
    superior = EmployeeChoice(
        label="Atasan langsung",
        queryset=Employee.objects.none(),
        required=False,
        empty_label="(tidak ada)",
    )

    def __init__(self, data: QueryDict | None = None, *, person: Employee) -> None:
        super().__init__(data, initial={"superior": person.superior_id})
        colleagues = Employee.objects.filter(agency=person.agency_id, left_on=None)
        limit_choices(self, "superior", colleagues.exclude(pk=person.pk))


class MoveForm(forms.Form):
    """A transfer. The other agency is named by its code: no page lists the agencies of others."""

    to_agency = forms.SlugField(
        label="Kode perangkat daerah tujuan", max_length=40, help_text="Misalnya dinkes."
    )
    moved_on = forms.DateField(
        label="Pindah sejak",
        help_text="Hari pertama bekerja di perangkat daerah tujuan.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    letter_number = forms.CharField(label="Nomor keputusan pemindahan", max_length=100)
    position = forms.CharField(label="Jabatan baru", max_length=150, required=False)
    sure = forms.BooleanField(
        label="Penugasannya dicabut dan tugas yang dipegangnya kembali ke antrean.",
        error_messages={"required": "Centang pernyataan pemindahannya."},
    )

    def clean_to_agency(self) -> Agency:
        found = Agency.objects.filter(code=self.cleaned_data["to_agency"]).first()
        if found is None:
            raise forms.ValidationError("Tidak ada perangkat daerah dengan kode itu.")
        return found

    def move_data(self) -> MoveData:
        values = {name: value for name, value in self.cleaned_data.items() if name != "sure"}
        return MoveData(**values)


class RetireForm(forms.Form):
    left_on = forms.DateField(
        label="Berhenti sejak",
        help_text="Hari pertama tidak bekerja lagi (mutasi, pensiun, wafat).",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sure = forms.BooleanField(label="Akun ditutup dan semua penugasannya dicabut.")
