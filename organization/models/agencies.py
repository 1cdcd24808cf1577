"""Agencies (perangkat daerah) and their units."""

from django.db import models

from foundation.models import LedgerStream


class Agency(LedgerStream):
    """Perangkat Daerah (PD). Its letterhead (kop) stands on every document it issues."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField("nama", max_length=200)
    government = models.CharField("pemerintah", max_length=200, blank=True)
    address = models.CharField("alamat", max_length=300, blank=True)
    city = models.CharField("tempat surat", max_length=80, blank=True)
    letter_code = models.CharField("kode surat", max_length=40, blank=True)
    time_zone = models.CharField("zona waktu", max_length=40, default="Asia/Makassar")
    # Of a UPT that keeps its own attendance: the PD it stands under. Nobody's rights follow it.
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="branches",
        verbose_name="induk",
    )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """Bidang, bagian or UPT inside an agency."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    name = models.CharField("nama", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="unit_once_per_agency")
        ]

    def __str__(self) -> str:
        return self.name
