"""Machines, the numbers of people on them, their fingers (sealed), and raw punches."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from organization.models import Agency, Employee, User

MAX_PIN = 999_999_999  # nine digits: what most machines hold (~PIN2Width=9)
ZONES = [
    ("Asia/Jakarta", "WIB (UTC+7)"),
    ("Asia/Makassar", "WITA (UTC+8)"),
    ("Asia/Jayapura", "WIT (UTC+9)"),
]
FINGERS = (
    "kelingking kiri", "jari manis kiri", "jari tengah kiri", "telunjuk kiri", "ibu jari kiri",
    "ibu jari kanan", "telunjuk kanan", "jari tengah kanan", "jari manis kanan",
    "kelingking kanan",
)  # fmt: skip

FINGER_CHOICES = list(enumerate(FINGERS))


class DeviceQuerySet(models.QuerySet["Device"]):
    def in_use(self) -> "DeviceQuerySet":
        return self.filter(state=Device.State.ACTIVE)

    def pulled(self) -> "DeviceQuerySet":
        """Machines that this system calls (4370); the others call it."""
        return self.filter(protocol=Device.Protocol.PULL)


class Device(models.Model):
    """A fingerprint machine, told apart by its serial number."""

    class Protocol(models.TextChoices):
        PULL = "pull", "Ditarik lewat jaringan (port 4370)"
        PUSH = "push", "Mesin mengirim sendiri (ADMS)"

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
            RegexValidator(
                r"\A[A-Za-z0-9_-]+\Z", "Nomor seri hanya berisi huruf, angka, - dan _ tanpa spasi."
            )
        ],
    )
    name = models.CharField("nama mesin", max_length=80)
    place = models.CharField("tempat", max_length=150, blank=True)
    protocol = models.CharField("cara data sampai", max_length=4, choices=Protocol.choices)
    host = models.GenericIPAddressField("alamat IP", null=True, blank=True)
    port = models.PositiveIntegerField(
        "port", default=4370, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    comm_key_sealed = models.BinaryField(default=bytes, editable=False)
    time_zone = models.CharField(
        "zona waktu", max_length=40, default="Asia/Makassar", choices=ZONES
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

    # What the machine said of itself when it was last reached.
    last_contact_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    check_error = models.CharField(max_length=300, blank=True)
    clock_offset = models.IntegerField(null=True)  # seconds that its clock is ahead
    algorithm = models.PositiveSmallIntegerField(null=True)
    firmware = models.CharField(max_length=80, blank=True)
    user_count = models.PositiveIntegerField(null=True)
    finger_count = models.PositiveIntegerField(null=True)
    punch_count = models.PositiveIntegerField(null=True)

    # One session per machine: who holds it, until when.
    session_token = models.CharField(max_length=32, blank=True)
    session_until = models.DateTimeField(null=True)

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


class DevicePinQuerySet(models.QuerySet["DevicePin"]):
    def valid_on(self, on: date) -> "DevicePinQuerySet":
        open_end = Q(valid_until=None) | Q(valid_until__gte=on)
        return self.filter(open_end, valid_from__lte=on)


class DevicePin(models.Model):
    """The number of an employee on the machines. Never the NIP, never given to anybody else."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="device_pins")
    number = models.PositiveIntegerField(
        "PIN", unique=True, validators=[MinValueValidator(1), MaxValueValidator(MAX_PIN)]
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = DevicePinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee"], condition=Q(valid_until=None), name="one_open_pin_per_employee"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MAX_PIN), name="pin_fits_nine_digits"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def covers(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class DeviceUser(models.Model):
    """A PIN that we put on a machine. A PIN found there that we did not put is a stranger's."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="users")
    pin = models.ForeignKey(DevicePin, on_delete=models.PROTECT, related_name="device_users")
    name = models.CharField(max_length=150)  # as it was sent; the machine keeps less of it
    pushed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "pin"], name="device_user_once")]

    def __str__(self) -> str:
        return f"{self.pin} @ {self.device}"


class Enrolment(models.Model):
    """What is known about an employee's fingers: recorded, excepted, or promised for a day."""

    class Status(models.TextChoices):
        RECORDED = "recorded", "Terekam"
        EXCEPTION = "exception", "Pengecualian"
        LATER = "later", "Menyusul"

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=10, choices=Status.choices)
    finger = models.PositiveSmallIntegerField(null=True, blank=True, choices=FINGER_CHOICES)
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    due_on = models.DateField("menyusul pada", null=True, blank=True)
    reason = models.CharField("alasan", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="recorded_enrolments"
    )
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "finger"],
                condition=Q(status="recorded", withdrawn_at=None),
                name="finger_recorded_once",
            ),
            models.UniqueConstraint(
                fields=["employee"],
                condition=~Q(status="recorded") & Q(withdrawn_at=None),
                name="one_reason_per_employee",
            ),
            models.CheckConstraint(
                condition=(Q(status="recorded", finger__range=(0, 9)))
                | (Q(status="exception") & ~Q(reason=""))
                | (Q(status="later", due_on__isnull=False) & ~Q(reason="")),
                name="enrolment_says_what_it_must",
            ),
        ]
        indexes = [models.Index(fields=["employee", "status"], name="enrolment_of_employee")]

    def __str__(self) -> str:
        return f"{self.employee}: {self.get_status_display()}"


