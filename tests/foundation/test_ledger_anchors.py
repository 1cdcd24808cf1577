"""Anchors: a file a day outside the database, chained by digest, held against rows and events."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.management import CommandError, call_command

from foundation import ledger, outbox
from foundation.ledger.anchors import AnchorBroken, anchor_if_due, anchor_path, write_anchor
from foundation.models import Anchor, Event
from organization.models import Agency
from tests.cast import NOW, make_agency
from tests.foundation.ledger_acts import write

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.ANCHOR_FOLDER = tmp_path / "elsewhere"
    return tmp_path / "elsewhere"


@pytest.fixture
def agency() -> Agency:
    agency = make_agency()
    write(agency, 3)
    return agency


def faults() -> list[tuple[str, int, str]]:
    return [(fault.stream, fault.sequence, fault.reason) for fault in ledger.verify()]


def lines(number: int) -> list[str]:
    return anchor_path(number).read_text().splitlines()


def test_a_file_names_its_number_moment_predecessor_and_the_heads(agency: Agency) -> None:
    anchor = write_anchor(now=NOW)
    assert anchor is not None
    assert lines(1) == [
        "SOPan jangkar 1",
        "2026-04-20T01:00:00.000000+00:00",
        "-",
        f"{agency.stream} 3 {agency.ledger_hash}",
    ]
    assert (anchor.streams, anchor.events, anchor.previous_digest) == (1, 3, "")
    second = write_anchor(now=NOW + DAY)
    assert second is not None
    assert lines(2)[2] == second.previous_digest == anchor.digest
    assert faults() == []


def test_a_stream_is_named_when_it_changed_since_the_anchor_before_the_last(agency: Agency) -> None:
    other = make_agency("dinkes")
    write(other, 1)
    write_anchor(now=NOW)
    write(other, 1)
    for days in (1, 2, 3):
        write_anchor(now=NOW + days * DAY)
    assert [len(lines(number)) - 3 for number in (1, 2, 3, 4)] == [2, 2, 1, 0]
    assert lines(3)[3].startswith(f"{other.stream} 2 ")


def test_one_anchor_a_day_is_enough(agency: Agency) -> None:
    assert anchor_if_due(now=NOW) is not None
    assert anchor_if_due(now=NOW + timedelta(hours=3)) is None
    assert anchor_if_due(now=NOW + DAY) is not None
    assert Anchor.objects.count() == 2


def test_a_file_that_is_gone_or_altered_is_named(agency: Agency) -> None:
    write_anchor(now=NOW)
    write_anchor(now=NOW + DAY)
    path = anchor_path(1)
    content = path.read_text()
    path.write_text(content.replace(" 3 ", " 2 "))
    assert ("foundation.anchor", 1, "sidik berkas jangkar berbeda dari barisnya") in faults()
    path.unlink()
    assert faults() == [("foundation.anchor", 1, "berkas jangkar hilang")]
    path.write_bytes(b"\xff")
    assert ("foundation.anchor", 1, "berkas jangkar tidak terbaca") in faults()


def test_a_row_that_is_gone_or_altered_is_named(agency: Agency) -> None:
    for days in range(3):
        write_anchor(now=NOW + days * DAY)
    Anchor.objects.filter(number=3).update(previous_digest="0" * 64)
    assert ("foundation.anchor", 3, "tidak menyambung jangkar sebelumnya") in faults()
    Anchor.objects.filter(number=3).delete()
    assert faults() == [("foundation.anchor", 3, "berkas jangkar ada, barisnya tidak ada")]
    Anchor.objects.filter(number=1).delete()
    assert ("foundation.anchor", 1, "baris jangkar hilang") in faults()


def test_a_record_thrown_away_and_begun_anew_differs_from_its_anchor(agency: Agency) -> None:
    write_anchor(now=NOW)
    Event.objects.filter(stream=agency.stream)._raw_delete("default")
    Agency.objects.filter(pk=agency.pk).update(ledger_length=0, ledger_hash="")
    assert faults() == [(agency.stream, 3, "berbeda dari jangkar 1 (2026-04-20)")]


def test_a_file_left_by_a_crash_is_taken_up_and_never_overwritten(agency: Agency) -> None:
    write_anchor(now=NOW)
    content = anchor_path(1).read_bytes()
    Anchor.objects.all().delete()
    write(agency, 2)
    taken_up = write_anchor(now=NOW + DAY)
    assert taken_up is not None
    assert (anchor_path(1).read_bytes(), taken_up.at) == (content, NOW)
    assert faults() == []
    anchor_path(2).write_text("SOPan jangkar 2\n2026-04-20T01:00:00+00:00\nlain\n")
    with pytest.raises(AnchorBroken, match="bukan lanjutan"):
        write_anchor(now=NOW + 2 * DAY)


def test_the_digest_is_mailed_by_a_worker(agency: Agency, settings: LazySettings) -> None:
    settings.ANCHOR_MAIL = ["inspektorat@example.go.id"]
    anchor = write_anchor(now=NOW)
    assert mail.outbox == []  # nothing is sent in a transaction
    outbox.drain()
    (letter,) = mail.outbox
    assert anchor is not None
    assert (letter.to, letter.subject) == (["inspektorat@example.go.id"], "SOPan: jangkar 1")
    assert anchor.digest in letter.body


def test_the_command_anchors_only_what_is_whole(agency: Agency) -> None:
    call_command("verify_ledger", "--anchor")
    assert Anchor.objects.count() == 1
    Event.objects.filter(sequence=1).update(verb="lain")
    with pytest.raises(CommandError, match="1 kejanggalan"):
        call_command("verify_ledger", "--anchor")
    assert Anchor.objects.count() == 1
