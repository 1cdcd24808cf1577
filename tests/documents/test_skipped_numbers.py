"""After a restore the numbers go on after the paper book's last; what lies between is on record."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from documents.archive.series import series_faults
from documents.exceptions import DocumentError
from documents.issue.numbering import LETTERS, MOST_SKIPPED, peek_serial, take_serial
from documents.models import LetterNumber
from documents.services import skip_letter_numbers
from foundation.actors import SYSTEM
from foundation.models import Event
from tests.cast import NOW, Cast

BOOK = "pemulihan cadangan, buku agenda 2026"


def test_the_next_letter_follows_the_paper_book_and_the_gap_is_explained(cast: Cast) -> None:
    skip_letter_numbers(agency=cast.agency, last=41, reason=BOOK, actor=SYSTEM, now=NOW)
    assert peek_serial(cast.agency, LETTERS, 2026) == 42
    event = Event.objects.get(verb="letter_numbers_skipped")
    assert (event.before["last"], event.after["last"], event.after["reason"]) == (0, 41, BOOK)
    assert list(series_faults()) == []
    LetterNumber.objects.update(last=42)
    assert [reason for _, reason in series_faults()] == ["nomor terlewat: 42"]


def test_it_never_goes_back_nor_far_ahead_nor_without_a_reason(cast: Cast) -> None:
    assert take_serial(cast.agency, LETTERS, 2026) == 1
    for last, reason in ((1, BOOK), (MOST_SKIPPED + 2, BOOK), (9, "  ")):
        with pytest.raises(DocumentError):
            skip_letter_numbers(agency=cast.agency, last=last, reason=reason, actor=SYSTEM, now=NOW)
    assert peek_serial(cast.agency, LETTERS, 2026) == 2
    assert not Event.objects.exists()


def test_the_admin_says_it_on_the_page_of_numbers_and_nobody_else(cast: Cast) -> None:
    admin, kadis = Client(), Client()
    admin.force_login(cast.admin)
    kadis.force_login(cast.kadis)
    said = {"last": "41", "reason": BOOK}
    assert kadis.post("/dokumen/kop/nomor/terakhir/", said).status_code == 403
    assert admin.post("/dokumen/kop/nomor/terakhir/", said).status_code == 302
    again = admin.post("/dokumen/kop/nomor/terakhir/", said)
    assert again.status_code == 422
    assert "Penghitung sudah di nomor 41" in again.content.decode()
    assert LetterNumber.objects.get().last == 41


def test_the_command_does_the_same_right_after_a_restore(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("skip_letter_numbers", cast.agency.code, "--last", "7", "--reason", BOOK)
    assert "Nomor berikutnya: 8" in capsys.readouterr().out
    with pytest.raises(CommandError, match="sudah di nomor 7"):
        call_command("skip_letter_numbers", cast.agency.code, "--last", "7", "--reason", BOOK)
