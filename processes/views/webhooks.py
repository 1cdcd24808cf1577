"""Webhook: which programs are told of what; added, paused, taken away; what became of messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actors import Actor
from organization.models import Agency, User
from organization.permissions import actor_allowed, agencies_where, refusal
from processes.exceptions import InvalidAnswers
from processes.models import WebhookDelivery, WebhookSubscription
from processes.services import webhooks
from processes.services.webhooks import CAPABILITY, SYSTEM_CAPABILITY
from processes.views.common import person, refusals_as_pages
from processes.webhooks import kinds
from processes.webhooks.addresses import AddressRefused, read

LATEST = 50
EVERYWHERE = "*"  # the choice of the whole installation


@dataclass(frozen=True)
class Desk:
    """Whose webhooks a person looks after."""

    user: User
    now: datetime
    agencies: Mapping[int, Agency]
    system: Agency | None  # where the decisions on the installation's webhooks are recorded

    @classmethod
    def of(cls, user: User, now: datetime) -> "Desk":
        rows = agencies_where(user, CAPABILITY, now).order_by("name")
        system = agencies_where(user, SYSTEM_CAPABILITY, now).order_by("pk").first()
        return cls(user, now, {agency.pk: agency for agency in rows}, system)

    @property
    def is_anybodys(self) -> bool:
        return bool(self.agencies) or self.system is not None

    def rows(self) -> QuerySet[WebhookSubscription]:
        seen = Q(agency__in=list(self.agencies))
        if self.system is not None:
            seen |= Q(agency=None)
        rows = WebhookSubscription.objects.filter(seen, removed_at=None)
        return rows.select_related("agency", "keeper").order_by("pk")

    def get(self, subscription_id: int) -> WebhookSubscription:
        """Return one of them; of what is others' not even that it is there."""
        found = self.rows().filter(pk=subscription_id).first()
        if found is None:
            raise Http404("Webhook ini tidak ada.")
        return found

    def actor(self, agency: Agency | None) -> Actor:
        if agency is None and self.system is not None:
            return actor_allowed(self.user, SYSTEM_CAPABILITY, self.system, self.now)
        if agency is None:
            raise PermissionDenied(refusal(self.user, SYSTEM_CAPABILITY, None, self.now))
        return actor_allowed(self.user, CAPABILITY, agency, self.now)

    def subscribe(
        self, agency: Agency | None, address: str, names: list[str]
    ) -> tuple[WebhookSubscription, str]:
        actor, keeper = self.actor(agency), agency or self.system
        if keeper is None:
            raise PermissionDenied(refusal(self.user, SYSTEM_CAPABILITY, None, self.now))
        return webhooks.subscribe(
            agency=agency, keeper=keeper, address=address, names=names, actor=actor,
            user=self.user, now=self.now,
        )  # fmt: skip


