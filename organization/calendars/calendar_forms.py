"""Forms of the calendar's pages. What cannot be meant, the services say."""

from typing import Any

from django import forms
from django.http import QueryDict

from foundation.forms import limit_choices
from foundation.indonesian import DAYS
from organization.calendars.pattern_data import HoursData, Kind, PatternData, Whom
from organization.calendars.work_hours import STANDARD_WEEK, DayHours
from organization.forms import EmployeeChoice
from organization.models import (
    Agency,
    Employee,
    PublicHoliday,
    Substitution,
    Unit,
    WorkHours,
    WorkPattern,
)

SHIFT_ROWS = 6


def day_field(label: str, **values: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **values)


def clock_field(label: str) -> forms.TimeField:
    # Plain text: the browser's own field shows AM and PM wherever its language is English.
    attrs = {"size": 5, "inputmode": "decimal", "placeholder": "--.--", "autocomplete": "off"}
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H.%M", "%H:%M"],
        widget=forms.TimeInput(attrs=attrs, format="%H.%M"),
        error_messages={"invalid": "Tulis jam seperti 07.30."},
    )


class HoursForm(forms.Form):
    """Hours of one weekday, or of one shift."""

    shift = forms.CharField(label="Kode", required=False, max_length=20)
    starts = clock_field("Masuk")
    ends = clock_field("Pulang")
    break_starts = clock_field("Istirahat dari")
    break_ends = clock_field("Istirahat sampai")

    def __init__(
        self, data: QueryDict | None, *, prefix: str, weekday: int | None, initial: Any = None
    ) -> None:
        super().__init__(data, prefix=prefix, initial=initial)
        self.weekday = weekday
        if weekday is not None:
            del self.fields["shift"]
        self.label = f"Giliran {prefix.split('-')[1]}" if weekday is None else DAYS[weekday]
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{self.label}: {field.label}"
            if name == "shift":
                field.widget.attrs |= {"size": 4, "autocapitalize": "characters"}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        code = values.get("shift", "").strip()
        half = bool(values.get("starts")) != bool(values.get("ends"))
        if half and not self.errors:
            self.add_error(None, f"{self.label}: isi jam masuk dan pulang, atau kosongkan.")
        elif self.weekday is None and bool(code) != bool(values.get("starts")) and not self.errors:
            self.add_error(None, f"{self.label}: isi kode beserta jamnya, atau kosongkan.")
        return values

    def hours(self) -> HoursData | None:
        """Return what was filled in; None for an empty row."""
        told = self.cleaned_data
        if not told.get("starts"):
            return None
        return HoursData(
            weekday=self.weekday,
            shift=told.get("shift", "").strip().upper(),
            starts=told["starts"],
            ends=told["ends"],
            break_starts=told["break_starts"],
            break_ends=told["break_ends"],
        )


