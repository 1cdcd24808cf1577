"""The public page of a code on paper: /v/<code>. Nobody signs in, nothing is kept of who asks."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from documents.archive.verification import compared, read_code, verified
from foundation.indonesian import size_text


@require_safe
@login_not_required
def ask_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that stands in the footer of a document, and lead to its page."""
    typed = request.GET.get("kode", "").strip()
    if code := read_code(typed):
        return HttpResponseRedirect(reverse("verify", args=[code]))
    return _page(request, "documents/verify_ask.html", {"typed": typed[:40]})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what a code stands for; POST compares a file, of which nothing is kept."""
    # A text that is no code is looked for all the same: no answer is faster than another.
    found = verified(read_code(code) or "-")
    if found is None:
        return _page(request, "documents/verify_unknown.html", {"typed": code[:40]}, status=404)
    context: dict[str, Any] = {"found": found, "document": found.document}
    file = request.FILES.get("berkas")
    if request.method == "POST":
        if file is None or not file.size:
            context["refusal"] = "Pilih berkas yang akan dicocokkan; berkas kosong tidak diterima."
        elif file.size > settings.UPLOAD_MAX_BYTES:
            limit = size_text(settings.UPLOAD_MAX_BYTES)
            context["refusal"] = f"Berkas lebih besar dari {limit}; itu bukan dokumen ini."
        else:
            context["compared"], context["same_as"] = True, compared(found.document, file.chunks())
    status = 422 if "refusal" in context else 200
    return _page(request, "documents/verify.html", context, status=status)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Return the page; no machine lists it, nobody's cache tells tomorrow what held today."""
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
