"""Days without work and the hours of work: who works when, by which decree."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organization.models.agencies import Agency, Unit
from organization.models.people import Employee


class PublicHoliday(models.Model):
    """A day that is not like its weekday: holiday, collective leave (cuti bersama), or neither.

    `source` tells where the row comes from. A day that people corrected is never seeded again; one
    that is no holiday after all stays as `WORKDAY`.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "Hari libur"
        COLLECTIVE_LEAVE = "collective_leave", "Cuti bersama"
        WORKDAY = "workday", "Hari kerja (pembetulan)"

    on = models.DateField("tanggal")
    name = models.CharField("nama", max_length=150)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.HOLIDAY)
    # Empty: for every agency of the installation.
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="holidays"
    )
    source = models.CharField("sumber", max_length=200, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["on"], condition=Q(agency=None), name="holiday_once_for_all"
            ),
            models.UniqueConstraint(fields=["on", "agency"], name="holiday_once_per_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class WorkPattern(models.Model):
    """Hours of work by decree, for a time. Whom it is for stands in its scopes.

    The nearest scope wins (person, unit, agency, everybody); at the same distance a season
    (Ramadan) goes before what holds all year.
    """

    class Kind(models.TextChoices):
        WEEKLY = "weekly", "Mingguan"
        SEASON = "season", "Berjangka (mis. Ramadan)"
        SHIFT = "shift", "Bergiliran dengan jadwal"
        PART_TIME = "part_time", "Paruh waktu"

    name = models.CharField("nama", max_length=150)
    kind = models.CharField("jenis", max_length=10, choices=Kind.choices)
    decree_number = models.CharField("nomor keputusan", max_length=150)
    decree_date = models.DateField("tanggal keputusan", null=True, blank=True)
    valid_from = models.DateField("berlaku sejak")
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    works_holidays = models.BooleanField("bekerja pada hari libur", default=False)
    # Who wrote the pattern down; it belongs to this agency's officers. Empty: to the province.
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="work_patterns"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decree_number=""), name="work_pattern_has_a_decree"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="work_pattern_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.decree_number})"


class WorkHours(models.Model):
    """Hours of one weekday of a pattern, or of one of its shifts.

    `ends` at or before `starts` is on the next day. A break belongs to neither half of the work.
    """

    pattern = models.ForeignKey(WorkPattern, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField("hari", null=True, blank=True)  # 0 is Monday
    shift = models.CharField("kode giliran", max_length=20, blank=True)
    starts = models.TimeField("masuk")
    ends = models.TimeField("pulang")
    break_starts = models.TimeField("istirahat dari", null=True, blank=True)
    break_ends = models.TimeField("istirahat sampai", null=True, blank=True)

    class Meta:
        ordering = ["pattern", "weekday", "shift"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=False, weekday__lte=6, shift="")
                | Q(weekday=None) & ~Q(shift=""),
                name="work_hours_of_a_weekday_or_a_shift",
            ),
            models.UniqueConstraint(
                fields=["pattern", "weekday"],
                condition=Q(weekday__isnull=False),
                name="work_hours_once_per_weekday",
            ),
            models.UniqueConstraint(
                fields=["pattern", "shift"],
                condition=~Q(shift=""),
                name="work_hours_once_per_shift",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift or self.weekday}: {self.starts:%H.%M}-{self.ends:%H.%M}"


class PatternScope(models.Model):
    """Whom a pattern is for: a person, a unit, an agency, or (all empty) everybody."""

    pattern = models.ForeignKey(WorkPattern, on_delete=models.CASCADE, related_name="scopes")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="pattern_scopes"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit=None, employee=None)
                | Q(agency=None, employee=None)
                | Q(agency=None, unit=None),
                name="pattern_scope_is_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.employee or self.unit or self.agency or "Semua perangkat daerah")


class RosterDay(models.Model):
    """The shift of a person on a day; without hours it is a day off (lepas)."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="roster")
    on = models.DateField("tanggal")
    hours = models.ForeignKey(WorkHours, on_delete=models.PROTECT, null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "employee"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "on"], name="roster_once_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.on}: {self.hours.shift if self.hours else 'lepas'}"
