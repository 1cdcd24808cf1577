"""The tree of agencies, as far as the person's roles open it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from organization.permissions import REFUSAL, agencies_where
from organization.tree import tree_of
from organization.views.scope import signed_in

VIEW = "employees.view"


@require_GET
def agency_tree(request: HttpRequest) -> HttpResponse:
    """Show agencies with units, heads and numbers of people; 403 for who may see none."""
    now, user = timezone.now(), signed_in(request)
    agencies = list(agencies_where(user, VIEW, now).select_related("parent"))
    if not agencies:
        raise PermissionDenied(REFUSAL)
    tree = tree_of(agencies, now)
    context = {
        "tree": tree,
        "agencies": len(agencies),
        "people": sum(branch.total for branch in tree),
        "is_one": len(agencies) == 1,
    }
    return render(request, "organization/agency_tree.html", context)
