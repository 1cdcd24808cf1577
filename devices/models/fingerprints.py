"""Recorded fingers, sealed, and on which machines they are."""

from django.db import models
from django.db.models import Q

from devices.models.machines import Device
from devices.models.people import FINGER_CHOICES
from organization.models import Employee


class FingerprintTemplateQuerySet(models.QuerySet["FingerprintTemplate"]):
    def current(self) -> "FingerprintTemplateQuerySet":
        """What we hold, also what still waits for its supervisor; it stays where it was read."""
        return self.filter(replaced_at=None)

    def counting(self) -> "FingerprintTemplateQuerySet":
        """What a supervisor has confirmed (art. 8(3)): only these may go to other machines."""
        return self.current().filter(
            enrolment__supervised_at__isnull=False, enrolment__withdrawn_at=None
        )

    def dropped(self) -> "FingerprintTemplateQuerySet":
        """Recorded anew, refused, or of somebody who left: to be deleted wherever a copy is."""
        return self.exclude(replaced_at=None)


class FingerprintTemplate(models.Model):
    """A recorded finger, sealed and bound to the person and finger it belongs to.

    `digest` tells equal templates without opening them. A finger recorded anew gets a new row; the
    old one keeps when it was replaced and loses its bytes. Its `enrolment` says whether it counts.
    """

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="fingerprints")
    finger = models.PositiveSmallIntegerField(choices=FINGER_CHOICES)
    algorithm = models.PositiveSmallIntegerField()
    valid = models.PositiveSmallIntegerField(default=1)  # 3 is a duress finger
    sealed = models.BinaryField(default=bytes)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    source = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="fingerprints")
    fetched_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    objects = FingerprintTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "finger", "algorithm"],
                condition=Q(replaced_at=None),
                name="one_current_template_per_finger",
            )
        ]
        indexes = [models.Index(fields=["digest"], name="template_digest")]

    def __str__(self) -> str:
        return f"{self.employee}: {self.get_finger_display()}"

    def __repr__(self) -> str:
        return f"<FingerprintTemplate {self.pk}>"


class TemplateCopy(models.Model):
    """This template was read back, byte for byte the same, from this machine."""

    template = models.ForeignKey(
        FingerprintTemplate, on_delete=models.PROTECT, related_name="copies"
    )
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="template_copies")
    verified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "device"], name="template_copy_once")
        ]

    def __str__(self) -> str:
        return f"{self.template} @ {self.device}"
