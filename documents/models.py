"""Issued documents, the counters of their numbers, sealed archives."""

from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from organization.models import Agency, User
from organization.permissions import agencies_where
from processes.models import Instance, Task, TaskCandidate


def visible_to(user: User | AnonymousUser, at: datetime) -> Q:
    """Return the condition: the person may see documents of the agency, or takes part."""
    named = TaskCandidate.objects.filter(user=user.pk or 0).values("task")
    taken_part = Task.objects.filter(Q(owner_id=user.pk) | Q(assignee_id=user.pk) | Q(pk__in=named))
    mine = Q(instance__in=taken_part.values("instance")) if user.is_authenticated else Q(pk=None)
    return Q(agency__in=agencies_where(user, "documents.view", at)) | mine


class LetterPattern(models.Model):
    """How an agency writes the numbers of a series; a series without a row uses the default.

    No rule on the form of these numbers was found for NTT: it is the agency's own setting.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="letter_patterns")
    series = models.CharField("seri", max_length=40)
    pattern = models.CharField("pola nomor", max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "series"], name="letter_pattern_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.series}: {self.pattern}"


class LetterNumber(models.Model):
    """The last number given in a series of an agency in a year. Whoever takes one locks the row."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="letter_numbers")
    year = models.PositiveSmallIntegerField("tahun")
    series = models.CharField("seri", max_length=40)
    last = models.PositiveIntegerField("nomor terakhir", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "series"], name="letter_number_once_per_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.series} {self.year}: {self.last}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User | AnonymousUser, at: datetime) -> "DocumentQuerySet":
        return self.filter(visible_to(user, at))

    def mentioning(self, word: str) -> "DocumentQuerySet":
        """Those whose title, number, file name or instance has the word in it."""
        return self.filter(
            Q(title__icontains=word)
            | Q(number__icontains=word)
            | Q(file_name__icontains=word)
            | Q(instance__title__icontains=word)
        )

    def without_context(self) -> "DocumentQuerySet":
        """For lists: the snapshot of the data may be large."""
        rows = self.select_related("agency", "instance")
        return rows.defer("context", "instance__state", "instance__form")


class Document(models.Model):
    """A Word file that was issued; never changed. A later one of the same kind is another row."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="documents")
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="documents")
    kind = models.CharField("jenis", max_length=60)
    item_key = models.CharField(max_length=120, blank=True)
    round = models.PositiveSmallIntegerField("putaran", default=1)
    title = models.CharField("judul", max_length=200)
    number = models.CharField("nomor", max_length=120, blank=True)
    file = models.FileField("berkas", max_length=200)
    file_name = models.CharField("nama berkas", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("ukuran")
    template_name = models.CharField("templat", max_length=200)
    template_sha256 = models.CharField(max_length=64)
    context = models.JSONField(default=dict)
    written_at = models.DateTimeField("ditulis")
    written_by = models.CharField("ditulis oleh", max_length=150)

    objects: ClassVar[DocumentQuerySet] = DocumentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "kind", "item_key", "round"], name="document_written_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "number"], condition=~Q(number=""), name="document_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("dokumen:document", args=[self.pk])


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

    objects: ClassVar[ArchiveQuerySet] = ArchiveQuerySet.as_manager()  # type: ignore[assignment]

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
