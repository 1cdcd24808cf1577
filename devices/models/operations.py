"""What was done at a machine's menu (OPLOG): the trail that an inspector reads."""

from django.db import models

from devices.models.machines import Device
from devices.models.uploads import RawUpload


class OperationRecord(models.Model):
    """One line of a machine's own log of its use; told again, it is the same row."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="operations")
    code = models.PositiveSmallIntegerField()
    operator = models.CharField(max_length=24, blank=True)  # PIN of whoever stood at the menu
    local_time = models.CharField(max_length=19)  # the machine's wall clock, as told
    at = models.DateTimeField()
    objects_text = models.CharField(max_length=80, blank=True)  # its four numbers, TAB separated
    upload = models.ForeignKey(RawUpload, on_delete=models.PROTECT, related_name="operations")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "local_time", "code", "operator", "objects_text"],
                name="operation_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.local_time}"
