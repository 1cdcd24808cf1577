"""PDFs are made once, many with one start, and one that cannot be made does not stop the others."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from django.conf import LazySettings

from documents.exceptions import DocumentError
from documents.models import Document, PdfCopy
from documents.renditions import office, pdf
from documents.renditions.pdf import ask_pdf, make_pdf
from documents.storage import sha256_of_file, stored_path
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from foundation.outbox import Postponed
from tests.cast import NOW
from tests.documents.renditions.conftest import MakeDocument, StandIn

Starts = Callable[[], list[int]]
MAKE_ALL = "for file in files:\n    make(file)\n"


def asked(document: Document) -> PdfCopy:
    return ask_pdf(document=document, actor=SYSTEM, now=NOW)


def many(make_document: MakeDocument, number: int) -> list[PdfCopy]:
    return [asked(make_document(f"Surat {n}")) for n in range(number)]


def states(copies: list[PdfCopy]) -> list[str]:
    rows = PdfCopy.objects.in_bulk([copy.pk for copy in copies])
    return [rows[copy.pk].state for copy in copies]


def run(copy: PdfCopy) -> None:
    make_pdf(copy_id=copy.pk, now=NOW)


def test_a_pdf_is_stored_with_hash_size_and_event(
    make_document: MakeDocument, stand_in: StandIn
) -> None:
    stand_in(MAKE_ALL)
    copy = asked(make_document())
    run(copy)
    copy.refresh_from_db()
    assert copy.state == PdfCopy.State.DONE
    assert sha256_of_file(stored_path(copy.file.name or "")) == (copy.sha256, copy.size)
    assert Event.objects.get(verb="pdf_made").after["sha256"] == copy.sha256


def test_what_is_on_its_way_or_made_is_not_asked_for_again(
    make_document: MakeDocument, stand_in: StandIn, starts: Starts
) -> None:
    stand_in(MAKE_ALL)
    document = make_document()
    assert asked(document) == asked(document)
    outbox.drain()
    asked(document)
    outbox.drain()
    assert starts() == [1]


def test_one_start_makes_all_that_wait(
    make_document: MakeDocument, stand_in: StandIn, starts: Starts
) -> None:
    stand_in(MAKE_ALL)
    copies = many(make_document, pdf.AT_ONCE + 3)
    outbox.drain()
    assert set(states(copies)) == {PdfCopy.State.DONE}
    assert starts() == [pdf.AT_ONCE, 3]


def test_a_large_document_is_not_joined_by_others(
    make_document: MakeDocument, stand_in: StandIn, starts: Starts
) -> None:
    stand_in(MAKE_ALL)
    copies = [asked(make_document(f"Besar {n}", size=10_000_000)) for n in range(2)]
    run(copies[0])
    assert starts() == [1]
    assert states(copies) == [PdfCopy.State.DONE, PdfCopy.State.WAITING]


def test_a_file_that_cannot_be_made_does_not_take_the_others_along(
    make_document: MakeDocument, stand_in: StandIn, starts: Starts
) -> None:
    copies = many(make_document, 3)
    bad = copies[1].pk
    stand_in(f"for file in files:\n    if file.stem != '{bad}':\n        make(file)\n")
    outbox.drain()
    assert states(copies) == [PdfCopy.State.DONE, PdfCopy.State.FAILED, PdfCopy.State.DONE]
    assert starts() == [3, 1]  # once with the others, once alone
    assert "tidak dapat mengubah" in PdfCopy.objects.get(pk=bad).error


def test_a_fall_in_the_middle_keeps_what_was_finished_and_the_rest_comes_next(
    make_document: MakeDocument, stand_in: StandIn
) -> None:
    copies = many(make_document, 3)
    stand_in("make(files[0])\nos.abort()\n")
    run(copies[0])
    assert states(copies) == [PdfCopy.State.DONE, PdfCopy.State.WAITING, PdfCopy.State.WAITING]
    stand_in(MAKE_ALL)
    run(copies[1])
    run(copies[2])
    assert set(states(copies)) == {PdfCopy.State.DONE}


def test_when_its_time_is_over_it_is_killed_and_half_a_file_is_none(
    make_document: MakeDocument, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "MOST_SECONDS", 2)
    copy = asked(make_document())
    stand_in("(target / f'{files[0].stem}.pdf').write_bytes(b'%PDF-1.4 half')\ntime.sleep(60)\n")
    with pytest.raises(DocumentError, match="belum selesai"):
        run(copy)
    copy.refresh_from_db()
    assert copy.state == PdfCopy.State.WAITING
    stand_in(MAKE_ALL)
    run(copy)
    assert states([copy]) == [PdfCopy.State.DONE]


def test_what_fails_every_time_says_so_on_its_page_and_may_be_tried_again(
    make_document: MakeDocument, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MAX_ATTEMPTS", 1)
    stand_in("os.abort()\n")
    document = make_document()
    copy = asked(document)
    outbox.drain()
    copy.refresh_from_db()
    assert (copy.state, copy.error) == (PdfCopy.State.FAILED, pdf.FELL_OVER)
    stand_in(MAKE_ALL)
    ask_pdf(document=document, actor=SYSTEM, now=NOW + timedelta(minutes=1))
    outbox.drain()
    assert states([copy]) == [PdfCopy.State.DONE]


def test_without_libreoffice_it_is_refused_and_what_waits_is_told(
    make_document: MakeDocument, stand_in: StandIn, settings: LazySettings
) -> None:
    stand_in(MAKE_ALL)
    copy = asked(make_document())
    settings.SOFFICE = "/tidak/ada/soffice"
    with pytest.raises(DocumentError, match="LibreOffice tidak terpasang di server ini"):
        asked(make_document("Lain"))
    outbox.drain()
    copy.refresh_from_db()
    assert copy.state == PdfCopy.State.FAILED
    assert office.MISSING in copy.error


def test_a_word_file_that_was_changed_is_not_made_a_pdf(
    make_document: MakeDocument, stand_in: StandIn, starts: Starts
) -> None:
    stand_in(MAKE_ALL)
    copy = asked(make_document())
    stored_path(copy.document.file.name or "").write_bytes(b"lain")
    run(copy)
    copy.refresh_from_db()
    assert (copy.state, copy.error) == (PdfCopy.State.FAILED, pdf.TAMPERED)
    assert starts() == []


def test_while_another_worker_has_it_it_waits_and_after_its_death_it_is_taken(
    make_document: MakeDocument, stand_in: StandIn
) -> None:
    stand_in(MAKE_ALL)
    copy = asked(make_document())
    PdfCopy.objects.update(lease_token="lain", leased_until=NOW + pdf.LEASE)
    with pytest.raises(Postponed, match="bersama dokumen lain"):
        run(copy)
    make_pdf(copy_id=copy.pk, now=NOW + pdf.LEASE)
    assert states([copy]) == [PdfCopy.State.DONE]


def test_when_all_slots_are_taken_the_next_waits_its_turn(
    make_document: MakeDocument, stand_in: StandIn
) -> None:
    stand_in(MAKE_ALL)
    copy = asked(make_document())
    with office.slot(), office.slot(), pytest.raises(Postponed, match="Menunggu giliran"):
        run(copy)
    run(copy)
    assert states([copy]) == [PdfCopy.State.DONE]


def test_two_workers_at_once_take_different_documents(
    make_document: MakeDocument,
    stand_in: StandIn,
    starts: Starts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in(MAKE_ALL)
    copies = many(make_document, pdf.AT_ONCE + 5)
    convert = office.Slot.convert

    def while_another_works(slot: office.Slot, words: Mapping[str, bytes]) -> office.Batch:
        monkeypatch.setattr(office.Slot, "convert", convert)
        run(copies[-1])
        return convert(slot, words)

    monkeypatch.setattr(office.Slot, "convert", while_another_works)
    run(copies[0])
    assert set(states(copies)) == {PdfCopy.State.DONE}
    assert sorted(starts()) == [5, pdf.AT_ONCE]
    assert Event.objects.filter(verb="pdf_made").count() == len(copies)


def test_an_office_that_wants_it_gets_the_pdf_of_every_document(
    make_document: MakeDocument, stand_in: StandIn, settings: LazySettings
) -> None:
    stand_in(MAKE_ALL)
    document = make_document()
    pdf.ask_if_always(document=document, now=NOW)
    assert not OutboxJob.objects.filter(kind=pdf.JOB).exists()
    settings.PDF_ALWAYS = True
    pdf.ask_if_always(document=document, now=NOW)
    outbox.drain()
    assert PdfCopy.objects.get().state == PdfCopy.State.DONE
