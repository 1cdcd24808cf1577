"""What people keep for themselves about the lists of their tasks."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedFilter(models.Model):
    """A way to narrow and order one list, under a name; the default one opens with the list."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_filters"
    )
    tab = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)  # of the address
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "tab", "name"], name="saved_filter_once"),
            models.UniqueConstraint(
                fields=["owner", "tab"], condition=Q(is_default=True), name="saved_filter_default"
            ),
        ]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
