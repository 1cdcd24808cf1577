"""What a frozen recap hands to the SOPs that follow it: packages of files, and who received them.

The sheet of *Pengelolaan e-Absensi* names two: "SOP Penyusunan Laporan Disiplin Pegawai" beside
stage 7 and "SOP Kinerja Individu" beside stage 8.
"""

from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from attendance.exceptions import RecapRefused
from attendance.models.recaps import Recap
from documents.models import Document
from organization.models import Agency, User
from organization.permissions import agencies_where

VIEW = "handovers.view"
LONGEST_RECEIPT = 100  # letters of an agenda number


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, user: User, at: datetime) -> "HandoverQuerySet":
        """Those of the agencies where a role shows what was handed over."""
        return self.filter(agency__in=agencies_where(user, VIEW, at).values("pk"))


class Handover(models.Model):
    """What one version of a recap owes to a SOP that follows: given once, received once.

    An amendment (ralat) of the recap is another version, and so another row that `replaces` this.
    """

    class Kind(models.TextChoices):
        DISCIPLINE = "discipline", "Bahan laporan disiplin"
        PERFORMANCE = "performance", "Bahan kinerja individu"

    class Status(models.TextChoices):
        PREPARED = "prepared", "Disiapkan"
        HANDED = "handed", "Menunggu diterima"
        RETURNED = "returned", "Dikembalikan"
        RECEIVED = "received", "Diterima"
        REPLACED = "replaced", "Digantikan"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="handovers")
    recap = models.ForeignKey(Recap, on_delete=models.PROTECT, related_name="handovers")
    kind = models.CharField("jenis", max_length=12, choices=Kind.choices)
    status = models.CharField(
        "keadaan", max_length=10, choices=Status.choices, default=Status.PREPARED
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    receipt_number = models.CharField(
        "nomor agenda penerimaan", max_length=LONGEST_RECEIPT, blank=True
    )
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    received_at = models.DateTimeField(null=True)
    note = models.CharField("catatan", max_length=500, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-recap__month", "-recap__version", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["recap", "kind"], name="handover_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.recap.subject} {self.recap.title}"

    @property
    def successor(self) -> "Handover | None":
        """Return what a later version of the recap handed over in place of this."""
        # The reverse of a one-to-one relation raises where there is nothing.
        return getattr(self, "replaced_by", None)


class HandoverPackage(models.Model):
    """The files of one round: a sheet for programs and the letter that names it; never changed.

    A package that came back keeps the reason; the next round is another row.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="packages")
    round = models.PositiveSmallIntegerField("putaran", default=1)
    path = models.CharField(max_length=200)  # below the storage of files
    name = models.CharField("nama berkas", max_length=200)
    size = models.PositiveIntegerField("ukuran")  # bytes
    sha256 = models.CharField(max_length=64)
    figures = models.JSONField(default=dict)  # how many people, how many days: no names
    answer = models.CharField("tanggapan", max_length=500, blank=True)  # to why it came back
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="handover_packages"
    )
    made_at = models.DateTimeField("dibuat")
    handed_at = models.DateTimeField("diserahkan", null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    returned_at = models.DateTimeField("dikembalikan pada", null=True)
    reason = models.CharField("alasan dikembalikan", max_length=500, blank=True)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "round"], name="handover_package_round")
        ]

    def __str__(self) -> str:
        return self.name

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        """Refuse: what was handed over stays."""
        raise RecapRefused(f"{self} sudah dicatat dan tidak dapat dihapus.")