class WebhookForm(forms.Form):
    agency = forms.ChoiceField(label="Kejadian dari")
    address = forms.CharField(
        label="Alamat program penerima",
        max_length=300,
        help_text="Tanyakan kepada pembuat programnya. Diawali https, misalnya "
        "https://sistem.contoh.go.id/kabar.",
    )
    kinds = forms.MultipleChoiceField(
        label="Kejadian yang diberitahukan",
        help_text="Pilih seperlunya; setiap kejadian menjadi satu kiriman.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Pilih setidaknya satu kejadian."},
    )

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(agency.code, agency.name) for agency in desk.agencies.values()]
        if desk.system is not None:
            choices.append((EVERYWHERE, "Seluruh instalasi"))
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = choices
        offered = sorted(kinds.offered().values(), key=lambda one: one.title)
        fields["kinds"].choices = [(one.name, one.title) for one in offered]

    def clean_address(self) -> str:
        """Refuse here already what the service refuses, so that all is said at once."""
        address: str = self.cleaned_data["address"]
        try:
            read(address)
        except AddressRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return address


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def listed(request: HttpRequest) -> HttpResponse:
    """List the webhooks and add one; its secret stands on the answer, and nowhere ever again."""
    desk = Desk.of(person(request), timezone.now())
    if not desk.is_anybodys:
        raise PermissionDenied(refusal(desk.user, CAPABILITY, None, desk.now))
    form = WebhookForm(desk, request.POST or None)
    added, secret = None, ""
    if form.is_valid():
        by_code = {agency.code: agency for agency in desk.agencies.values()}
        given = form.cleaned_data
        try:
            added, secret = desk.subscribe(
                by_code.get(given["agency"]), given["address"], given["kinds"]
            )
        except InvalidAnswers as wrong:
            for name, text in wrong.errors.items():
                form.add_error(name, text)
    failed = form.is_bound and added is None
    context = {
        "rows": [(row, _titles(row)) for row in desk.rows()],
        "form": form if failed or added is None else WebhookForm(desk),
        "added": added,
        "secret": secret,
    }
    response = render(request, "processes/webhooks.html", context, status=422 if failed else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def detail(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Show one webhook and what became of its latest messages."""
    row = Desk.of(person(request), timezone.now()).get(subscription_id)
    latest = row.deliveries.order_by("-pk")[:LATEST]
    failed = row.deliveries.filter(state=WebhookDelivery.State.FAILED).count()
    context = {
        "row": row,
        "kinds": _titles(row),
        "deliveries": [(one, kinds.title_of(one.kind)) for one in latest],
        "failed": failed,
        "latest": LATEST,
        "longest_failing": webhooks.LONGEST_FAILING.days,
    }
    return render(request, "processes/webhook.html", context)


@require_POST
@refusals_as_pages
def pause(request: HttpRequest, subscription_id: int) -> HttpResponse:
    row, actor, now = _chosen(request, subscription_id)
    webhooks.pause_webhook(subscription=row, actor=actor, now=now, reason="Dijeda pengelolanya.")
    messages.success(request, "Webhook dijeda; kejadian selama jeda tidak dikirim.")
    return redirect("webhook:detail", row.pk)


@require_POST
@refusals_as_pages
def resume(request: HttpRequest, subscription_id: int) -> HttpResponse:
    row, actor, now = _chosen(request, subscription_id)
    webhooks.resume_webhook(subscription=row, actor=actor, now=now)
    messages.success(request, "Webhook dilanjutkan; kejadian mulai sekarang dikirim.")
    return redirect("webhook:detail", row.pk)


@require_POST
@refusals_as_pages
def remove(request: HttpRequest, subscription_id: int) -> HttpResponse:
    row, actor, now = _chosen(request, subscription_id)
    webhooks.remove_webhook(subscription=row, actor=actor, now=now)
    messages.success(request, f"Webhook ke {row.address} dihapus.")
    return redirect("webhook:index")


@require_POST
@refusals_as_pages
def send_test(request: HttpRequest, subscription_id: int) -> HttpResponse:
    row, actor, now = _chosen(request, subscription_id)
    webhooks.send_test(subscription=row, actor=actor, now=now)
    messages.success(request, "Kiriman uji sedang dikirim; muat ulang untuk melihat hasilnya.")
    return redirect("webhook:detail", row.pk)


@require_POST
@refusals_as_pages
def try_again(request: HttpRequest, subscription_id: int) -> HttpResponse:
    row, actor, now = _chosen(request, subscription_id)
    count = webhooks.try_again(subscription=row, actor=actor, now=now)
    messages.success(request, f"{count} kiriman dikirim ulang; muat ulang untuk melihat hasilnya.")
    return redirect("webhook:detail", row.pk)


def _titles(row: WebhookSubscription) -> list[str]:
    return sorted(kinds.title_of(name) for name in row.kinds)


def _chosen(
    request: HttpRequest, subscription_id: int
) -> tuple[WebhookSubscription, Actor, datetime]:
    desk = Desk.of(person(request), timezone.now())
    row = desk.get(subscription_id)
    return row, desk.actor(row.agency), desk.now
