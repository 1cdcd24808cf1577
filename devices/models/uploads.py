"""What machines told, as it came: the record that everything else is derived from."""

from django.db import models
from django.db.models import Q

from devices.models.machines import Device
from organization.models import User


class RawUpload(models.Model):
    """A piece of attendance log as it came, whole; punches can be derived from it again.

    The database checks neither machine nor person: both are rows that nothing deletes, and Django
    refuses to (PROTECT). Asking for them again at each body would cost as much as its punch.
    """

    class Channel(models.TextChoices):
        FILE = "file", "berkas"
        PULL = "pull", "tarik (4370)"
        PUSH = "push", "kiriman mesin"

    class Coding(models.TextChoices):
        PLAIN = "plain", "apa adanya"
        ZLIB = "zlib", "dimampatkan"
        SEALED = "sealed", "tersandi"  # holds fingers; zlib inside

    class Outcome(models.TextChoices):
        READ = "read", "Terbaca"
        WAITING = "waiting", "Menunggu persetujuan mesin"
        UNREADABLE = "unreadable", "Tidak terbaca"

    # Empty while nobody has registered and approved the serial that called.
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, related_name="uploads",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    serial = models.CharField(max_length=64)
    channel = models.CharField(max_length=4, choices=Channel.choices)
    table = models.CharField(max_length=16, default="ATTLOG")  # as the machine named it
    name = models.CharField("nama berkas", max_length=200, blank=True)
    layout = models.CharField(max_length=4, blank=True)
    coding = models.CharField(max_length=6, choices=Coding.choices, default=Coding.ZLIB)
    content = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes as they came
    sha256 = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)  # who sent it
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="raw_uploads",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.READ)
    reason = models.CharField(max_length=200, blank=True)
    total = models.PositiveIntegerField()  # lines that are not empty
    accepted = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    quarantined = models.PositiveIntegerField()

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["device", "-id"], name="upload_of_device"),
            models.Index(fields=["serial"], name="upload_waiting", condition=Q(outcome="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.serial} {self.received_at:%Y-%m-%d %H:%M}"


class RejectedLine(models.Model):
    """A line of a log that says no punch, as it came, with the reason."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="rejected_lines")
    upload = models.ForeignKey(RawUpload, on_delete=models.PROTECT, related_name="rejected_lines")
    number = models.PositiveIntegerField("baris")
    raw = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)  # of the whole line
    reason = models.CharField(max_length=120)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["device", "sha256"], name="rejected_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"
