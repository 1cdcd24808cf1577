"""A report asked for again is a ralat; papers of a SOP are written anew when their data changed."""

from typing import Any

import pytest
from django.test import Client

from documents import catalogue
from documents.catalogue import Report
from documents.models import Document, DocumentOrder
from documents.orders.asking import order_report
from documents.orders.reissuing import ReissueRefused, order_again
from documents.services import verify_archive, withdraw_document
from foundation import outbox
from foundation.actors import SYSTEM
from organization.models import User
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.conftest import work
from tests.documents.words import make_template, text_of
from tests.pages import browser, html_of
from workflows.registry import Request, document_context, report_context
from workflows.requests import request_operation

figures = {"hadir": 20}


@report_context("tests.figures")
def told(request: Request) -> dict[str, Any]:
    return {"angka": dict(figures)}


@pytest.fixture(autouse=True)
def report(monkeypatch: pytest.MonkeyPatch) -> Report:
    made = Report(
        key="angka",
        title="Laporan Angka",
        kind="laporan_angka",
        subject="month",
        contexts=("tests.figures",),
        permission="recap.view",
        numbered=True,
    )
    template = make_template(
        "{% if ralat %}RALAT ke-{{ ralat.ke }} atas {{ ralat.nomor }}: {% endif %}{{ angka.hadir }}"
    )
    monkeypatch.setattr(Report, "template", property(lambda self: template))
    monkeypatch.setattr(catalogue, "reports", lambda: {made.key: made})
    monkeypatch.setattr("documents.views.orders.reports", lambda: {made.key: made})
    figures["hadir"] = 20
    return made


def written(cast: Cast, report: Report, subject: str = "2026-04") -> Document:
    order = order_report(report=report, agency=cast.agency, subject=subject, actor=SYSTEM, now=NOW)
    outbox.drain()
    return Document.objects.get(order_items__order=order)


def line(document: Document) -> str:
    with document.file.open("rb") as stream:
        return text_of(stream.read())[0]


def test_a_report_asked_for_again_after_something_changed_is_a_ralat(
    cast: Cast, report: Report
) -> None:
    first = written(cast, report)
    figures["hadir"] = 21
    second = written(cast, report)
    assert line(second) == f"RALAT ke-1 atas {first.number}: 21"
    assert second.replaces == first
    figures["hadir"] = 22
    assert written(cast, report).amendment == 2
    assert list(verify_archive()) == []


def test_a_report_asked_for_again_while_nothing_changed_is_the_same_document(
    cast: Cast, report: Report
) -> None:
    assert written(cast, report) == written(cast, report)
    assert DocumentOrder.objects.count() == 2


def test_a_withdrawn_report_is_written_anew_even_with_the_same_data(
    cast: Cast, report: Report
) -> None:
    first = written(cast, report)
    withdraw_document(document=first, reason="salah tanda tangan", actor=SYSTEM, now=NOW)
    assert written(cast, report).replaces == first


def ask(cast: Cast, by: User, **sent: str) -> str:
    """Ask on the page; return what it says, "" where it was ordered."""
    answer = browser(by).post(
        "/dokumen/buat/angka/", {"pd": cast.agency.code, "subjek": "2026-04", **sent}
    )
    outbox.drain()
    return html_of(answer)


def test_a_letter_that_stands_is_not_replaced_before_a_person_says_why(
    cast: Cast, report: Report
) -> None:
    assert ask(cast, cast.kadis) == ""
    first = Document.objects.get()
    figures["hadir"] = 21
    for reason in ("", " salah "):
        page = ask(cast, cast.operator, alasan=reason)
        assert f"Sudah ada nomor {first.number}. Terbitkan ralat?" in page
        assert "Terbitkan ralat</button>" in page
    assert Document.objects.count() == 1
    assert ask(cast, cast.operator, alasan="Dua pegawai lupa dihitung") == ""
    second = Document.objects.get(replaces=first)
    assert second.context["ralat"]["alasan"] == "Dua pegawai lupa dihitung"
    assert second.order is not None
    for address in (second.get_absolute_url(), second.order.get_absolute_url()):
        assert "Dua pegawai lupa dihitung" in html_of(browser(cast.kadis).get(address))


def test_after_a_withdrawal_no_reason_is_asked_for(cast: Cast, report: Report) -> None:
    ask(cast, cast.kadis)
    first = Document.objects.get()
    withdraw_document(document=first, reason="salah tanda tangan", actor=SYSTEM, now=NOW)
    assert ask(cast, cast.operator) == ""
    assert Document.objects.get(replaces=first)


def test_another_subject_or_agency_replaces_nothing(cast: Cast, report: Report) -> None:
    written(cast, report)
    assert written(cast, report, "2026-05").replaces is None
    other = order_report(
        report=report, agency=cast.other_agency, subject="2026-04", actor=SYSTEM, now=NOW
    )
    outbox.drain()
    assert Document.objects.get(order=other).replaces is None


# Of a SOP ---------------------------------------------------------------------------------------


WHY = "Surat sakit diterima sesudah rekap disahkan"


def reissue(instance: Instance, key: str, contexts: list[str]) -> None:
    parameters = {"instance": instance.pk, "contexts": contexts, "key": key, "reason": WHY}
    request = Request(
        agency_id=instance.agency_id,
        subject=instance.subject,
        actor=SYSTEM,
        now=NOW,
        parameters=parameters,
    )
    request_operation(name="documents.reissue", key=key, request=request)
    outbox.drain()
    outbox.drain()


