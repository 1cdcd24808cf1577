"""What follows a frozen recap (SOP sheet, stages 7 and 8): packages sent, received, given back."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from attendance.law.discipline import BANDS
from attendance.models import Handover, HandoverPackage
from attendance.recaps.handover_sheets import DISCIPLINE, PERFORMANCE
from attendance.services.handover_runs import run_of
from documents.models import Archive, Document
from documents.storage import sha256_of, stored_path
from foundation import ledger
from foundation.models import Event
from processes.exceptions import GuardRefused
from processes.models import Instance, Message
from tests.attendance.asking import bkd
from tests.attendance.handover_runs import (
    ANSWER,
    ANSWERED,
    GIVE_BACK,
    RECEIVE,
    TAKE,
    Run,
)
from tests.cast import Cast
from tests.documents.words import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_fourth_of_may")]
Status = Handover.Status


@pytest.fixture
def run(cast: Cast) -> Run:
    return Run(cast)


def sheet_of(package: HandoverPackage) -> list[dict[str, Any]]:
    content = stored_path(package.path).read_bytes()
    assert sha256_of(content) == package.sha256
    (sheet,) = load_workbook(BytesIO(content)).worksheets
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def words(document: Document | None) -> str:
    assert document is not None
    return "\n".join(text_of(document.file.read()))


# Sent ---------------------------------------------------------------------------------------------


def test_after_stage_7_who_lacks_days_lies_before_bkd_with_letter_and_sheet(run: Run) -> None:
    handover, package = run.handover(), run.package()

    assert (handover.status, package.round) == (Status.HANDED, 1)
    assert run.waiting() == [RECEIVE]
    assert package.document is not None
    assert package.document.number
    assert package.sha256 in words(package.document)
    told = Message.objects.get(subject=str(handover.pk))
    assert told.sent_by_task is not None
    assert told.sent_by_task.instance == run.month.instance
    assert not Handover.objects.filter(kind="performance").exists()


def test_the_sheet_flags_pns_only_and_counts_the_year(run: Run) -> None:
    package = run.package()
    recap = run.handover().recap
    lines = {line["NIP"]: line for line in sheet_of(package)}

    for row in recap.rows.filter(counters__TK__gt=0):
        line = lines[row.number]
        assert line["TK bulan ini (hari)"] == row.counters["TK"]
        assert line["TK tahun berjalan (hari)"] >= row.counters["TK"]
        flag = line["Penanda PP 94/2021 (informasi, bukan sanksi)"]
        assert bool(flag) == (row.employment == "PNS" and row.counters["TK"] >= BANDS[0].least)
    assert package.figures["tk_hari"] == recap.figures["jumlah"]["TK"]
    assert tuple(next(iter(lines.values()))) == DISCIPLINE


def test_after_stage_8_everybody_s_counters_are_sent(run: Run) -> None:
    run.report()
    package = run.package("performance")
    lines = sheet_of(package)

    assert tuple(lines[0]) == PERFORMANCE
    assert len(lines) == run.handover("performance").recap.figures["pegawai"]
    assert run.waiting("performance") == [RECEIVE]
    assert "SOP Kinerja Individu" in words(package.document)


# Received or given back ---------------------------------------------------------------------------


def test_what_bkd_takes_has_its_number_and_a_receipt_under_its_kop(run: Run, cast: Cast) -> None:
    run.do(RECEIVE, TAKE)
    handover = run.handover()

    assert (handover.status, handover.receipt_number) == (Status.RECEIVED, "800/14")
    assert handover.received_by == bkd(cast)
    assert run.instance().status == Instance.Status.FINISHED
    receipt = Document.objects.get(instance=run.instance(), kind="tanda_terima_bahan")
    home = bkd(cast).employee
    assert home is not None
    assert receipt.context["kop"]["nama"] == home.agency.name
    assert run.package().sha256 in words(receipt)
    assert list(ledger.verify()) == []


def test_nothing_is_taken_without_a_number(run: Run) -> None:
    task = run.claim(RECEIVE)
    with pytest.raises(GuardRefused, match="nomor agenda"):
        run.send(task, {"keputusan_bahan": "bahan_terima"})


def test_a_number_that_would_be_cut_is_not_taken(run: Run) -> None:
    task = run.claim(RECEIVE)
    with pytest.raises(GuardRefused, match="paling panjang 100"):
        run.send(task, TAKE | {"nomor_agenda_bahan": "8" * 101})


def test_a_run_is_titled_after_its_month_and_not_after_the_sop_before(run: Run) -> None:
    assert run.instance().title == "Penerimaan Bahan Laporan Disiplin Pegawai - April 2026"
    run.amend()
    assert run.instance().title.endswith(" - April 2026, ralat ke-1")


def test_a_file_that_is_not_what_its_hash_says_is_not_taken(run: Run) -> None:
    stored_path(run.package().path).write_bytes(b"lain")
    task = run.claim(RECEIVE)
    with pytest.raises(GuardRefused, match="SHA-256"):
        run.send(task, TAKE)


def test_what_came_back_is_made_again_with_an_answer_and_stays_on_record(run: Run) -> None:
    run.do(RECEIVE, GIVE_BACK)
    first = run.package()
    assert (run.handover().status, first.reason) == (Status.RETURNED, "Suratnya belum jelas.")
    assert run.waiting() == [ANSWER]

    run.do(ANSWER, ANSWERED)
    second = run.package()
    assert run.waiting() == [RECEIVE]
    assert (second.round, second.answer) == (2, ANSWERED["tanggapan_pengembalian"])
    assert second.sha256 != first.sha256
    assert sha256_of(stored_path(first.path).read_bytes()) == first.sha256
    assert second.document is not None
    assert second.document.replaces == first.document
    assert "angkanya tetap" in words(second.document)

    run.do(RECEIVE, TAKE)
    assert run.handover().status == Status.RECEIVED
    verbs = Event.objects.filter(subject=f"attendance.handover:{run.handover().pk}")
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        "handover_prepared", "handover_handed", "handover_returned", "handover_prepared",
        "handover_handed", "handover_received",
    ]  # fmt: skip


# Amendments ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("received", [True, False])
def test_an_amendment_hands_over_anew_and_names_what_it_replaces(run: Run, received: bool) -> None:
    if received:
        run.do(RECEIVE, TAKE)
    old, was = run.handover(), run.package()
    before = run.instance()
    new_recap = run.amend()
    new, package = run.handover(), run.package()

    assert (new.recap, new.replaces, new.status) == (new_recap, old, Status.HANDED)
    old.refresh_from_db()
    before.refresh_from_db()
    assert old.status == (Status.RECEIVED if received else Status.REPLACED)
    assert before.status == ("finished" if received else "cancelled")
    assert run.instance() != before
    assert run.waiting() == [RECEIVE]
    assert package.document is not None
    assert package.document.replaces == was.document
    assert "menggantikan" in words(package.document)
    assert package.figures["tk_hari"] == was.figures["tk_hari"] - 1


def test_a_package_is_made_once_however_often_a_worker_tries(run: Run) -> None:
    run.month.do_again("siapkan_bahan_disiplin")
    assert HandoverPackage.objects.count() == 1
    assert run_of(run.handover()) is not None


# The end of the month -----------------------------------------------------------------------------


def test_the_report_of_stage_9_and_the_archive_hold_what_was_handed_over(run: Run) -> None:
    run.report()
    run.do(RECEIVE, TAKE)
    run.month.pass_stage()
    report = Document.objects.get(instance=run.month.instance, kind="laporan_pengelolaan")
    discipline, performance = report.context["serah_terima"]

    assert discipline["diterima"].endswith("agenda 800/14")
    assert performance["diterima"] == "belum diterima"
    assert run.package("performance").sha256 in words(report)
    sealed = Archive.objects.get(instance=run.month.instance)
    hashes = {entry["sha256"] for entry in sealed.manifest["isi"]}
    assert {run.package(kind).sha256 for kind in ("discipline", "performance")} <= hashes
