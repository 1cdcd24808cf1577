"""The form of a letter that gives an official a role."""

from typing import Any

from django import forms
from django.http import QueryDict

from foundation.forms import limit_choices
from organization.calendars.calendar_forms import day_field
from organization.forms import EmployeeChoice
from organization.models import Appointment, Employee
from organization.permissions import local_date
from organization.services import official_roles
from organization.views.scope import Scope


class OfficialForm(forms.Form):
    """Whom, as what, by which letter, for which days; somebody of another office by his NIP."""

    role = forms.ChoiceField(label="Peran")
    employee = EmployeeChoice(
        label="Pegawai", queryset=Employee.objects.none(), required=False, empty_label="Pilih"
    )
    number = forms.CharField(
        label="atau NIP pegawai kantor lain",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    capacity = forms.ChoiceField(
        label="Sebagai",
        choices=Appointment.Capacity.choices,
        help_text="Plt. bila jabatan kosong, Plh. bila pejabatnya berhalangan sementara.",
    )
    letter_number = forms.CharField(label="Nomor surat", max_length=100)
    valid_from = day_field("Berlaku sejak")
    valid_until = day_field("Berlaku sampai", required=False, help_text="Wajib bagi Plt. dan Plh.")

    def __init__(self, data: QueryDict | None, *, here: Scope, roles: "list[str] | None" = None):
        today = local_date(here.agency, here.now)
        super().__init__(data, initial={"valid_from": today})
        people = Employee.objects.filter(agency=here.agency).active(today)
        limit_choices(self, "employee", people.order_by("name"))
        for name in ("employee", "number"):  # one of the two is enough, and one is needed
            setattr(self.fields[name], "one_of", True)  # noqa: B010  read by the template
        role: Any = self.fields["role"]
        role.choices = [(name, name) for name in roles or official_roles()]

    def clean(self) -> dict[str, Any]:
        """Put the person whom a NIP names in the place of the one who was chosen."""
        told: dict[str, Any] = super().clean() or {}
        number = "".join(sign for sign in told.get("number") or "" if sign.isdecimal())
        if number and told.get("employee"):
            self.add_error("number", "Pilih pegawai atau isi NIP, bukan keduanya.")
        elif number:
            told["employee"] = Employee.objects.filter(number=number).first()
            if told["employee"] is None:
                self.add_error("number", f"Tidak ada pegawai dengan NIP {number}.")
        elif not told.get("employee") and "employee" not in self.errors:
            self.add_error("employee", "Pilih pegawainya.")
        return told
