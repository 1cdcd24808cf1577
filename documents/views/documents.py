"""Lists and pages of documents and archives; what a person may not see is not there (404)."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.checking import check_archive
from documents.models import Archive, Document
from documents.storage import stored_path

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = 25


@require_safe
@login_required
def document_list(request: HttpRequest) -> HttpResponse:
    """Documents that the person may see, newest first, narrowed by words of title or number."""
    documents = Document.objects.visible_to(request.user, timezone.now()).without_context()
    words = request.GET.get("cari", "").strip()[:100]
    for word in words.split():
        documents = documents.mentioning(word)
    page = Paginator(documents, PAGE).get_page(request.GET.get("page"))
    return render(request, "documents/document_list.html", {"page": page, "words": words})


@require_safe
@login_required
def document_page(request: HttpRequest, document_id: int) -> HttpResponse:
    document = _document(request, document_id)
    return render(request, "documents/document_page.html", {"document": document})


@require_safe
@login_required
def download(request: HttpRequest, document_id: int) -> FileResponse:
    """Hand the file out as an attachment under its readable name."""
    document = _document(request, document_id)
    try:
        stream = stored_path(document.file.name or "").open("rb")
    except FileNotFoundError:
        raise Http404("Berkas dokumen ini tidak ada di penyimpanan.") from None
    response = FileResponse(
        stream, as_attachment=True, filename=document.file_name, content_type=WORD
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


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
    return get_object_or_404(visible.without_context(), pk=document_id)


def _archive(request: HttpRequest, archive_id: int) -> Archive:
    visible = Archive.objects.visible_to(request.user, timezone.now())
    return get_object_or_404(visible.select_related("agency", "instance"), pk=archive_id)
