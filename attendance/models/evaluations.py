"""The periodic evaluation by BKD and Diskominfo (art. 13(6)): indicators, findings, follow-ups."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from attendance.models.frozen import FrozenQuerySet, refuse
from organization.models import Agency, User
from organization.permissions import agencies_where
from processes.models import Attachment, Instance


def _person() -> "models.ForeignKey[User | None, User | None]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, user: User, at: datetime) -> "EvaluationQuerySet":
        """Those of the offices in which the person evaluates; heads see their follow-up alone."""
        return self.filter(agency__in=agencies_where(user, "evaluation.make", at).values("pk"))


class Evaluation(models.Model):
    """A quarter as BKD and the managers of the application look at it, in the office of BKD."""

    class Outcome(models.TextChoices):
        OPEN = "", "Berjalan"
        CLOSED = "closed", "Ditutup"
        ESCALATED = "escalated", "Diteruskan kepada Sekretaris Daerah"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="evaluations")
    period = models.CharField("triwulan", max_length=7)  # "2026-Q1"
    first_on = models.DateField()
    last_on = models.DateField()
    attempt = models.PositiveSmallIntegerField(default=1)  # begun anew where a run was cancelled
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations"
    )
    begun_by = _person()  # empty where the clock began it
    begun_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_note = models.TextField("catatan", blank=True)
    closed_by = _person()
    closed_at = models.DateTimeField(null=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-first_on", "-attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "period", "attempt"], name="evaluation_once_per_attempt"
            )
        ]

    def __str__(self) -> str:
        return f"Evaluasi {self.period}"

    @property
    def is_cancelled(self) -> bool:
        return self.instance is not None and self.instance.status == Instance.Status.CANCELLED


class IndicatorsQuerySet(FrozenQuerySet["EvaluationIndicators"]):
    def frozen(self) -> Self:
        return self.all()


class EvaluationIndicators(models.Model):
    """The indicators of every agency as they were on one day; written once, never changed."""

    evaluation = models.OneToOneField(
        Evaluation, on_delete=models.PROTECT, related_name="indicators"
    )
    rows = models.JSONField()  # one record per agency, as `recaps.evaluation_indicators` makes them
    sha256 = models.CharField(max_length=64)
    compiled_at = models.DateTimeField()

    objects = IndicatorsQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"Indikator {self.evaluation.period}"

    def save(self, *args: Any, **options: Any) -> None:
        """Write them; RecapRefused a second time."""
        if not self._state.adding:
            refuse(self)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        refuse(self)


class Side(models.TextChoices):
    """Whose part of the review something is: BKD's, or that of the managers of the application."""

    DISCIPLINE = "discipline", "Disiplin"
    MACHINES = "machines", "Perangkat"


class EvaluationFinding(models.Model):
    """What one side found in one agency, what it recommends, and until when."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="findings")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    side = models.CharField("bagian", max_length=10, choices=Side.choices)
    text = models.TextField("temuan")
    recommendation = models.TextField("rekomendasi")
    due_on = models.DateField("batas waktu")
    written_by = _person()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["agency__name", "side"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "agency", "side"], name="finding_once_per_side"
            )
        ]

    def __str__(self) -> str:
        return f"Temuan {self.get_side_display().lower()} {self.agency}"


class FollowUp(models.Model):
    """That an agency is asked to act upon its findings, and what it answered.

    One that is asked for again stays as it was; the next round is a row of its own.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "Belum dijawab"
        ANSWERED = "answered", "Dijawab"
        AGAIN = "again", "Diminta lagi"
        ACCEPTED = "accepted", "Diterima"
        ESCALATED = "escalated", "Diteruskan kepada Sekretaris Daerah"

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="follow_ups")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField("putaran", default=1)
    reason = models.TextField("alasan diminta lagi", blank=True)
    due_on = models.DateField("batas waktu")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # the message that begins its procedure
    reminded_at = models.DateTimeField(null=True)
    answer = models.TextField("yang dilakukan", blank=True)
    evidence = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    answered_by = _person()
    answered_on = models.DateField(null=True)  # by the agency's own calendar
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["agency__name", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "agency", "round"], name="follow_up_once_per_round"
            ),
            models.CheckConstraint(
                condition=~Q(status="answered") | Q(answered_at__isnull=False),
                name="follow_up_answer_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(sent_at__gte=F("asked_at")),
                name="follow_up_sent_after_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"Tindak lanjut {self.agency} putaran {self.round}"

    def is_late(self, today: date) -> bool:
        """Say whether it was answered after its day, or has not been although that is over."""
        return (self.answered_on or today) > self.due_on
