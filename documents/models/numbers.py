"""How an agency writes the numbers of its letters, and the last one given."""

from django.db import models

from organization.models import Agency


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


class Letterhead(models.Model):
    """What an agency's kop says beyond its name and address; without a row there is no logo."""

    class Paper(models.TextChoices):
        A4 = "A4", "A4 (210 x 297 mm)"
        F4 = "F4", "F4 (215 x 330 mm)"

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="letterhead")
    contact = models.CharField("telepon, surel, laman", max_length=200, blank=True)
    paper = models.CharField("kertas", max_length=2, choices=Paper.choices, default=Paper.A4)
    logo = models.FileField("logo", max_length=200, blank=True)  # PNG, looked through at upload
    logo_sha256 = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"Kop {self.agency}"
