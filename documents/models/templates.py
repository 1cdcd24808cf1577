"""Word templates of an office: its own versions of the standard ones, and which of them holds."""

from django.conf import settings
from django.db import models

from organization.models import Agency


class OfficeTemplate(models.Model):
    """A version that an office made of a standard template. Never changed; a mend is another."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="office_templates")
    key = models.CharField("templat", max_length=120)  # "laporan/rekap_harian.docx"
    version = models.PositiveIntegerField("versi")  # 1, 2, 3 ... per agency and key
    file = models.FileField("berkas", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField("ukuran")
    original_name = models.CharField("nama asal", max_length=200)
    note = models.CharField("catatan", max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("diunggah")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "key", "version"], name="office_template_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class TemplateChoice(models.Model):
    """From a moment on an office uses this version (None: the standard one). Appended only.

    Instances keep what held when they started, unless a choice says that it is for running ones
    too; other documents use the newest.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="template_choices")
    key = models.CharField("templat", max_length=120)
    template = models.ForeignKey(
        OfficeTemplate, on_delete=models.PROTECT, null=True, related_name="choices"
    )
    for_running = models.BooleanField("juga berkas yang berjalan", default=False)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    chosen_at = models.DateTimeField("dipilih")

    class Meta:
        ordering = ["-chosen_at", "-id"]
        indexes = [models.Index(fields=["agency", "key"], name="template_choice_of")]

    def __str__(self) -> str:
        return f"{self.key}: {self.template or 'standar'}"
