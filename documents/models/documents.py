"""Documents that were issued."""

import calendar
import secrets
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from documents.models.orders import DocumentOrder
from documents.models.seeing import visible_to
from organization.models import Agency, User
from organization.permissions import local_date
from processes.models import Instance, Task

# Crockford's alphabet: nothing in it is taken for another sign when it is read from paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12  # 60 bits
# What a list does not read: each may be a megabyte.
LARGE = ("context", "instance__state", "instance__form", "replaced_by__context")


def new_code() -> str:
    """Return a code for the verification page that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def spaced(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User | AnonymousUser, at: datetime) -> "DocumentQuerySet":
        """Those of whoever sees the agency's, of who takes part, and what one has asked for."""
        asked = Q(order__asked_by=user.pk) if user.is_authenticated else Q(pk=None)
        return self.filter(visible_to(user, at) | asked)

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
        return self.select_related("agency", "instance", "replaced_by").defer(*LARGE)

    def kinds(self) -> list[tuple[str, str]]:
        """Return the kinds there are among these, each with the title it has now."""
        rows = self.order_by().values("kind").annotate(named=models.Max("title"))
        return sorted(((row["kind"], row["named"]) for row in rows), key=lambda row: row[1])

    def standing(self, state: str) -> "DocumentQuerySet":
        """Those that hold, that a later one replaced, or that were withdrawn; else all."""
        if state == Document.State.WITHDRAWN:
            return self.exclude(withdrawn_at=None)
        if state not in Document.State:
            return self
        return self.filter(withdrawn_at=None, replaced_by__isnull=state == Document.State.STANDING)

    def of_month(self, month: date) -> "DocumentQuerySet":
        """Those that cover a day of the month, or were written in it where they cover none."""
        last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        covered = Q(period_first__lte=last, period_last__gte=month)
        written = Q(written_at__year=month.year, written_at__month=month.month)
        return self.filter(covered | Q(period_first=None) & written)


class Document(models.Model):
    """A Word file that was issued; never changed. A later one of the same kind is another row."""

    class State(models.TextChoices):
        STANDING = "berlaku", "Berlaku"
        REPLACED = "digantikan", "Digantikan"
        WITHDRAWN = "dicabut", "Dicabut"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="documents")
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="documents")
    order = models.ForeignKey(
        DocumentOrder, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    kind = models.CharField("jenis", max_length=60)
    # What it is about, as the request said: "2026-04", "2026-04-17"; and the days it covers.
    subject = models.CharField("tentang", max_length=120, blank=True)
    period_first = models.DateField("dari", null=True)
    period_last = models.DateField("sampai", null=True)
    item_key = models.CharField(max_length=120, blank=True)
    round = models.PositiveSmallIntegerField("putaran", default=1)
    title = models.CharField("judul", max_length=200)
    number = models.CharField("nomor", max_length=120, blank=True)
    file = models.FileField("berkas", max_length=200)
    file_name = models.CharField("nama berkas", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("ukuran")
    code = models.CharField("kode verifikasi", max_length=16, unique=True, default=new_code)
    signed_as = models.CharField("penanda tangan", max_length=300, blank=True)  # post and name
    template_name = models.CharField("templat", max_length=200)
    template_version = models.PositiveIntegerField("versi templat", default=0)  # 0: the standard
    template_sha256 = models.CharField(max_length=64)
    context = models.JSONField(default=dict)
    data_sha256 = models.CharField(max_length=64, blank=True)
    # A ralat names what it replaces, so does what a later round wrote; replaced is one only once.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    amendment = models.PositiveSmallIntegerField("ralat ke", default=0)
    withdrawn_at = models.DateTimeField("dicabut", null=True)
    withdrawn_by = models.CharField("dicabut oleh", max_length=150, blank=True)
    withdrawn_reason = models.CharField("alasan dicabut", max_length=500, blank=True)
    written_at = models.DateTimeField("ditulis")
    written_by = models.CharField("ditulis oleh", max_length=150)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "kind", "item_key", "round", "amendment"],
                name="document_written_once",
            ),
            models.UniqueConstraint(
                fields=["order", "item_key"],
                condition=Q(instance=None, order__isnull=False),
                name="document_once_per_order_item",
            ),
            models.UniqueConstraint(
                fields=["agency", "number"], condition=~Q(number=""), name="document_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "kind", "period_first"], name="document_of_period")
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("dokumen:document", args=[self.pk])

    @property
    def successor(self) -> "Document | None":
        """Return the document that replaces this one."""
        # The reverse of a one-to-one relation raises where there is nothing.
        return getattr(self, "replaced_by", None)

    @property
    def state(self) -> "Document.State":
        if self.withdrawn_at is not None:
            return Document.State.WITHDRAWN
        return Document.State.REPLACED if self.successor else Document.State.STANDING

    @property
    def written_on(self) -> date:
        """Return the day it was issued, as the agency's calendar says it."""
        return local_date(self.agency, self.written_at)

    @property
    def withdrawn_on(self) -> date | None:
        return local_date(self.agency, self.withdrawn_at) if self.withdrawn_at else None

    @property
    def spaced_code(self) -> str:
        """Return the code in groups of four, as it is printed and read aloud."""
        return spaced(self.code)
