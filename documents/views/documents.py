"""Lists and pages of documents and archives; what a person may not see is not there (404)."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.archive.checking import check_archive
from documents.archive.keeping import UNDECIDED, keeping_of
from documents.archive.searching import Search
from documents.archive.succession import is_provisional, last_after
from documents.issue.letterhead import verification_url
from documents.models import Archive, Document
from documents.models.documents import LARGE
from documents.orders.reissuing import may_be_reissued
from documents.renditions.copies import copies_of
from documents.views.genuine import hand_out, spoiled_files
from documents.views.withdrawal import WITHDRAW
from organization.permissions import agencies_where, may

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = 25


@require_safe
@login_required
def document_list(request: HttpRequest) -> HttpResponse:
    """Documents that the person may see, newest first, narrowed by what the search form says."""
    now = timezone.now()
    visible = Document.objects.visible_to(request.user, now)
    search = Search.of(request, agencies_where(request.user, "documents.view", now))
    page = Paginator(search.narrow(visible).without_context(), PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "search": search,
        "kinds": visible.kinds(),
        "states": Document.State.choices,
    }
    return render(request, "documents/document_list.html", context)


@require_safe
@login_required
def document_page(request: HttpRequest, document_id: int) -> HttpResponse:
    """Tell everything that is known of a document but its data."""
    document, now = _document(request, document_id), timezone.now()
    copies = copies_of(document, request.user, now)
    may_withdraw = may(request.user, WITHDRAW, document.agency_id, now)
    context = {
        "document": document,
        "last": last_after(document),
        "is_provisional": is_provisional(document),
        "copies": copies,
        "spoiled": spoiled_files(document, copies.signed, copies.pdf),
        "keeping": keeping_of(document),
        "undecided": UNDECIDED,
        "verification_url": verification_url(document.code),
        "may_withdraw": may_withdraw and document.withdrawn_at is None,
        "may_reissue": may_withdraw and may_be_reissued(document),
    }
    return render(request, "documents/document_page.html", context)


@require_safe
@login_required
def download(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Hand the file out as an attachment under its readable name."""
    document = _document(request, document_id)
    return hand_out(
        request,
        document=document,
        stored=document.file.name or "",
        sha256=document.sha256,
        name=document.file_name,
        kind=WORD,
    )


@require_safe
@login_required
def archive_list(request: HttpRequest) -> HttpResponse:
    archives = Archive.objects.visible_to(request.user, timezone.now()).select_related(
        "agency", "instance"
    )
    page = Paginator(archives.defer("instance__state"), PAGE).get_page(request.GET.get("page"))
    return render(request, "documents/archive_list.html", {"page": page})


@require_safe
@login_required
def archive_page(request: HttpRequest, archive_id: int) -> HttpResponse:
    return render(
        request, "documents/archive_page.html", {"archive": _archive(request, archive_id)}
    )


@require_safe
@login_required
def check(request: HttpRequest, archive_id: int) -> HttpResponse:
    """Read every file of the archive again and show what is not as it was sealed."""
    archive = _archive(request, archive_id)
    context = {"archive": archive, "checked": True, "faults": list(check_archive(archive))}
    return render(request, "documents/archive_page.html", context)


def _document(request: HttpRequest, document_id: int) -> Document:
    visible = Document.objects.visible_to(request.user, timezone.now())
    rows = visible.without_context().select_related("agency", "instance", "replaced_by", "replaces")
    return get_object_or_404(rows.defer(*LARGE, "replaces__context"), pk=document_id)


def _archive(request: HttpRequest, archive_id: int) -> Archive:
    visible = Archive.objects.visible_to(request.user, timezone.now())
    return get_object_or_404(visible.select_related("agency", "instance"), pk=archive_id)
