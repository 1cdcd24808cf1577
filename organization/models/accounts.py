"""Accounts and appointments, the one source of permission; who stands in for whom."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from organization.mandates.acting import Withheld, limits
from organization.models.agencies import Agency
from organization.models.people import Employee

SESSION_SALT = "organization.User.session_epoch"


class User(AbstractUser):
    """A personal account. `must_change_password` is set until the person chose an own one."""

    employee = models.OneToOneField(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="user"
    )
    must_change_password = models.BooleanField(default=False)
    # How often all sessions of the account were ended. The database has a default too: servers of
    # the release before do not know this column.
    session_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    def get_full_name(self) -> str:
        return self.employee.name if self.employee else super().get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind sessions to the password, as Django does, and to the epoch; nobody asks twice.

        Before the first ending it is Django's own, so that an upgrade signs nobody out.
        """
        if not self.session_epoch:
            return super()._get_session_auth_hash(secret)  # type: ignore[misc, no-any-return]
        bound = f"{self.password}|{self.session_epoch}"
        return salted_hmac(SESSION_SALT, bound, secret=secret, algorithm="sha256").hexdigest()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def valid_on(self, on: date) -> "AppointmentQuerySet":
        """Those whose dates include this day of the agency's calendar."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)

    def valid_at(self, at: datetime) -> "AppointmentQuerySet":
        """Those not revoked at this moment whose dates may include it in some time zone.

        The day itself depends on the agency's zone: ask `covers` of each row, or `valid_on`.
        """
        return self.valid_within(at, at.date() - timedelta(days=1), at.date() + timedelta(days=1))

    def valid_within(self, at: Any, earliest: Any, latest: Any) -> "AppointmentQuerySet":
        """Those not revoked at this moment that hold on a day from `earliest` to `latest`.

        The three may be values or expressions.
        """
        return self.filter(
            Q(revoked_at=None) | Q(revoked_at__gt=at),
            Q(valid_until=None) | Q(valid_until__gte=earliest),
            valid_from__lte=latest,
        )


class Appointment(models.Model):
    """A role in an agency, given by letter, for a time: the one source of permission."""

    class Capacity(models.TextChoices):
        DEFINITIVE = "definitive", "Definitif"
        ACTING = "plt", "Plt."
        DAILY_ACTING = "plh", "Plh."

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField("peran", max_length=80)
    capacity = models.CharField(
        max_length=10, choices=Capacity.choices, default=Capacity.DEFINITIVE
    )
    letter_number = models.CharField("nomor surat", max_length=100, blank=True)
    valid_from = models.DateField("berlaku sejak")
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    qualifications = models.JSONField(default=list, blank=True)
    integrity_pact_signed_at = models.DateTimeField(null=True, blank=True)
    integrity_pact_attachment = models.PositiveBigIntegerField(null=True, blank=True)  # the scan
    appointed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="appointed"
    )
    letter_attachment = models.PositiveBigIntegerField(null=True, blank=True)  # id of the scan
    # What made this row ("processes.instance:12#step/visit"); the same cause never makes it twice.
    source = models.CharField(max_length=200, blank=True)
    need = models.ForeignKey(
        "organization.OfficerNeed", on_delete=models.PROTECT, null=True, blank=True,
        related_name="appointments",
    )  # fmt: skip
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "role", "agency"], name="appointment_mandate")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "user", "role", "agency"],
                condition=~Q(source=""),
                name="appointment_once_per_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.agency}"

    @property
    def title(self) -> str:
        """The role as it is shown: an acting officer is always called one."""
        if self.capacity == self.Capacity.DEFINITIVE:
            return self.role
        return f"{self.get_capacity_display()} {self.role}"

    @property
    def limits(self) -> list[Withheld]:
        """What an acting officer is kept from; nothing for who holds the role himself."""
        return limits(self.role, self.capacity)

    def covers(self, on: date) -> bool:
        """Say whether the dates of the letter include this day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def valid_on(self, on: date) -> "SubstitutionQuerySet":
        """Those whose letters cover this day and were not revoked."""
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on, revoked_at=None
        )


class Substitution(models.Model):
    """Somebody stands in for an official by letter: Plh. while he is away, Plt. while none is.

    Who stands in decides what the official would decide about his staff.
    """

    class Capacity(models.TextChoices):
        ACTING = "plt", "Plt."
        DAILY_ACTING = "plh", "Plh."

    principal = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="substitutions", verbose_name="pejabat"
    )
    substitute = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="stands_in", verbose_name="pengganti"
    )
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    letter_number = models.CharField("nomor surat", max_length=100)
    valid_from = models.DateField("berlaku sejak")
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(principal=F("substitute")), name="substitute_is_another"
            ),
            models.CheckConstraint(
                condition=~Q(letter_number=""), name="substitution_has_a_letter"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="substitution_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What the substitute acts as: "Plh. Kepala Bidang Informatika"."""
        return f"{self.get_capacity_display()} {self.principal.position}".strip()
