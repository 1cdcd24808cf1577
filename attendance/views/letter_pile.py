"""A pile of paper letters on one page: rows that succeed leave it, the others stay as typed."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from attendance import links
from attendance.exceptions import LetterRefused
from attendance.letters.forms import DateInput
from attendance.letters.rules import LetterData, kind_choices
from attendance.services import letter_pile as pile
from attendance.views.common import agency_of, page, person_of
from organization.models import Employee, User
from organization.permissions import local_date

ROWS = 8
MOST_ROWS = 40
NEEDED = {"required": "Wajib diisi."}


class PileForm(forms.Form):
    """One paper letter. A row without a person is empty."""

    use_required_attribute = False  # an empty row is no mistake

    person = forms.CharField(
        label="Pegawai",
        max_length=200,
        error_messages=NEEDED,
        widget=forms.TextInput(attrs={"list": "daftar-pegawai", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label="Jenis",
        choices=lambda: [("", "Pilih jenis"), *kind_choices()],
        error_messages=NEEDED,
    )
    first_on = forms.DateField(label="Dari tanggal", widget=DateInput, error_messages=NEEDED)
    last_on = forms.DateField(label="Sampai tanggal", required=False, widget=DateInput)
    number = forms.CharField(label="Nomor surat", max_length=100, required=False)
    issuer = forms.CharField(label="Pejabat penerbit", max_length=150, required=False)
    scan = forms.FileField(label="Pindaian", required=False)
    held = forms.CharField(required=False, widget=forms.HiddenInput)

    held_name = ""

    def is_empty(self) -> bool:
        texts = (self.data.get(self.add_prefix(name), "") for name in self.fields)
        return not any(str(text).strip() for text in texts) and not self.files.get(
            self.add_prefix("scan")
        )

    def letter_data(self) -> LetterData:
        said = self.cleaned_data
        return LetterData(
            kind=said["kind"],
            first_on=said["first_on"],
            last_on=said["last_on"] or said["first_on"],
            number=said["number"],
            issuer=said["issuer"],
        )


@require_http_methods(["GET", "POST"])
def enter_pile(request: HttpRequest) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    agency = agency_of(request, "letters.enter", now)
    if agency is None:
        raise PermissionDenied
    people = list(
        Employee.objects.filter(agency=agency).active(local_date(agency, now)).order_by("name")
    )
    rows = _blank(ROWS)
    done: list[pile.Outcome] = []
    if request.method == "POST":
        rows, done = _enter_rows(request, people, user)
        if done and not rows:
            messages.success(request, f"{len(done)} surat dicatat dan diajukan.")
            return HttpResponseRedirect(links.LETTERS)
    context = {
        "agency": agency,
        "rows": rows or _blank(ROWS),
        "done": done,
        "refused": len(rows) if request.method == "POST" else 0,
        "is_empty": request.method == "POST" and not rows,
        "people": [pile.person_text(person) for person in people],
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "attendance/letter_pile.html", context, tab="letters", status=status)


def _blank(count: int) -> list[PileForm]:
    return [PileForm(prefix=f"baris-{number}") for number in range(count)]


def _enter_rows(
    request: HttpRequest, people: list[Employee], user: User
) -> tuple[list[PileForm], list[pile.Outcome]]:
    """Enter what was typed row by row; return the rows that stay and what was entered."""
    now = timezone.now()
    pile.drop_old_scans(user=user, now=now)
    stay, done = [], []
    for number in range(MOST_ROWS):
        form = PileForm(request.POST, request.FILES, prefix=f"baris-{number}")
        if form.is_empty():
            continue
        outcome = _enter_row(form, people, user)
        if outcome is not None:
            done.append(outcome)
        else:
            stay.append(form)
    return stay, done


def _enter_row(form: PileForm, people: list[Employee], user: User) -> pile.Outcome | None:
    """Enter one row; None where it stays on the page, with its sentences and its scan."""
    token = str(form.data.get(form.add_prefix("held"), ""))
    if form.is_valid():
        scan, name = form.cleaned_data["scan"], ""
        held = None if scan else pile.held_scan(token=token, user=user)
        if scan:
            name = scan.name
        elif held is not None:
            scan, name = held
        row = pile.PileRow(
            person=form.cleaned_data["person"], data=form.letter_data(), scan=scan, name=name
        )
        outcome = pile.enter_row(row=row, people=people, user=user, now=timezone.now())
        if outcome.letter is not None:
            pile.drop_scan(token=token, user=user)
            return outcome
        for field, text in (outcome.errors or {}).items():
            form.add_error(field if field in form.fields else None, text)
    _hold(form, token, user)
    return None


def _hold(form: PileForm, token: str, user: User) -> None:
    """Keep the row's scan, new or held before, so that sending the row again brings it along."""
    upload = form.files.get(form.add_prefix("scan"))
    if upload is not None:
        try:
            fresh = pile.hold_scan(file=upload, name=upload.name or "", user=user)
        except LetterRefused as refusal:
            if "scan" not in form.errors:
                form.add_error("scan", refusal.message)
        else:
            pile.drop_scan(token=token, user=user)
            token = fresh
    form.data = {name: form.data.get(name) for name in form.data}
    form.data[form.add_prefix("held")] = token
    form.held_name = pile.held_name(token=token, user=user) if token else ""
