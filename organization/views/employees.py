"""The list of employees, one employee, and the changes to one."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from foundation.actors import Actor
from foundation.uploads import IMAGES, UploadRefused, check_upload
from foundation.viewings import PHOTO
from organization import services
from organization.exceptions import OrganizationError
from organization.forms import MoveForm, PhotoForm, RetireForm, SuperiorForm
from organization.looking import note_look
from organization.models import Appointment, Employee, EmployeeQuerySet, EmploymentStatus, Unit
from organization.permissions import actor_allowed, agencies_where, local_date, may
from organization.questions import visible_employees
from organization.services import owner_chose_password
from organization.services.moving import MOVE
from organization.views.scope import signed_in

PAGE_SIZE = 50
MANAGE, RETIRE = "employees.manage", "employees.retire"
EXPORT = "employees.export_data"
GUARDS = ("officers.issue_password", "officers.reset_password")


@require_GET
def employee_list(request: HttpRequest) -> HttpResponse:
    """Show whom the person may see, with search, filters and what each one lacks."""
    now = timezone.now()
    user = signed_in(request)
    visible = visible_employees(user, now).filter(left_on=None)
    found = _filtered(visible, request)
    page = Paginator(found.select_related("unit", "agency"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "organization/employee_list.html",
        {
            "page_obj": page,
            "query": request.GET.get("q", ""),
            "count": visible.count(),
            "lacking_count": visible.incomplete().count(),
            "only_lacking": request.GET.get("lengkap") == "belum",
            "units": Unit.objects.filter(agency__in=visible.values("agency")).order_by("name"),
            "statuses": EmploymentStatus.choices,
            "may_manage": agencies_where(user, MANAGE, now).exists(),
            "may_see_officers": agencies_where(user, "officers.view", now).exists(),
        },
    )


def _filtered(people: EmployeeQuerySet, request: HttpRequest) -> EmployeeQuerySet:
    if text := request.GET.get("q", "").strip():
        people = people.search(text)
    # A number that is longer than any id is nobody's, and no database can look for it.
    if (unit := request.GET.get("bidang", "")).isdecimal() and len(unit) < 19:
        people = people.filter(unit=int(unit))
    if (status := request.GET.get("status", "")) in EmploymentStatus.values:
        people = people.filter(status=status)
    if request.GET.get("lengkap") == "belum":
        people = people.incomplete()
    return people


@require_GET
def employee_detail(request: HttpRequest, employee_id: int) -> HttpResponse:
    person, now = _visible(request, employee_id)
    user = signed_in(request)
    account = getattr(person, "user", None)
    may_manage = may(user, MANAGE, person.agency, now)
    return render(
        request,
        "organization/employee_detail.html",
        {
            "person": person,
            "missing": person.missing_data(),
            "staff": person.staff.filter(left_on=None),
            "account": account,
            "account_is_own": account is not None and owner_chose_password(account),
            "appointments": Appointment.objects.filter(user__employee=person).order_by("-pk"),
            "may_manage": may_manage,
            "may_retire": may(user, RETIRE, person.agency, now),
            "may_open_account": may(user, "officers.issue_password", person.agency, now),
            "may_guard_account": any(may(user, guard, person.agency, now) for guard in GUARDS),
            "photo_form": PhotoForm(),
            "superior_form": SuperiorForm(person=person) if may_manage else None,
            "may_move": may(user, MOVE, person.agency, now),
            "may_export": may(user, EXPORT, person.agency, now),
            "move_form": MoveForm(initial={"moved_on": local_date(person.agency, now)}),
            "retire_form": RetireForm(initial={"left_on": local_date(person.agency, now)}),
        },
    )


@require_GET
def employee_photo(request: HttpRequest, employee_id: int) -> FileResponse:
    """Hand out a photo to those who may see its person; whose it is can read who looked."""
    person, now = _visible(request, employee_id)
    if not person.photo:
        raise Http404
    try:
        file = person.photo.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    note_look(
        user=signed_in(request),
        kind=PHOTO,
        subject=f"organization.employee:{person.pk}",
        person_id=person.pk,
        now=now,
    )
    response = FileResponse(file, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=300"
    return response


@require_POST
def upload_photo(request: HttpRequest, employee_id: int) -> HttpResponse:
    person, actor, now = _managed(request, employee_id)
    file = request.FILES.get("photo")
    if file is None:
        messages.error(request, "Pilih berkas foto (JPEG atau PNG) dahulu.")
        return redirect("pegawai:detail", person.pk)
    try:
        upload = check_upload(file, name=file.name or "", allowed=IMAGES)
        services.set_photo(employee=person, upload=upload, actor=actor, now=now)
    except UploadRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Foto tersimpan.")
    return redirect("pegawai:detail", person.pk)


@require_POST
def change_superior(request: HttpRequest, employee_id: int) -> HttpResponse:
    person, actor, now = _managed(request, employee_id)
    form = SuperiorForm(request.POST, person=person)
    if not form.is_valid():
        messages.error(request, "Atasan itu tidak dapat dipilih; pilih dari daftar.")
        return redirect("pegawai:detail", person.pk)
    try:
        services.set_superior(
            employee=person, superior=form.cleaned_data["superior"], actor=actor, now=now
        )
    except OrganizationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Atasan langsung tersimpan.")
    return redirect("pegawai:detail", person.pk)


@require_POST
def retire(request: HttpRequest, employee_id: int) -> HttpResponse:
    person, actor, now = _managed(request, employee_id, RETIRE)
    form = RetireForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Isi tanggal berhenti dan centang pernyataannya.")
        return redirect("pegawai:detail", person.pk)
    try:
        services.retire_employee(
            employee=person, left_on=form.cleaned_data["left_on"], actor=actor, now=now
        )
    except OrganizationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{person.name} tercatat berhenti; akun dan tugasnya ditutup.")
    return redirect("pegawai:detail", person.pk)


@require_POST
def move(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Let the employee work in another agency; his page is that agency's from then on."""
    person, _, now = _managed(request, employee_id, MOVE)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for row in form.errors.values() for text in row))
        return redirect("pegawai:detail", person.pk)
    try:
        moved = services.move_employee(
            employee=person, data=form.move_data(), user=signed_in(request), now=now
        )
    except OrganizationError as error:
        messages.error(request, str(error))
        return redirect("pegawai:detail", person.pk)
    messages.success(request, f"{moved.name} pindah; penugasannya dicabut dan tugasnya kembali.")
    return redirect("pegawai:index")


@require_POST
def open_account(request: HttpRequest, employee_id: int) -> HttpResponse:
    person, actor, now = _managed(request, employee_id, "officers.issue_password")
    try:
        user = services.open_account(employee=person, actor=actor, now=now)
    except OrganizationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Akun {user.username} dibuka; sekarang beri sandi awalnya.")
    return redirect("pegawai:detail", person.pk)


def _visible(request: HttpRequest, employee_id: int) -> tuple[Employee, datetime]:
    """Return the employee if the person may see him, else 404."""
    now = timezone.now()
    people = visible_employees(signed_in(request), now)
    related = people.select_related("agency", "unit", "superior", "user")
    return get_object_or_404(related, pk=employee_id), now


def _managed(
    request: HttpRequest, employee_id: int, capability: str = MANAGE
) -> tuple[Employee, Actor, datetime]:
    """Return the employee and the actor; 404 if he may not be seen, 403 if not be changed."""
    person, now = _visible(request, employee_id)
    return person, actor_allowed(signed_in(request), capability, person.agency, now), now
