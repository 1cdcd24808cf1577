"""Forms of the employee pages. What a file is, foundation.uploads decides, not the form."""

from django import forms
from django.http import QueryDict

from foundation.forms import limit_choices
from organization.models import Employee


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


class RetireForm(forms.Form):
    left_on = forms.DateField(
        label="Berhenti sejak",
        help_text="Hari pertama tidak bekerja lagi (mutasi, pensiun, wafat).",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sure = forms.BooleanField(label="Akun ditutup dan semua penugasannya dicabut.")
