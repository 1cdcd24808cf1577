"""Machines out of order, what was done about them, and the lists that stood in for them (art. 13).

What nobody did stays empty: an outage of before the procedure has days and a reason, no more.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from devices.models import Alarm, Device, Violation
from organization.models import Agency, User
from organization.permissions import agencies_where
from processes.models import Attachment, Instance


def _person(label: str = "") -> "models.ForeignKey[User | None, User | None]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=label or None,
    )  # fmt: skip


class OutageQuerySet(models.QuerySet["Outage"]):
    def standing(self) -> "OutageQuerySet":
        """Those that were one: a report that proved wrong is kept, and bears on no day."""
        return self.filter(withdrawn_at=None)

    def touching(self, first: date, last: date | None) -> "OutageQuerySet":
        """Those with a day between these; no last one means from the first on."""
        until = Q() if last is None else Q(first_on__lte=last)
        return self.standing().filter(until, Q(last_on=None) | Q(last_on__gte=first))

    def visible_to(self, user: User, at: datetime) -> "OutageQuerySet":
        return self.filter(agency__in=agencies_where(user, "outages.view", at).values("pk"))


class Outage(models.Model):
    """Days on which an agency's machines, or one of them, did not work (art. 13).

    Presence stands on the signed list then; until the list is in, nobody is called absent.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="outages")
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="outages"
    )
    first_on = models.DateField("dari tanggal")
    last_on = models.DateField("sampai tanggal", null=True, blank=True)
    reason = models.CharField("sebab", max_length=300)
    # The signed list as it is typed: "<employee>:<day>" -> in, out, by. Punches when it is whole.
    rows = models.JSONField(default=dict, blank=True)
    recorded_by = _person()  # empty where the machine's own silence told
    recorded_at = models.DateTimeField()
    listed_by = _person()
    listed_at = models.DateTimeField(null=True)  # the manual list is entered, whole

    # Its procedure, and the silence that began it.
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, blank=True, related_name="outages"
    )
    alarm = models.OneToOneField(
        Alarm, on_delete=models.PROTECT, null=True, blank=True, related_name="outage"
    )
    # Reported by the operator (art. 7(4)c), forwarded for the head (art. 13(1)b and (2)).
    symptom = models.TextField("gejala", blank=True)
    photo = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    violation = models.ForeignKey(  # suspected damage (art. 14), noted for whom it concerns
        Violation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_by = _person("pelapor")
    reported_at = models.DateTimeField(null=True)
    forwarded_by = _person("pejabat kepegawaian")
    forwarded_as = models.CharField(max_length=150, blank=True)
    forwarded_at = models.DateTimeField(null=True)
    # Repaired by Diskominfo (art. 13(3)).
    diagnosis = models.TextField("diagnosa", blank=True)
    other_machine = models.BooleanField("mesin lain dipakai", default=False)
    diagnosed_by = _person()
    diagnosed_at = models.DateTimeField(null=True)
    repair = models.TextField("tindakan", blank=True)
    parts = models.CharField("suku cadang", max_length=300, blank=True)
    technician = models.CharField("teknisi", max_length=150, blank=True)
    repaired_by = _person()
    repaired_at = models.DateTimeField(null=True)
    # Tested and handed over before a witness.
    test_result = models.TextField("hasil uji", blank=True)
    witness = models.CharField("saksi", max_length=150, blank=True)
    tested_by = _person()
    tested_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)  # what was left in the machine was asked for
    fetched_note = models.CharField(max_length=300, blank=True)
    # It was none: the report is kept, its days are judged as any others.
    withdrawn_by = _person()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_note = models.CharField(max_length=300, blank=True)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-first_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")),
                name="outage_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"Gangguan {self.device or self.agency} {self.first_on}"

    def covers(self, day: date) -> bool:
        """Say whether this is a day of it; without an end it goes on."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)

    @property
    def is_running(self) -> bool:
        """Say whether its procedure is at work: then only its steps end and complete it."""
        return self.instance is not None and self.instance.status == Instance.Status.RUNNING


class OutageDelivery(models.Model):
    """The manual recap of one day as it was sent to BKD, in both forms, with copy to Diskominfo.

    Art. 13(4): softcopy and hardcopy. One that BKD gave back stays; the next is a row of its own.
    """

    class Status(models.TextChoices):
        SENT = "sent", "Dikirim"
        RETURNED = "returned", "Dikembalikan BKD"
        RECEIVED = "received", "Diterima BKD"
        REJECTED = "rejected", "Diminta ulang"
        CHECKED = "checked", "Dicocokkan"

    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="deliveries")
    day = models.DateField("tanggal")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    task_id = models.BigIntegerField(unique=True)  # of the sending: repeated, it is one row
    softcopy = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    softcopy_sha256 = models.CharField(max_length=64)
    hardcopy_number = models.CharField("nomor hardcopy", max_length=100)
    sent_by = _person()
    sent_at = models.DateTimeField()
    received_by = _person()
    received_at = models.DateTimeField(null=True)  # or given back
    receipt_number = models.CharField("nomor tanda terima", max_length=100, blank=True)
    copy_received_by = _person()  # at Diskominfo, who typed from it (art. 13(5))
    copy_received_at = models.DateTimeField(null=True)
    checked_by = _person()  # the second pair of eyes
    checked_at = models.DateTimeField(null=True)
    note = models.CharField("catatan", max_length=300, blank=True)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["outage", "day"],
                condition=~Q(status__in=["returned", "rejected"]),
                name="outage_delivered_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"Rekap manual {self.day} ({self.get_status_display()})"
