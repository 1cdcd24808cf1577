"""The machines themselves."""

from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from organization.models import Agency, User

ZONES = [
    ("Asia/Jakarta", "WIB (UTC+7)"),
    ("Asia/Makassar", "WITA (UTC+8)"),
    ("Asia/Jayapura", "WIT (UTC+9)"),
]
# 1-64 characters: a serial stands in addresses, headers and file names.
SERIAL = r"\A[A-Za-z0-9_-]{1,64}\Z"


class DeviceQuerySet(models.QuerySet["Device"]):
    def in_use(self) -> "DeviceQuerySet":
        return self.filter(state=Device.State.ACTIVE)

    def pulled(self) -> "DeviceQuerySet":
        """Machines that this system calls (4370)."""
        return self.filter(protocol=Device.Protocol.PULL)

    def pushing(self) -> "DeviceQuerySet":
        """Machines that call this system (ADMS)."""
        return self.filter(protocol=Device.Protocol.PUSH)


class Device(models.Model):
    """A fingerprint machine, told apart by its serial number."""

    class Protocol(models.TextChoices):
        PULL = "pull", "Ditarik lewat jaringan (port 4370)"
        PUSH = "push", "Mesin mengirim sendiri (ADMS)"

    class Dialect(models.TextChoices):
        ATTENDANCE = "att", "Absensi (T&A PUSH 2.x)"
        ACCESS = "acc", "Akses pintu (A&C PUSH 3.x)"

    class State(models.TextChoices):
        REGISTERED = "registered", "Terdaftar - belum disetujui"
        APPROVED = "approved", "Disetujui - belum aktif"
        ACTIVE = "active", "Aktif"
        SUSPENDED = "suspended", "Dinonaktifkan sementara"
        RETIRED = "retired", "Tidak dipakai lagi"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="devices")
    serial = models.CharField(
        "nomor seri",
        max_length=64,
        unique=True,
        error_messages={"unique": "Nomor seri ini sudah terdaftar; buka mesinnya di daftar mesin."},
        validators=[
            RegexValidator(SERIAL, "Nomor seri hanya berisi huruf, angka, - dan _ tanpa spasi.")
        ],
    )
    name = models.CharField("nama mesin", max_length=80)
    place = models.CharField("tempat", max_length=150, blank=True)
    protocol = models.CharField("cara data sampai", max_length=4, choices=Protocol.choices)
    host = models.GenericIPAddressField("alamat IP", null=True, blank=True)
    port = models.PositiveIntegerField(
        "port", default=4370, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    over_udp = models.BooleanField("lewat UDP", default=False)
    comm_key_sealed = models.BinaryField(default=bytes, editable=False)
    time_zone = models.CharField(
        "zona waktu", max_length=40, default="Asia/Makassar", choices=ZONES
    )
    # A machine announces itself only when it starts: what it speaks must be kept.
    dialect = models.CharField(
        "ragam protokol", max_length=3, choices=Dialect.choices, default=Dialect.ATTENDANCE
    )

    has_battery = models.BooleanField("baterai cadangan", default=False)
    has_scanner = models.BooleanField("pemindai dokumen (scanner)", default=False)
    has_computer = models.BooleanField("komputer", default=False)
    has_internet = models.BooleanField("jaringan internet", default=False)
    equipment_notes = models.CharField("catatan perlengkapan", max_length=200, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.REGISTERED)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="registered_devices"
    )

    # What the machine said of itself when it was last reached, or last called.
    last_contact_at = models.DateTimeField(null=True)
    last_address = models.GenericIPAddressField(null=True)  # from where it called
    announced_at = models.DateTimeField(null=True)  # its last handshake
    push_version = models.CharField(max_length=12, blank=True)
    checked_at = models.DateTimeField(null=True)
    check_error = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True)  # when all its users were last listed
    clock_offset = models.IntegerField(null=True)  # seconds that its clock is ahead
    algorithm = models.PositiveSmallIntegerField(null=True)
    firmware = models.CharField(max_length=80, blank=True)
    user_count = models.PositiveIntegerField(null=True)
    finger_count = models.PositiveIntegerField(null=True)
    punch_count = models.PositiveIntegerField(null=True)
    user_capacity = models.PositiveIntegerField(null=True)
    finger_capacity = models.PositiveIntegerField(null=True)
    punch_capacity = models.PositiveIntegerField(null=True)
    options = models.JSONField(default=dict)  # what else it announced; nothing secret

    # One session per machine: who holds it, until when.
    session_token = models.CharField(max_length=32, blank=True)
    session_until = models.DateTimeField(null=True)
    # When its log is fetched next, and how often that failed in a row.
    pull_at = models.DateTimeField(null=True)
    pull_failures = models.PositiveSmallIntegerField(default=0)
    # How many of its punches, from the first, are kept for sure: only what follows can be new.
    pulled_count = models.PositiveIntegerField(default=0)
    pulled_sha256 = models.CharField(max_length=64, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(protocol="push") | Q(host__isnull=False), name="pulled_device_has_host"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"devices.device:{self.pk}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_pulled(self) -> bool:
        return self.protocol == self.Protocol.PULL
