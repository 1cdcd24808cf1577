"""Withdrawing a document: by whom, with which reason, once."""

import pytest
from django.test import Client
from django.urls import reverse

from documents.models import Document
from documents.services import verify_archive, withdraw_document
from documents.services.withdrawing import WithdrawalRefused
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.test_services import issue

REASON = "Jumlah hari pada tabel kedua keliru."


@pytest.fixture
def document(instance: Instance) -> Document:
    return issue(instance)


def post(cast: Cast, who: str, document: Document, reason: str = REASON) -> int:
    client = Client()
    client.force_login(getattr(cast, who))
    address = reverse("dokumen:withdraw", args=[document.pk])
    return client.post(address, {"alasan": reason}).status_code


def test_the_event_tells_who_and_when_and_keeps_the_reason_as_a_hash(document: Document) -> None:
    withdrawn = withdraw_document(document=document, reason=REASON, actor=SYSTEM, now=NOW)
    assert (withdrawn.withdrawn_at, withdrawn.withdrawn_by) == (NOW, SYSTEM.name)
    assert withdrawn.withdrawn_reason == REASON
    event = Event.objects.get(verb="document_withdrawn")
    assert REASON not in str(event.after)
    assert list(ledger.verify()) == []
    assert list(verify_archive()) == []


@pytest.mark.parametrize("reason", ["", "salah", "   salah      \n", "x" * 501])
def test_a_reason_that_says_too_little_or_too_much_is_refused(
    document: Document, reason: str
) -> None:
    with pytest.raises(WithdrawalRefused, match="10 sampai 500 huruf"):
        withdraw_document(document=document, reason=reason, actor=SYSTEM, now=NOW)


def test_a_document_is_withdrawn_once(document: Document) -> None:
    withdraw_document(document=document, reason=REASON, actor=SYSTEM, now=NOW)
    with pytest.raises(WithdrawalRefused, match="sudah dicabut oleh"):
        withdraw_document(document=document, reason=REASON, actor=SYSTEM, now=NOW)


def test_the_head_withdraws_on_a_page_that_says_what_it_means(
    document: Document, cast: Cast
) -> None:
    client = Client()
    client.force_login(cast.kadis)
    address = reverse("dokumen:withdraw", args=[document.pk])
    assert address in client.get(document.get_absolute_url()).content.decode()
    assert "tidak dapat dibatalkan" in client.get(address).content.decode()
    assert post(cast, "kadis", document, "salah") == 422
    assert post(cast, "kadis", document) == 302
    document.refresh_from_db()
    assert document.withdrawn_by == cast.kadis.get_full_name()
    assert post(cast, "kadis", document) == 422


@pytest.mark.parametrize(("who", "status"), [("admin", 403), ("operator", 403), ("outsider", 404),
                                             ("employee", 404)])  # fmt: skip
def test_nobody_else_does(document: Document, cast: Cast, who: str, status: int) -> None:
    assert post(cast, who, document) == status
    document.refresh_from_db()
    assert document.withdrawn_at is None
