"""What is filled in about outages, fingers and rules; what it means is checked by the services."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms

from attendance.evidence.correction_forms import people
from attendance.evidence.outage_lists import ListRow
from attendance.law.policy import Setting, in_words
from attendance.letters.forms import DateInput
from devices.models import Device
from foundation.forms import limit_choices
from organization.models import Agency, Employee

CAME, LEFT = "masuk", "pulang"
CLOCK = re.compile(r"([0-9]{1,2})(?:[.:]([0-9]{2})(?:[.:][0-9]{2})?)?")


class OutageForm(forms.Form):
    device = forms.ModelChoiceField(
        Device.objects.none(), label="Mesin", required=False, empty_label="Semua mesin"
    )
    first_on = forms.DateField(label="Dari tanggal", widget=DateInput)
    last_on = forms.DateField(
        label="Sampai tanggal",
        widget=DateInput,
        required=False,
        help_text="Kosongkan bila mesin masih terganggu.",
    )
    reason = forms.CharField(label="Sebab", max_length=300)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "device", Device.objects.filter(agency=agency).order_by("name"))


class EndForm(forms.Form):
    last_on = forms.DateField(label="Hari terakhir terganggu", widget=DateInput)


class FingerExceptionForm(forms.Form):
    employee = forms.ModelChoiceField(
        Employee.objects.none(), label="Pegawai", empty_label="Pilih pegawai"
    )
    reason = forms.CharField(label="Alasan sidik jari tidak terbaca", max_length=300)
    letter_number = forms.CharField(label="Nomor surat", max_length=100)
    valid_from = forms.DateField(label="Berlaku sejak", widget=DateInput)
    valid_until = forms.DateField(
        label="Berlaku sampai",
        widget=DateInput,
        required=False,
        help_text="Kosongkan bila suratnya tanpa batas waktu.",
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self, "employee", people(agency))


class PolicyForm(forms.Form):
    """A value by decree. `scope`: for this agency, or for all."""

    value = forms.CharField(label="Nilai", max_length=60)
    decree_number = forms.CharField(label="Nomor keputusan", max_length=150)
    valid_from = forms.DateField(label="Berlaku sejak", widget=DateInput)

    def __init__(self, *args: Any, setting: Setting, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if setting.choices:
            self.fields["value"] = forms.ChoiceField(
                label="Nilai", choices=[(choice, in_words(choice)) for choice in setting.choices]
            )
        else:
            limits = f"Bilangan bulat {setting.least} sampai {setting.most} {setting.unit}."
            self.fields["value"].help_text = limits
        self.fields["scope"] = forms.ChoiceField(
            label="Berlaku untuk",
            widget=forms.RadioSelect,
            choices=[("agency", str(agency)), ("all", "Semua perangkat daerah")],
        )
        self.order_fields(["value", "decree_number", "valid_from", "scope"])


@dataclass
class TypedRow:
    """A line of the list as it stands on the page: what was typed, and what is wrong with it."""

    employee: Employee
    came: str = ""
    left: str = ""
    error: str = ""

    def name_of(self, side: str) -> str:
        return f"{side}-{self.employee.pk}"

    @property
    def came_name(self) -> str:
        return self.name_of(CAME)

    @property
    def left_name(self) -> str:
        return self.name_of(LEFT)


def read_rows(
    posted: Mapping[str, str], staff: Iterable[Employee], day: date
) -> tuple[list[TypedRow], list[ListRow]]:
    """Return what was typed for these people: as text for the page, and as rows where it is time.

    Whose fields were not sent is left alone.
    """
    shown, rows = [], []
    for employee in staff:
        line = TypedRow(employee)
        if line.came_name not in posted and line.left_name not in posted:
            continue
        line.came = posted.get(line.came_name, "").strip()
        line.left = posted.get(line.left_name, "").strip()
        shown.append(line)
        try:
            row = ListRow(
                employee=employee, day=day, came=read_clock(line.came), left=read_clock(line.left)
            )
        except ValueError:
            line.error = "Tulis jam seperti 07.35."
        else:
            rows.append(row)
    return shown, rows


class ListFileForm(forms.Form):
    file = forms.FileField(
        label="Berkas daftar",
        help_text="CSV atau Excel dengan kolom nip, tanggal, masuk, dan pulang.",
    )


def read_clock(text: str) -> time | None:
    """Read "07.35", "7:35" or "7"; None for nothing, ValueError for what is no time of day."""
    if not text:
        return None
    found = CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2] or 0))