def test_what_a_step_wrote_with_changed_data_is_written_again_and_names_the_old(
    instance: Instance,
) -> None:
    work(instance)  # the letter
    work(instance)  # one per person, with tests.people
    before = list(Document.objects.filter(kind="surat_orang").order_by("item_key"))
    assert len(before) == 2
    for _ in range(2):  # a worker that died is asked again
        reissue(instance, "ralat-1", ["tests.people"])
    orders = DocumentOrder.objects.filter(key__startswith="ralat:")
    assert [order.state for order in orders] == [DocumentOrder.State.DONE] * 2
    # Nothing about these people is different now: nothing is issued.
    assert Document.objects.filter(kind="surat_orang").count() == 2


def test_papers_that_nothing_changed_are_left_alone(instance: Instance) -> None:
    work(instance)
    reissue(instance, "ralat-1", ["tests.something_else"])
    assert not DocumentOrder.objects.filter(key__startswith="ralat:").exists()


def test_whoever_is_new_gets_a_first_document_and_the_others_a_ralat(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(instance)
    work(instance)
    before = {row.item_key: row for row in Document.objects.filter(kind="surat_orang")}
    people = [{"nama": "Petrus Nahak", "nip": "1"}, {"nama": "Maria Tefa-Seran", "nip": "2"}]
    changed = {"orang": [*people, {"nama": "Joko Tallo", "nip": "3"}]}
    monkeypatch.setitem(document_context._functions, "tests.people", lambda context: changed)
    reissue(instance, "ralat-1", ["tests.people"])
    standing = Document.objects.filter(replaced_by=None, kind="surat_orang")
    rows = {row.item_key: row for row in standing}
    assert {key: row.amendment for key, row in rows.items()} == {"1": 1, "2": 1, "3": 0}
    assert rows["2"].replaces == before["2"]
    assert rows["3"].replaces is None
    assert list(verify_archive()) == []
    ralat = Document.objects.filter(kind="surat_orang").exclude(replaces=None).first()
    assert ralat is not None
    assert ralat.context["ralat"]["alasan"] == WHY


# Issued again -----------------------------------------------------------------------------------

REASON = "PDF yang diunggah keliru."


def withdrawn(document: Document) -> Document:
    return withdraw_document(document=document, reason=REASON, actor=SYSTEM, now=NOW)


def again(document: Document) -> Document:
    order = order_again(document=document, actor=SYSTEM, now=NOW)
    outbox.drain()
    return Document.objects.get(order_items__order=order)


def test_a_withdrawn_report_is_issued_again_with_its_own_data_and_another_number(
    cast: Cast, report: Report
) -> None:
    first = withdrawn(written(cast, report))
    figures["hadir"] = 99
    second = again(first)
    assert line(second) == f"RALAT ke-1 atas {first.number}: 20"
    assert second.replaces == first
    assert second.number != first.number
    assert again(first) == second
    assert list(verify_archive()) == []


def test_a_withdrawn_paper_of_a_sop_is_issued_again_and_those_beside_it_are_not(
    instance: Instance,
) -> None:
    work(instance)
    work(instance)
    first = withdrawn(Document.objects.get(kind="surat_orang", item_key="2"))
    second = again(first)
    assert (second.replaces, second.item_key, second.amendment) == (first, "2", 1)
    assert second.context["item"] == first.context["item"]
    assert second.file_name == first.file_name.replace(".docx", " - ralat 1.docx")
    assert Document.objects.filter(kind="surat_orang").count() == 3
    third = again(withdrawn(second))
    assert (third.replaces, third.amendment) == (second, 2)
    assert list(verify_archive()) == []


def test_what_holds_or_was_replaced_is_not_issued_again(cast: Cast, report: Report) -> None:
    first = written(cast, report)
    with pytest.raises(ReissueRefused, match="belum dicabut"):
        order_again(document=first, actor=SYSTEM, now=NOW)
    figures["hadir"] = 21
    written(cast, report)
    with pytest.raises(ReissueRefused, match="sudah digantikan"):
        order_again(document=withdrawn(first), actor=SYSTEM, now=NOW)
    assert not DocumentOrder.objects.filter(key__startswith="terbit-lagi:").exists()


def test_who_may_withdraw_finds_a_button_for_it_and_nobody_else(
    cast: Cast, report: Report, client: Client
) -> None:
    document = written(cast, report)
    address = f"{document.get_absolute_url()}terbitkan-lagi/"
    client.force_login(cast.kadis)
    assert address not in client.get(document.get_absolute_url()).content.decode()
    withdrawn(document)
    assert address in client.get(document.get_absolute_url()).content.decode()
    client.force_login(cast.admin)
    assert address not in client.get(document.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 403
    client.force_login(cast.kadis)
    answer = client.post(address)
    order = DocumentOrder.objects.get(key=f"terbit-lagi:{document.pk}")
    assert (answer.status_code, answer["Location"]) == (302, order.get_absolute_url())
    outbox.drain()
    assert address not in client.get(document.get_absolute_url()).content.decode()
    assert client.post(address)["Location"] == order.get_absolute_url()
