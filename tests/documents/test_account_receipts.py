"""Receipts of accounts: of the day that was asked for, from the head, or none and no number."""

import pytest

from documents.catalogue import report_named
from documents.models import Document, DocumentOrder
from documents.orders.asking import order_report
from foundation import outbox
from foundation.actors import SYSTEM
from tests.cast import APPOINTED_ON, NOW, Cast
from tests.documents.words import text_of

pytestmark = pytest.mark.django_db


def ordered(cast: Cast, day: str) -> DocumentOrder:
    made = order_report(
        report=report_named("tanda_terima_akun"), agency=cast.agency, subject=day,
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    outbox.drain()
    made.refresh_from_db()
    return made


def test_a_receipt_names_the_day_asked_for_and_the_head_hands_over(cast: Cast) -> None:
    made = ordered(cast, APPOINTED_ON.isoformat())
    receipts = Document.objects.filter(order=made)
    assert receipts.count() == 3
    for receipt in receipts:
        with receipt.file.open("rb") as stream:
            text = "\n".join(text_of(stream.read()))
        assert "Pada tanggal 2 Januari 2026 telah diserahkan akun" in text
        # The admin among the receivers hands nothing over to himself.
        assert receipt.signed_as == "Kepala Dinas, Ratna Seran"


def test_a_day_without_a_handover_takes_no_number(cast: Cast) -> None:
    made = ordered(cast, "2026-04-17")
    assert made.state == DocumentOrder.State.FAILED
    assert "Tidak ada akun petugas yang diserahkan" in made.error
    assert not Document.objects.exists()
