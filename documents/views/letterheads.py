"""The settings of letters: what stands at their head, on which paper, how they are numbered."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.exceptions import DocumentError
from documents.forms import MAX_LOGO_BYTES, LastNumberForm, LetterheadForm, PatternForm
from documents.issue.letterhead import letterhead_of
from documents.issue.numbering import (
    LETTERS,
    PatternRefused,
    check_pattern,
    example_number,
    pattern_of,
)
from documents.services import set_letter_pattern, set_letterhead, skip_letter_numbers
from documents.storage import stored_path
from foundation.uploads import IMAGES, UploadRefused, check_upload
from organization.views.scope import Scope, actor_here, scope

MANAGE = "documents.manage"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def letterhead(request: HttpRequest) -> HttpResponse:
    """Show the letterhead and the number pattern; POST sets contact, paper and logo."""
    here = scope(request, MANAGE)
    row = letterhead_of(here.agency)
    initial = {"contact": row.contact, "paper": row.paper}
    form = LetterheadForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _set(request, here, form):
        messages.success(request, "Kop tersimpan; dokumen berikutnya memakainya.")
        return _back(here)
    return _page(request, here, form=form)


@require_POST
@login_required
def pattern(request: HttpRequest) -> HttpResponse:
    """Set the pattern, or only show what a number would look like."""
    here = scope(request, MANAGE)
    form = PatternForm(request.POST)
    if not form.is_valid():
        return _page(request, here, pattern=form)
    written = form.cleaned_data["pattern"]
    try:
        check_pattern(written)
        if "contoh" not in request.POST:
            set_letter_pattern(
                agency=here.agency,
                pattern=written,
                actor=actor_here(request, MANAGE, here),
                now=here.now,
            )
            messages.success(request, "Pola nomor tersimpan; nomor berikutnya memakainya.")
            return _back(here)
    except PatternRefused as refused:
        form.add_error("pattern", str(refused))
    return _page(request, here, pattern=form)


@require_POST
@login_required
def last_number(request: HttpRequest) -> HttpResponse:
    """Let the numbers go on after the last one of the paper book; what lies between is left out."""
    here = scope(request, MANAGE)
    form = LastNumberForm(request.POST)
    if form.is_valid():
        try:
            skip_letter_numbers(
                agency=here.agency,
                last=form.cleaned_data["last"],
                reason=form.cleaned_data["reason"],
                actor=actor_here(request, MANAGE, here),
                now=here.now,
            )
        except DocumentError as refused:
            form.add_error("last", str(refused))
        else:
            messages.success(request, "Nomor berikutnya melanjutkan buku agenda.")
            return _back(here)
    return _page(request, here, last=form)


@require_safe
@login_required
def logo(request: HttpRequest) -> HttpResponse:
    """Show the logo to whoever sets it."""
    row = letterhead_of(scope(request, MANAGE).agency)
    if not row.logo:
        raise Http404("Belum ada logo.")
    try:
        content = stored_path(row.logo.name or "").read_bytes()
    except FileNotFoundError:
        raise Http404("Berkas logo tidak ada di penyimpanan.") from None
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = "private, no-cache"
    return response


def _set(request: HttpRequest, here: Scope, form: LetterheadForm) -> bool:
    said = form.cleaned_data
    try:
        file = said["logo"]
        set_letterhead(
            agency=here.agency,
            contact=said["contact"],
            paper=said["paper"],
            logo=check_upload(file, name=file.name, allowed=IMAGES, limit=MAX_LOGO_BYTES)
            if file
            else None,
            without_logo=said["without_logo"],
            actor=actor_here(request, MANAGE, here),
            now=here.now,
        )
    except UploadRefused as refused:
        form.add_error("logo", str(refused))
    except DocumentError as refused:
        form.add_error(None, str(refused))
    return not form.errors


def _page(
    request: HttpRequest,
    here: Scope,
    form: LetterheadForm | None = None,
    pattern: PatternForm | None = None,
    last: LastNumberForm | None = None,
) -> HttpResponse:
    row = letterhead_of(here.agency)
    form = form or LetterheadForm(initial={"contact": row.contact, "paper": row.paper})
    held = pattern_of(here.agency, LETTERS)
    shown = pattern or PatternForm(initial={"pattern": held})
    wrong = bool(form.errors or shown.errors or (last and last.errors))
    written = pattern.cleaned_data.get("pattern", held) if pattern else held
    context = {
        "here": here,
        "letterhead": row,
        "form": form,
        "pattern_form": shown,
        "last_form": last or LastNumberForm(),
        "is_skipping": last is not None,
        "example": "" if shown.errors else example_number(here.agency, written, here.now),
        "is_tried": pattern is not None,
    }
    return render(request, "documents/letterhead.html", context, status=422 if wrong else 200)


def _back(here: Scope) -> HttpResponseRedirect:
    return HttpResponseRedirect(
        f"{reverse('dokumen:letterhead')}?{urlencode({'pd': here.agency.code})}"
    )
