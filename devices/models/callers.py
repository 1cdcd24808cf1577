"""Serial numbers that called and are not registered: kept apart until somebody approves them."""

from django.db import models

from devices.models.machines import Device
from organization.models import User


class CallerQuerySet(models.QuerySet["Caller"]):
    def waiting(self) -> "CallerQuerySet":
        """Those about whom nobody has decided: neither registered nor ignored."""
        registered = Device.objects.filter(serial=models.OuterRef("serial"))
        return self.filter(~models.Exists(registered), ignored_at=None)


class Caller(models.Model):
    """A terminal that calls us and that nobody registered.

    Its uploads stand in `RawUpload` without a device, by serial; registering and approving a
    machine of this serial adopts them.
    """

    serial = models.CharField(max_length=64, unique=True)
    dialect = models.CharField(
        max_length=3, choices=Device.Dialect.choices, default=Device.Dialect.ATTENDANCE
    )
    announced = models.JSONField(default=dict)  # push version, device type, language
    address = models.GenericIPAddressField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # Somebody decided that it is no machine of ours; what it sent is kept all the same.
    ignored_at = models.DateTimeField(null=True)
    ignored_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="ignored_callers"
    )
    reason = models.CharField(max_length=200, blank=True)

    objects = CallerQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return self.serial
