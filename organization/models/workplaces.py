"""Where an agency works: the circles within which people may record their presence themselves."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organization.geography import Point
from organization.models.agencies import Agency

LEAST_RADIUS, MOST_RADIUS = 20, 5000  # metres


class WorkplaceQuerySet(models.QuerySet["Workplace"]):
    def valid_on(self, day: date) -> "WorkplaceQuerySet":
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)


class Workplace(models.Model):
    """An office of an agency: a circle around a point, for a time; never moved, only replaced."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="workplaces")
    name = models.CharField("nama", max_length=150)
    latitude = models.DecimalField("lintang", max_digits=9, decimal_places=6)
    longitude = models.DecimalField("bujur", max_digits=9, decimal_places=6)
    radius_m = models.PositiveIntegerField("radius (meter)")
    source = models.CharField("dasar", max_length=200, blank=True)
    valid_from = models.DateField("berlaku sejak")
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()

    objects = WorkplaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__gte=-90, latitude__lte=90)
                & Q(longitude__gte=-180, longitude__lte=180),
                name="workplace_is_on_the_globe",
            ),
            models.CheckConstraint(
                condition=Q(radius_m__gte=LEAST_RADIUS, radius_m__lte=MOST_RADIUS),
                name="workplace_has_a_radius",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="workplace_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> Point:
        return Point(float(self.latitude), float(self.longitude))

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
