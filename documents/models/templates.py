"""Word templates of an office: its own versions of the standard ones, and which of them holds."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from organization.models import Agency


class OfficeTemplate(models.Model):
    """A version that an office made of a standard template. Never changed; a mend is another.

    A worker looks it through once: `findings` are what it found, rows of {"place", "text", "todo",
    "is_error"}, and `preview` is the version filled with `preview_of`.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "Sedang diperiksa"
        GOOD = "good", "Dapat dipakai"
        REFUSED = "refused", "Perlu diperbaiki"
        FAILED = "failed", "Belum dapat diperiksa"

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
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    checked_at = models.DateTimeField("diperiksa", null=True)
    findings = models.JSONField(default=list)
    preview = models.FileField("contoh", max_length=200, blank=True)
    preview_pdf = models.FileField("contoh PDF", max_length=200, blank=True)
    preview_of = models.CharField("data contoh", max_length=200, blank=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "key", "version"], name="office_template_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("dokumen:template_version", args=[self.pk])


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
