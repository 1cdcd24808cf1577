"""Asking for reports by hand, and how far what was asked for is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.catalogue import Report, UnknownReport, report_named, reports
from documents.models import Document, DocumentOrder, OrderItem
from documents.orders.asking import REASON, AmendmentUnexplained, order_report, retry_order
from documents.periods import DAY, MONTH, NAMES, WEEK, period_of, refusal_of
from documents.services.withdrawing import LONGEST_REASON
from organization.models import Agency, User
from organization.permissions import (
    account,
    actor_for,
    agencies_where,
    local_date,
    may_somewhere,
)
from workflows.registry import Request, SubjectChoice, report_check, subject_kind

PAGE = 25
NOT_THERE = "Pilihan ini tidak ada, atau bukan wewenang Anda."
# How a browser asks for a time, and what it then sends.
PERIOD_FIELDS = {DAY: "date", WEEK: "week", MONTH: "month"}


@dataclass(frozen=True)
class Offer:
    """A report, and the agencies about which a person may ask for it."""

    report: Report
    agencies: Sequence[Agency]

    def choices(
        self, user: User, agency: Agency, asked: str, now: datetime
    ) -> Sequence[SubjectChoice]:
        """Return what of the agency the report can be about; empty where that is a time.

        What is asked for by its address comes first where it is older than what is listed.
        """
        if self.report.subject in PERIOD_FIELDS:
            return ()
        listed = subject_kind(self.report.subject).list(user.pk, agency.pk, now)
        if not asked or any(choice.subject == asked for choice in listed):
            return listed
        found = self.find(user, agency, asked, now)
        return [found, *listed] if found else listed

    def find(self, user: User, agency: Agency, subject: str, now: datetime) -> SubjectChoice | None:
        """Return the subject if the person may ask for it; of a time, what it is called."""
        if self.report.subject not in PERIOD_FIELDS:
            return subject_kind(self.report.subject).find(user.pk, agency.pk, subject, now)
        return SubjectChoice(subject, period_of(subject).label)

    def refusal(self, user: User, agency: Agency, subject: str, now: datetime) -> str:
        """Return why the report cannot be written about a subject, as far as is known; else ""."""
        kind = self.report.subject
        if kind in PERIOD_FIELDS and (text := refusal_of(kind, subject, local_date(agency, now))):
            return text
        request = Request(
            agency_id=agency.pk, subject=subject, actor=actor_for(user, None, agency, now), now=now
        )
        checks = (report_check.get(n) for n in self.report.contexts if n in report_check)
        return next((text for check in checks if (text := check(request))), "")


class AskForm(forms.Form):
    """Agency and subject of a report; the subject is a time, or one of what the room lists."""

    pd = forms.ChoiceField(label="Perangkat daerah")
    subjek = forms.CharField(label="Tentang", max_length=120)
    alasan = forms.CharField(
        label="Alasan ralat",
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.HiddenInput(),
        help_text="Tersimpan pada pesanan dan terbaca oleh yang boleh melihat suratnya.",
    )

    def __init__(
        self, offer: Offer, choices: Sequence[SubjectChoice], *args: object, **options: object
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        agencies = forms.ChoiceField(
            label="Perangkat daerah",
            choices=[(agency.code, agency.name) for agency in offer.agencies],
        )
        self.is_amending = False
        if len(offer.agencies) == 1:
            agencies.widget = forms.HiddenInput()
        self.fields["pd"] = agencies
        kind = PERIOD_FIELDS.get(offer.report.subject)
        if kind:
            self.fields["subjek"].label = NAMES[offer.report.subject]
            self.fields["subjek"].widget = forms.TextInput({"type": kind})
        else:
            self.fields["subjek"].widget = forms.Select(
                choices=[(choice.subject, choice.label) for choice in choices]
            )

    def ask_why(self, question: str) -> None:
        """Show the field for the reason of a ralat, with the question beside it."""
        self.is_amending = True
        self.fields["alasan"].widget = forms.Textarea({"rows": 3, "maxlength": LONGEST_REASON})
        self.add_error("alasan", question)


@require_safe
@login_required
def report_list(request: HttpRequest) -> HttpResponse:
    """Show the reports that a person may ask for."""
    user, now = account(request.user.pk or 0), timezone.now()
    offers = [offer for report in reports().values() if (offer := _offer(user, report, now))]
    return render(request, "documents/report_list.html", {"offers": offers})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest, report_key: str) -> HttpResponse:
    """Ask for one report: GET shows the form, as far as the address fills it; POST orders it."""
    user, now = account(request.user.pk or 0), timezone.now()
    offer = _offered(user, report_key, now)
    data = request.POST or request.GET
    codes = {agency.code: agency for agency in offer.agencies}
    agency = codes.get(data.get("pd", offer.agencies[0].code))
    if agency is None:
        raise Http404
    choices = offer.choices(user, agency, data.get("subjek", ""), now)
    form = AskForm(offer, choices, request.POST or None, initial=_initial(request, agency))
    if request.method == "POST" and form.is_valid():
        agency = codes[form.cleaned_data["pd"]]
        subject = form.cleaned_data["subjek"]
        refusal = offer.refusal(user, agency, subject, now)
        found = None if refusal else offer.find(user, agency, subject, now)
        if found is not None:
            try:
                order = order_report(
                    report=offer.report,
                    agency=agency,
                    subject=found.subject,
                    label=found.label,
                    actor=actor_for(user, None, agency, now),
                    now=now,
                    reason=form.cleaned_data["alasan"],
                )
            except AmendmentUnexplained as question:
                form.ask_why(str(question))
            else:
                return HttpResponseRedirect(order.get_absolute_url())
        else:
            form.add_error("subjek", refusal or NOT_THERE)
    context = {
        "offer": offer,
        "form": form,
        "is_amending": form.is_amending,
        "is_empty": not _has_subjects(offer, choices),
    }
    return render(request, "documents/ask.html", context)


@require_safe
@login_required
def order_list(request: HttpRequest) -> HttpResponse:
    """Show what was asked for, newest first."""
    orders = _orders(request).select_related("agency")
    page = Paginator(orders, PAGE).get_page(request.GET.get("page"))
    return render(request, "documents/order_list.html", {"page": page})


@require_safe
@login_required
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Tell how far an order is, and what came of it."""
    found = get_object_or_404(_orders(request).select_related("agency"), pk=order_id)
    context = {
        "order": found,
        "reason": found.parameters.get(REASON, ""),
        "done": found.items.filter(state=OrderItem.State.DONE).count(),
        "failed": found.items.filter(state=OrderItem.State.FAILED),
        "documents": Document.objects.filter(order_items__order=found)
        .without_context()
        .order_by("order_items__place"),
        "is_working": found.state in (DocumentOrder.State.WAITING, DocumentOrder.State.WRITING),
    }
    return render(request, "documents/order.html", context)


