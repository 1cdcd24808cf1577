"""Templates that belong to the office: what there is, a new version, and which one is used."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from documents.exceptions import DocumentError, TemplateRefused
from documents.models import OfficeTemplate, TemplateChoice
from documents.office.listing import Offered, UnknownTemplate, listed, offered_template
from documents.office.versions import LARGEST, MANAGE, choose_template, upload_template
from foundation.indonesian import size_text
from foundation.uploads import Kind, UploadRefused, check_upload
from organization.views.scope import Scope, scope, signed_in

SHOWN = 50
NEW_ONLY, RUNNING_TOO = "baru", "semua"


class TemplateForm(forms.Form):
    """A changed Word file and what was changed in it."""

    file = forms.FileField(
        label="Berkas Word",
        help_text=f"Dokumen Word (.docx) tanpa makro, paling besar {size_text(LARGEST)}.",
        widget=forms.FileInput({"accept": ".docx"}),
    )
    note = forms.CharField(
        label="Yang diubah",
        max_length=300,
        required=False,
        help_text="Supaya versi ini dikenali nanti, misalnya “kop baru”.",
    )

    def clean_file(self) -> Any:
        """Return the checked upload; what it may not be is said in words beside the field."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                f"Berkas ini berukuran {size_text(file.size or 0)}; batasnya {size_text(LARGEST)}. "
                "Kecilkan gambar di Word (Kompres Gambar), lalu unggah lagi."
            )
        try:
            return check_upload(file, name=file.name or "", allowed={Kind.DOCX}, limit=LARGEST)
        except UploadRefused as error:
            raise forms.ValidationError(str(error)) from None


class ChoiceForm(forms.Form):
    """Which version is used (0: the standard one), and by what."""

    versi = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    berlaku = forms.ChoiceField(
        label="Berlaku untuk",
        initial=NEW_ONLY,
        choices=[
            (
                NEW_ONLY,
                "Berkas yang dimulai sesudah ini; yang berjalan tetap memakai yang lama",
            ),
            (RUNNING_TOO, "Berkas yang dimulai sesudah ini dan yang sedang berjalan"),
        ],
        widget=forms.RadioSelect,
    )


@require_safe
@login_required
def template_list(request: HttpRequest) -> HttpResponse:
    """Show all templates and which version of each holds."""
    here = scope(request, MANAGE)
    groups: dict[str, list[Any]] = {}
    for row in listed(here.agency):
        groups.setdefault(row.offered.origin, []).append(row)
    return render(request, "documents/template_list.html", {"here": here, "groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def template(request: HttpRequest, group: str, name: str) -> HttpResponse:
    """Show a template and its versions; POST uploads another."""
    here, offered = scope(request, MANAGE), offered_or_404(group, name)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = upload_template(
                offered=offered,
                agency=here.agency,
                upload=form.cleaned_data["file"],
                note=form.cleaned_data["note"],
                user=signed_in(request),
                now=here.now,
            )
        except TemplateRefused as error:
            form.add_error("file", str(error))
        else:
            return HttpResponseRedirect(version.get_absolute_url())
    return render(
        request,
        "documents/template.html",
        {"here": here, "offered": offered, "form": form, **_history(offered, here)},
        status=422 if form.errors else 200,
    )


def _history(offered: Offered, here: Scope) -> dict[str, Any]:
    versions = OfficeTemplate.objects.filter(agency=here.agency, key=offered.key)
    choices = TemplateChoice.objects.filter(agency=here.agency, key=offered.key)
    made = list(choices.select_related("template", "chosen_by")[:SHOWN])
    return {
        "versions": versions.select_related("uploaded_by").defer("findings")[:SHOWN],
        "choices": made,
        "holds": made[0].template if made else None,
        "names": list(offered.shape.names()),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choose(request: HttpRequest, group: str, name: str) -> HttpResponse:
    """Ask from when on a version is used, and let it be used; 0 is the standard template."""
    here, offered = scope(request, MANAGE), offered_or_404(group, name)
    sent = request.method == "POST"
    form = ChoiceForm(request.POST if sent else None, initial={"versi": request.GET.get("versi")})
    version = _chosen(request, here, offered)
    if not sent and version is not None and version.state != OfficeTemplate.State.GOOD:
        return HttpResponseRedirect(version.get_absolute_url())  # which says what is wrong with it
    if sent and form.is_valid():
        try:
            choose_template(
                offered=offered,
                agency=here.agency,
                version=version,
                for_running=form.cleaned_data["berlaku"] == RUNNING_TOO,
                user=signed_in(request),
                now=here.now,
            )
        except DocumentError as error:
            form.add_error(None, str(error))
        else:
            used = f"Versi {version.version}" if version else "Templat standar"
            messages.success(request, f"{used} dipakai mulai sekarang.")
            return HttpResponseRedirect(page_of(offered, here))
    return render(
        request,
        "documents/template_choice.html",
        {"here": here, "offered": offered, "version": version, "form": form},
        status=422 if form.errors else 200,
    )


def _chosen(request: HttpRequest, here: Scope, offered: Offered) -> OfficeTemplate | None:
    """Return the version that the request names, None for the standard template."""
    number = (request.POST if request.method == "POST" else request.GET).get("versi", "0")
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise Http404
    if int(number) == 0:
        return None
    versions = OfficeTemplate.objects.filter(agency=here.agency, key=offered.key)
    found = versions.select_related("uploaded_by").filter(version=int(number)).first()
    if found is None:
        raise Http404
    return found


def page_of(offered: Offered, here: Scope) -> str:
    address = reverse("dokumen:template", args=[offered.group, offered.name])
    return f"{address}?pd={here.agency.code}"


def offered_or_404(group: str, name: str) -> Offered:
    try:
        return offered_template(f"{group}/{name}.docx")
    except UnknownTemplate:
        raise Http404("Templat ini tidak ada.") from None
