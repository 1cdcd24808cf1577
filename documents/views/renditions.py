"""PDFs of documents, signed PDFs that come back, and packages of a month."""

from typing import IO

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.exceptions import DocumentError
from documents.models import Document, Package, PdfCopy, SignedCopy
from documents.renditions.packages import KEPT, VIEW, file_name, order_package
from documents.renditions.pdf import ask_pdf
from documents.renditions.signed import SIGN, WITHDRAWN, CodeMissing, SignedRefused, keep_signed
from documents.storage import stored_path
from documents.views.genuine import hand_out
from foundation.uploads import UploadRefused
from organization.permissions import REFUSAL, account, actor_for, agencies_where, may

PDF, ZIP = "application/pdf", "application/zip"
PAGE = 25


class PackageForm(forms.Form):
    """Which month of which agency."""

    pd = forms.ChoiceField(label="Perangkat daerah")
    bulan = forms.CharField(label="Bulan", max_length=7, widget=forms.TextInput({"type": "month"}))


@require_POST
@login_required
def ask(request: HttpRequest, document_id: int) -> HttpResponse:
    """Ask for the PDF; the document's page tells how far it is."""
    document = _document(request, document_id)
    user, now = account(request.user.pk or 0), timezone.now()
    try:
        ask_pdf(document=document, actor=actor_for(user, None, document.agency, now), now=now)
    except DocumentError as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{document.get_absolute_url()}#salinan")


@require_safe
@login_required
def pdf(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Hand out the PDF that LibreOffice made."""
    document = _document(request, document_id)
    copy = get_object_or_404(PdfCopy, document=document, state=PdfCopy.State.DONE)
    return _hand_out(request, document, copy, f"{_stem(document)}.pdf")


@require_safe
@login_required
def signed(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Hand out the signed PDF, byte for byte as it was uploaded."""
    document = _document(request, document_id)
    copy = get_object_or_404(SignedCopy, document=document)
    return _hand_out(request, document, copy, f"{_stem(document)} (bertanda tangan).pdf")


def _hand_out(
    request: HttpRequest, document: Document, copy: PdfCopy | SignedCopy, name: str
) -> HttpResponseBase:
    stored, sha256 = copy.file.name or "", copy.sha256
    return hand_out(request, document=document, stored=stored, sha256=sha256, name=name, kind=PDF)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request: HttpRequest, document_id: int) -> HttpResponse:
    """Take the signed PDF in: GET explains and asks for it, POST keeps it."""
    document, now = _document(request, document_id), timezone.now()
    if not may(request.user, SIGN, document.agency, now):
        raise PermissionDenied(REFUSAL)
    refusal, asks_to_vouch = WITHDRAWN if document.withdrawn_at else "", False
    if request.method == "POST" and not refusal:
        try:
            _keep(request, document)
        except (SignedRefused, UploadRefused) as refused:
            refusal, asks_to_vouch = str(refused), isinstance(refused, CodeMissing)
        else:
            messages.success(request, "PDF bertanda tangan tersimpan; ini yang berlaku sekarang.")
            return HttpResponseRedirect(f"{document.get_absolute_url()}#salinan")
    context = {
        "document": document,
        "refusal": refusal,
        "asks_to_vouch": asks_to_vouch,
        "is_signed": SignedCopy.objects.filter(document=document).exists(),
    }
    return render(request, "documents/sign.html", context, status=422 if refusal else 200)


def _keep(request: HttpRequest, document: Document) -> None:
    uploaded = request.FILES.get("berkas")
    if uploaded is None:
        raise SignedRefused("Pilih berkas PDF yang sudah ditandatangani.")
    file: IO[bytes] = uploaded
    keep_signed(
        document=document,
        file=file,
        name=uploaded.name or "",
        user=account(request.user.pk or 0),
        now=timezone.now(),
        is_vouched_for=request.POST.get("benar") == "ya",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def package_list(request: HttpRequest) -> HttpResponse:
    """Packages that the person may fetch, newest first; POST asks for one."""
    user, now = account(request.user.pk or 0), timezone.now()
    agencies = {agency.code: agency for agency in agencies_where(user, VIEW, now).order_by("name")}
    if not agencies:
        raise PermissionDenied(REFUSAL)
    form = PackageForm(request.POST or None, initial={"bulan": request.GET.get("bulan", "")})
    choices = forms.ChoiceField(
        label="Perangkat daerah", choices=[(code, pd.name) for code, pd in agencies.items()]
    )
    if len(agencies) == 1:
        choices.widget, choices.initial = forms.HiddenInput(), next(iter(agencies))
    form.fields["pd"] = choices
    if request.method == "POST" and form.is_valid():
        try:
            package = order_package(
                agency=agencies[form.cleaned_data["pd"]],
                subject=form.cleaned_data["bulan"],
                user=user,
                now=now,
            )
        except DocumentError as refusal:
            form.add_error("bulan", str(refusal))
        else:
            return HttpResponseRedirect(package.get_absolute_url())
    packages = Package.objects.visible_to(user, now).select_related("agency")
    page = Paginator(packages, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "days": KEPT.days}
    return render(request, "documents/package_list.html", context)


@require_safe
@login_required
def package(request: HttpRequest, package_id: int) -> HttpResponse:
    """Tell how far a package is, and offer it when it is written."""
    found = _package(request, package_id)
    context = {"package": found, "name": file_name(found), "days": KEPT.days}
    return render(request, "documents/package.html", context)


@require_safe
@login_required
def package_download(request: HttpRequest, package_id: int) -> FileResponse:
    found = _package(request, package_id)
    if found.state != Package.State.DONE:
        raise Http404("Paket ini belum siap atau sudah dihapus.")
    return _handed_out(found.file.name, file_name(found), ZIP)


def _document(request: HttpRequest, document_id: int) -> Document:
    visible = Document.objects.visible_to(request.user, timezone.now())
    return get_object_or_404(visible.without_context(), pk=document_id)


def _package(request: HttpRequest, package_id: int) -> Package:
    visible = Package.objects.visible_to(request.user, timezone.now())
    return get_object_or_404(visible.select_related("agency"), pk=package_id)


def _stem(document: Document) -> str:
    return document.file_name.removesuffix(".docx")


def _handed_out(stored: str | None, name: str, content_type: str) -> FileResponse:
    try:
        stream = stored_path(stored or "").open("rb")
    except OSError:
        raise Http404("Berkas ini tidak ada di penyimpanan.") from None
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
