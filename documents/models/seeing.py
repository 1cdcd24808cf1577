"""Who sees documents: whom a role lets, and whoever takes part in their instance."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from organization.models import User
from organization.permissions import agencies_where
from processes.models import Task, TaskCandidate


def visible_to(user: User | AnonymousUser, at: datetime) -> Q:
    """Return the condition: the person may see documents of the agency, or takes part."""
    named = TaskCandidate.objects.filter(user=user.pk or 0).values("task")
    taken_part = Task.objects.filter(Q(owner_id=user.pk) | Q(assignee_id=user.pk) | Q(pk__in=named))
    mine = Q(instance__in=taken_part.values("instance")) if user.is_authenticated else Q(pk=None)
    return Q(agency__in=agencies_where(user, "documents.view", at)) | mine
