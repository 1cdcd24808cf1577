"""What was asked for: an order of one or many documents, each item filled by a worker."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from documents.models.seeing import visible_to
from organization.models import Agency, User
from processes.models import Instance, Task


class DocumentOrderQuerySet(models.QuerySet["DocumentOrder"]):
    def visible_to(self, user: User | AnonymousUser, at: datetime) -> "DocumentOrderQuerySet":
        """Those of whoever sees the documents, and one's own."""
        return self.filter(visible_to(user, at) | Q(asked_by=user.pk or 0))


class DocumentOrder(models.Model):
    """Documents asked for at once; their data are read once, so that all tell the same.

    `context` and the items' `data` are emptied when all is written: the documents keep their own.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"  # its data are not read yet
        WRITING = "writing", "Ditulis"
        DONE = "done", "Selesai"
        FAILED = "failed", "Gagal"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="document_orders")
    # "laporan:rekap_harian:2026-04-17:3" or "task:812": the same key twice is one order.
    key = models.CharField(max_length=200, unique=True)
    report = models.CharField("laporan", max_length=60, blank=True)
    title = models.CharField("judul", max_length=200)
    subject = models.CharField("tentang", max_length=120, blank=True)
    parameters = models.JSONField(default=dict)
    context = models.JSONField(default=dict)
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, related_name="document_orders"
    )
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, null=True, related_name="document_orders"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField("diminta")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField("jumlah", default=0)
    finished_at = models.DateTimeField("selesai", null=True)
    error = models.CharField("kendala", max_length=500, blank=True)

    objects = DocumentOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("dokumen:order", args=[self.pk])


class OrderItem(models.Model):
    """One document of an order."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        DONE = "done", "Selesai"
        FAILED = "failed", "Gagal"

    order = models.ForeignKey(DocumentOrder, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveIntegerField("urutan")
    key = models.CharField(max_length=120)
    label = models.CharField("untuk", max_length=200, blank=True)
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    error = models.CharField("kendala", max_length=500, blank=True)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, related_name="order_items"
    )

    class Meta:
        ordering = ["order", "place"]
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="order_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.place}"
