"""The guides, their pictures, a search, and what this installation is."""

from importlib.metadata import PackageNotFoundError, version

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.help.guides import FIRST, PICTURES, guide, names, search

LONGEST = 100


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the first page, or what was searched for."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    context = {"guide": guide(FIRST), "q": words, "found": search(words), "guides": _all()}
    return render(request, "help/guide.html", context)


@login_not_required
@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:
    found = guide(name)
    if found is None:
        raise Http404("Panduan ini tidak ada.")
    return render(request, "help/guide.html", {"guide": found, "guides": _all()})


@login_not_required
@require_safe
@cache_control(max_age=86_400, public=True)
def picture(request: HttpRequest, name: str) -> FileResponse:
    """Hand out a picture of the documentation, by a name that lies in its folder."""
    if name not in {path.name for path in PICTURES.glob("*.png")}:
        raise Http404("Gambar ini tidak ada.")
    return FileResponse((PICTURES / name).open("rb"), content_type="image/png")


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what this is, by what licence, and with what it is built."""
    libraries = []
    for name in ("Django", "django-viewflow", "SpiffWorkflow", "celery", "docxtpl", "pyzk"):
        try:
            libraries.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return render(request, "help/about.html", {"libraries": libraries, "guides": _all()})


def _all() -> list[tuple[str, str]]:
    return [(found.name, found.title) for name in names() if (found := guide(name))]