class FingerprintTemplate(models.Model):
    """A recorded finger, sealed and bound to the person and finger it belongs to.

    `digest` tells equal templates without opening them. A finger recorded anew gets a new row; the
    old one keeps when it was replaced and loses its bytes.
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


class RawUpload(models.Model):
    """A piece of attendance log as it came, whole; punches can be derived from it again."""

    class Channel(models.TextChoices):
        FILE = "file", "berkas"
        PULL = "pull", "tarik (4370)"
        PUSH = "push", "kiriman mesin"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="uploads")
    channel = models.CharField(max_length=4, choices=Channel.choices)
    name = models.CharField("nama berkas", max_length=200, blank=True)
    layout = models.CharField(max_length=4)
    content = models.BinaryField()  # zlib
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="raw_uploads"
    )
    total = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    quarantined = models.PositiveIntegerField()

    class Meta:
        ordering = ["-received_at", "-id"]

    def __str__(self) -> str:
        return f"{self.device} {self.received_at:%Y-%m-%d %H:%M}"


class PunchQuerySet(models.QuerySet["Punch"]):
    def counted(self) -> "PunchQuerySet":
        """Punches whose time can be believed."""
        return self.filter(quarantine="")

    def between(self, start: datetime, end: datetime) -> "PunchQuerySet":
        return self.filter(at__gte=start, at__lt=end)


class Punch(models.Model):
    """One scan as a machine told it; never edited.

    `local_time` is the machine's wall clock to the second as text ("2026-04-01 07:20:31"): with
    machine and PIN it is the punch's identity, because no channel tells anything finer. The first
    telling wins; others that differ are kept as evidence. `employee` is derived from the PIN and
    may be found later, when the PIN is given to somebody.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="punches")
    pin = models.CharField(max_length=24)
    local_time = models.CharField(max_length=19)
    at = models.DateTimeField()
    time_zone = models.CharField(max_length=40)
    state = models.SmallIntegerField(null=True)
    verify = models.SmallIntegerField(null=True)
    work_code = models.CharField(max_length=24, blank=True)
    channel = models.CharField(max_length=4, choices=RawUpload.Channel.choices)
    upload = models.ForeignKey(RawUpload, on_delete=models.PROTECT, related_name="punches")
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, related_name="punches"
    )
    quarantine = models.CharField(max_length=80, blank=True)

    objects = PunchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "pin", "local_time"], name="punch_once_per_second"
            )
        ]
        indexes = [
            models.Index(fields=["employee", "at"], name="punch_of_employee"),
            models.Index(fields=["at"], name="punch_at"),
        ]

    def __str__(self) -> str:
        return f"{self.pin} {self.local_time}"


class PunchEvidence(models.Model):
    """The same punch, told again with other values; kept beside the first telling."""

    punch = models.ForeignKey(Punch, on_delete=models.PROTECT, related_name="evidence")
    upload = models.ForeignKey(RawUpload, on_delete=models.PROTECT, related_name="evidence")
    state = models.SmallIntegerField(null=True)
    verify = models.SmallIntegerField(null=True)
    work_code = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["punch", "state", "verify", "work_code"],
                name="evidence_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.punch}: {self.state}/{self.verify}"


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
