"""Serial numbers that called and are not registered: kept apart until somebody approves them."""

from django.db import models

from devices.models.machines import Device


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

    class Meta:
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return self.serial
