"""Sealed archives, and how long documents are kept."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse

from documents.models.seeing import visible_to
from organization.models import Agency, User
from processes.models import Instance


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def visible_to(self, user: User | AnonymousUser, at: datetime) -> "ArchiveQuerySet":
        return self.filter(visible_to(user, at))


class Archive(models.Model):
    """The sealed copy of everything an instance brought forth, with the hash of each file."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="archives")
    instance = models.OneToOneField(Instance, on_delete=models.PROTECT, related_name="archive")
    number = models.CharField("nomor arsip", max_length=120)
    folder = models.CharField(max_length=200, unique=True)  # below SOPAN_DATA/archive
    manifest = models.JSONField()  # the content of manifest.json, names as they were that day
    manifest_sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField("disegel")
    sealed_by = models.CharField("disegel oleh", max_length=150)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        ordering = ["-sealed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="archive_number_once")
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("dokumen:archive", args=[self.pk])

    @property
    def files(self) -> list[dict[str, Any]]:
        """The archived files: path, title, sha256 and size of each."""
        rows: list[dict[str, Any]] = self.manifest["isi"]
        return rows

    @property
    def location(self) -> Path:
        return archive_root() / self.folder


def archive_root() -> Path:
    return Path(settings.DATA_DIR) / "archive"


class RetentionRule(models.Model):
    """How long documents of a kind are kept, and what comes then; nothing is set by itself.

    The agency's own schedule (jadwal retensi arsip) says it; `source` names that decree.
    """

    class Fate(models.TextChoices):
        KEEP = "permanen", "Permanen"
        DESTROY = "musnah", "Musnah"
        REVIEW = "dinilai", "Dinilai kembali"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="retention_rules")
    kind = models.CharField("jenis dokumen", max_length=60, blank=True)  # "": all others
    active_years = models.PositiveSmallIntegerField("aktif (tahun)")
    inactive_years = models.PositiveSmallIntegerField("inaktif (tahun)", default=0)
    fate = models.CharField("sesudahnya", max_length=10, choices=Fate.choices)
    source = models.CharField("dasar", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind"], name="retention_once_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'lainnya'}: {self.active_years} + {self.inactive_years} tahun"
