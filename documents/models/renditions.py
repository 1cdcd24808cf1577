"""What stands beside a Word file: its PDF, the signed PDF that becomes the record, packages."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from organization.models import Agency, User
from organization.permissions import agencies_where


class PdfCopy(models.Model):
    """The PDF that LibreOffice made of a document: convenience, not the record."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        DONE = "done", "Selesai"
        FAILED = "failed", "Gagal"

    document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, related_name="pdf"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    file = models.FileField("berkas", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField("ukuran", default=0)
    asked_at = models.DateTimeField("diminta")
    made_at = models.DateTimeField("dibuat", null=True)
    error = models.CharField("kendala", max_length=500, blank=True)
    # Who converts it now, and until when nobody else does; it is tried alone after the first try.
    lease_token = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField("percobaan", default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="pdf_waiting")]

    def __str__(self) -> str:
        return f"PDF {self.document}"


class SignedCopy(models.Model):
    """The PDF signed electronically and uploaded back: from then on the record of the document."""

    document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, related_name="signed"
    )
    file = models.FileField("berkas", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("ukuran")
    original_name = models.CharField("nama asal", max_length=200)
    # Whether its text holds the document's verification code; if not, the person vouched for it.
    has_code = models.BooleanField("memuat kode verifikasi", default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("diunggah")

    def __str__(self) -> str:
        return f"{self.document} (bertanda tangan)"


class PackageQuerySet(models.QuerySet["Package"]):
    def visible_to(self, user: User | AnonymousUser, at: datetime) -> "PackageQuerySet":
        return self.filter(Q(agency__in=agencies_where(user, "documents.view", at)))


class Package(models.Model):
    """All documents of an agency's period in one zip with an index; kept for some days."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        DONE = "done", "Selesai"
        FAILED = "failed", "Gagal"
        EXPIRED = "expired", "Dihapus"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="packages")
    subject = models.CharField("periode", max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField("sudah", default=0)
    total = models.PositiveIntegerField("jumlah", default=0)
    file = models.FileField("berkas", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField("ukuran", default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("diminta")
    made_at = models.DateTimeField("dibuat", null=True)
    expires_at = models.DateTimeField("disimpan sampai", null=True)
    error = models.CharField("kendala", max_length=500, blank=True)

    objects = PackageQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"Paket {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("dokumen:package", args=[self.pk])
