"""What a page may say of backups: that they are there, whole and tried. Nobody fetches one here."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.backups.evidence import all_evidence, last_good
from config.backups.jobs import CAPABILITY, MAKE, TRY
from config.backups.keeping import alarm, is_due, numbers_kept, scheduled
from config.backups.places import backup_folder
from foundation.models import OutboxJob
from organization.permissions import may_somewhere
from processes.views.common import person

ON_A_PAGE = 20


@require_safe
def backup_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if not may_somewhere(person(request), CAPABILITY, now):
        raise PermissionDenied("Halaman ini untuk admin dan pengelola aplikasi.")
    rows = all_evidence(backup_folder())
    days, weeks, months = numbers_kept()
    working = OutboxJob.objects.filter(kind__in=(MAKE, TRY)).exclude(state=OutboxJob.State.DONE)
    context = {
        "page_obj": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "alarm": alarm(now),
        "good": last_good(rows),
        "next": next_backup(now),
        "working": working.order_by("-pk").first(),
        "days": days,
        "weeks": weeks,
        "months": months,
        "hour": f"{settings.BACKUP_HOUR % 24:02d}.00",
    }
    return render(request, "config/backups.html", context)


def next_backup(now: datetime) -> datetime | None:
    """Return when the next one is due; None: now."""
    return None if is_due(now) else scheduled(now) + timedelta(days=1)