@require_POST
@login_required
def retry(request: HttpRequest, order_id: int) -> HttpResponse:
    """Let the system try again what has failed."""
    found = get_object_or_404(_orders(request), pk=order_id)
    user, now = account(request.user.pk or 0), timezone.now()
    if found.task_id is not None:
        raise Http404  # its step is tried again on the step's own page
    retry_order(order=found, actor=actor_for(user, None, found.agency_id, now), now=now)
    messages.success(request, "Dicoba lagi.")
    return HttpResponseRedirect(found.get_absolute_url())


def _orders(request: HttpRequest) -> QuerySet[DocumentOrder]:
    orders = DocumentOrder.objects.visible_to(request.user, timezone.now())
    return orders.defer("context")


def _offered(user: User, report_key: str, now: datetime) -> Offer:
    try:
        offer = _offer(user, report_named(report_key), now)
    except UnknownReport:
        offer = None
    if offer is None:
        raise Http404("Laporan ini tidak ada, atau bukan wewenang Anda.")
    return offer


def _offer(user: User, report: Report, now: datetime) -> Offer | None:
    """Return the report if the person may ask for it about some agency.

    A kind of subjects says by itself which of them a person may see: also one's own. A number is
    taken only by who has the permission: where it is about, or anywhere for a report at home.
    """
    if report.only_by_procedure:
        return None
    allowed = Q(pk__in=agencies_where(user, report.permission, now).values("pk"))
    own_too = not report.numbered or (
        report.at_home and may_somewhere(user, report.permission, now)
    )
    if own_too and report.subject not in PERIOD_FIELDS and user.employee is not None:
        own = user.employee.agency_id
        if subject_kind(report.subject).list(user.pk, own, now):
            allowed |= Q(pk=own)
    agencies = list(Agency.objects.filter(allowed).order_by("name"))
    return Offer(report, agencies) if agencies else None


def _initial(request: HttpRequest, agency: Agency) -> dict[str, str]:
    return {"pd": agency.code, "subjek": request.GET.get("subjek", "")}


def _has_subjects(offer: Offer, choices: Sequence[SubjectChoice]) -> bool:
    return offer.report.subject in PERIOD_FIELDS or bool(choices)