class PatternForm(forms.Form):
    """A decree on hours; `agency` None: for everybody."""

    name = forms.CharField(label="Nama pola", max_length=150)
    kind = forms.ChoiceField(label="Jenis", choices=Kind.choices)
    decree_number = forms.CharField(
        label="Nomor keputusan", max_length=150, help_text="Seperti tertulis pada keputusannya."
    )
    decree_date = day_field("Tanggal keputusan", required=False)
    valid_from = day_field("Berlaku sejak")
    valid_until = day_field("Berlaku sampai", required=False)
    works_holidays = forms.BooleanField(
        label="Bekerja juga pada hari libur dan cuti bersama", required=False
    )
    whole = forms.BooleanField(required=False)
    units = forms.ModelMultipleChoiceField(
        label="Bidang",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    employees = forms.ModelMultipleChoiceField(
        label="Pegawai",
        queryset=Employee.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Beberapa pegawai: tahan Ctrl sambil memilih.",
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        agency: Agency | None,
        pattern: WorkPattern | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(pattern))
        self.agency = agency
        if agency is None:
            del self.fields["whole"], self.fields["units"], self.fields["employees"]
        else:
            self.fields["whole"].label = f"Seluruh {agency}"
            limit_choices(self, "units", agency.units.order_by("name"))
            limit_choices(self, "employees", agency.employees.filter(left_on=None))
        self.week, self.shifts = _hours_forms(data, pattern)

    def is_valid(self) -> bool:
        told = [row.is_valid() for row in (*self.week, *self.shifts)]
        return super().is_valid() and all(told)

    def as_data(self) -> PatternData:
        """Return the decree; of the two tables the one that fits the kind counts."""
        told = self.cleaned_data
        rows = self.shifts if told["kind"] == Kind.SHIFT else self.week
        return PatternData(
            **{name: told[name] for name in ("name", "kind", "decree_number", "decree_date")},
            valid_from=told["valid_from"],
            valid_until=told["valid_until"],
            works_holidays=told["works_holidays"],
            hours=[hours for row in rows if (hours := row.hours()) is not None],
            scopes=self._scopes(),
        )

    def _scopes(self) -> list[Whom]:
        if self.agency is None:
            return [Whom()]
        told = self.cleaned_data
        scopes = [Whom(agency=self.agency.pk)] if told["whole"] else []
        scopes += [Whom(unit=unit.pk) for unit in told["units"]]
        return scopes + [Whom(employee=person.pk) for person in told["employees"]]


def _initial(pattern: WorkPattern | None) -> dict[str, Any]:
    if pattern is None:
        return {}
    scopes = list(pattern.scopes.all())
    return {
        **{
            name: getattr(pattern, name)
            for name in (
                "name", "kind", "decree_number", "decree_date", "valid_from", "valid_until",
                "works_holidays",
            )
        },
        "whole": any(scope.agency_id for scope in scopes),
        "units": [scope.unit_id for scope in scopes if scope.unit_id],
        "employees": [scope.employee_id for scope in scopes if scope.employee_id],
    }  # fmt: skip


def _hours_forms(
    data: QueryDict | None, pattern: WorkPattern | None
) -> tuple[list[HoursForm], list[HoursForm]]:
    rows = list(pattern.hours.all()) if pattern else []
    by_day = {row.weekday: _clocks(row) for row in rows if row.weekday is not None}
    shifts = [_clocks(row) for row in rows if row.weekday is None]
    if pattern is None:
        by_day = {day: _standard(hours) for day, hours in enumerate(STANDARD_WEEK)}
    week = [
        HoursForm(data, prefix=f"hari-{day}", weekday=day, initial=by_day.get(day))
        for day in range(7)
    ]
    count = max(SHIFT_ROWS, len(shifts) + 2)
    shifts += [{}] * (count - len(shifts))
    return week, [
        HoursForm(data, prefix=f"giliran-{number}", weekday=None, initial=initial)
        for number, initial in enumerate(shifts, 1)
    ]


def _clocks(row: WorkHours) -> dict[str, Any]:
    names = ("shift", "starts", "ends", "break_starts", "break_ends")
    return {name: getattr(row, name) for name in names}


def _standard(hours: object) -> dict[str, Any]:
    if not isinstance(hours, DayHours):
        return {}
    (starts, pause), (resume, ends) = hours.intervals
    clocks = {"starts": starts, "ends": ends, "break_starts": pause, "break_ends": resume}
    return {name: f"{value // 60:02d}.{value % 60:02d}" for name, value in clocks.items()}


class EndForm(forms.Form):
    last_on = day_field("Berlaku sampai dan termasuk")


class HolidayForm(forms.Form):
    on = day_field("Tanggal")
    kind = forms.ChoiceField(label="Menjadi", choices=PublicHoliday.Kind.choices)
    name = forms.CharField(label="Nama", max_length=150)
    source = forms.CharField(
        label="Dasar",
        max_length=200,
        help_text="Nomor keputusan atau surat edaran.",
    )


class SubstitutionForm(forms.Form):
    principal = EmployeeChoice(
        label="Pejabat yang digantikan",
        queryset=Employee.objects.none(),
        help_text="Pegawai yang mempunyai bawahan.",
    )
    substitute = EmployeeChoice(label="Pengganti", queryset=Employee.objects.none())
    capacity = forms.ChoiceField(
        label="Sebagai",
        choices=Substitution.Capacity.choices,
        help_text="Plt. bila jabatannya kosong, Plh. bila pejabatnya berhalangan sementara.",
    )
    letter_number = forms.CharField(label="Nomor surat", max_length=100)
    valid_from = day_field("Berlaku sejak")
    valid_until = day_field(
        "Berlaku sampai", required=False, help_text="Wajib untuk Plh.; kosong: sampai dicabut."
    )

    def __init__(self, data: QueryDict | None = None, *, agency: Agency) -> None:
        super().__init__(data)
        staff = Employee.objects.filter(agency=agency)
        # A post may be empty because its holder left: he is still the one who is stood in for.
        limit_choices(self, "principal", staff.filter(staff__isnull=False).distinct())
        limit_choices(self, "substitute", staff.filter(left_on=None))
