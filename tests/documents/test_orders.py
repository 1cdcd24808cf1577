"""A report is asked for, its data are read once, and workers write it; a step waits for its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from documents import catalogue
from documents.catalogue import Report
from documents.models import Document, DocumentOrder, OrderItem
from documents.orders import writing
from documents.orders.asking import order_report
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from organization.permissions import local_date
from processes.models import Instance, Task
from processes.services import perform_task
from tests.cast import NOW, Cast
from tests.documents.conftest import open_task
from tests.documents.words import make_template, text_of
from workflows.registry import (
    NothingToReport,
    Request,
    _report_context,
    report_check,
    report_context,
)
from workflows.requests import request_operation

NOTHING = "Belum ada berkas SOP untuk April 2026."

asked: list[str] = []


@report_context("tests.superiors")
def superiors(request: Request) -> dict[str, Any]:
    asked.append(request.subject)
    return {"atasan": [{"kunci": str(n), "nama": f"Atasan {n}"} for n in (1, 2, 3)]}


@pytest.fixture(autouse=True)
def a_report(monkeypatch: pytest.MonkeyPatch) -> Report:
    """One letter per superior, in the catalogue of reports."""
    report = Report(
        key="surat_atasan",
        title="Surat kepada Atasan",
        kind="surat_atasan",
        subject="month",
        contexts=("tests.superiors",),
        permission="recap.view",
        numbered=True,
        each="atasan",
    )
    template = make_template("{{ nomor }} {{ item.nama }} {{ periode.label }}")
    monkeypatch.setattr(Report, "template", property(lambda self: template))
    monkeypatch.setattr(catalogue, "reports", lambda: {report.key: report})
    monkeypatch.setattr("documents.views.orders.reports", lambda: {report.key: report})
    asked.clear()
    return report


def order(cast: Cast, report: Report) -> DocumentOrder:
    return order_report(report=report, agency=cast.agency, subject="2026-04", actor=SYSTEM, now=NOW)


def first_line(document: Document) -> str:
    with document.file.open("rb") as stream:
        return text_of(stream.read())[0]


def test_each_entry_becomes_a_numbered_document_from_data_that_were_read_once(
    cast: Cast, a_report: Report
) -> None:
    made = order(cast, a_report)
    outbox.drain()
    made.refresh_from_db()
    assert made.state == DocumentOrder.State.DONE
    documents = Document.objects.filter(order=made).order_by("order_items__place")
    assert [first_line(document).split(maxsplit=1)[1] for document in documents] == [
        f"Atasan {n} April 2026" for n in (1, 2, 3)
    ]
    assert len({document.number for document in documents}) == 3
    assert asked == ["2026-04"]
    assert made.context == {}  # each document keeps its own
    assert Event.objects.filter(verb="documents_ordered").count() == 1


def test_asking_again_while_it_is_written_is_the_same_order_and_later_another(
    cast: Cast, a_report: Report
) -> None:
    first = order(cast, a_report)
    assert order(cast, a_report) == first
    outbox.drain()
    assert order(cast, a_report) != first


def test_a_room_asks_by_name_and_the_worker_orders(cast: Cast) -> None:
    request = Request(
        agency_id=cast.agency.pk,
        subject="2026-04",
        actor=SYSTEM,
        now=NOW,
        parameters={"report": "surat_atasan", "key": "otomatis"},
    )
    request_operation(name="documents.report", key="x", request=request)
    request_operation(name="documents.report", key="x", request=request)
    outbox.drain()
    assert DocumentOrder.objects.count() == 1
    assert Document.objects.count() == 3


def test_what_cannot_be_written_is_shown_and_tried_again_by_a_person(
    cast: Cast, a_report: Report, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    broken = make_template("{{ item.tidak_ada }}")
    with monkeypatch.context() as patch:
        patch.setattr(Report, "template", property(lambda self: broken))
        patch.setattr(outbox, "MAX_ATTEMPTS", 1)
        made = order(cast, a_report)
        outbox.drain()
    made.refresh_from_db()
    assert made.state == DocumentOrder.State.FAILED
    client.force_login(cast.kadis)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "tidak_ada" in page
    assert "Coba lagi" in page
    client.post(f"{made.get_absolute_url()}ulang/")
    outbox.drain()
    made.refresh_from_db()
    assert made.state == DocumentOrder.State.DONE
    assert made.items.filter(state=OrderItem.State.DONE).count() == 3


def test_a_person_asks_on_the_page_and_sees_how_far_it_is(cast: Cast, client: Client) -> None:
    client.force_login(cast.kadis)
    assert "Surat kepada Atasan" in client.get("/dokumen/buat/").content.decode()
    response = client.post(
        "/dokumen/buat/surat_atasan/", {"pd": cast.agency.code, "subjek": "2026-04"}
    )
    made = DocumentOrder.objects.get()
    assert response.headers["Location"] == made.get_absolute_url()
    assert made.asked_by == cast.kadis
    assert "Mengumpulkan data" in client.get(made.get_absolute_url()).content.decode()
    writing.begin_order(order_id=made.pk, now=NOW)
    assert "0 dari 3 dokumen" in client.get(made.get_absolute_url()).content.decode()
    outbox.drain()
    page = client.get(made.get_absolute_url()).content.decode()
    assert page.count(".docx") == 3


@pytest.mark.parametrize(
    "subject",
    ["", "2026-13", "2026-04-01", "2026-04/7", "x", "0001-01", "1999-12", "9999-12", "9999-W52"],
)
def test_a_month_that_is_none_is_refused_beside_its_field(
    cast: Cast, client: Client, subject: str
) -> None:
    client.force_login(cast.kadis)
    response = client.post(
        "/dokumen/buat/surat_atasan/", {"pd": cast.agency.code, "subjek": subject}
    )
    assert response.status_code == 200
    assert not DocumentOrder.objects.exists()


def test_a_month_that_has_not_begun_is_refused_and_the_one_under_way_is_not(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.kadis)
    this = local_date(cast.agency, timezone.now()).replace(day=1)
    following = (this + timedelta(days=32)).replace(day=1)
    for month, is_refused in ((following, True), (this, False)):
        sent = {"pd": cast.agency.code, "subjek": f"{month:%Y-%m}"}
        page = client.post("/dokumen/buat/surat_atasan/", sent)
        assert ("Bulan ini belum mulai" in page.content.decode()) is is_refused
        assert DocumentOrder.objects.exists() is not is_refused


def test_what_can_never_be_written_is_said_in_the_form(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(report_check._functions, "tests.superiors", lambda request: NOTHING)
    client.force_login(cast.kadis)
    sent = {"pd": cast.agency.code, "subjek": "2026-04"}
    page = client.post("/dokumen/buat/surat_atasan/", sent).content.decode()
    assert NOTHING in page
    assert not DocumentOrder.objects.exists()


def test_an_order_with_nothing_to_report_fails_at_the_first_try_with_its_sentence(
    cast: Cast, a_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def empty(request: Request) -> dict[str, Any]:
        raise NothingToReport(NOTHING)

    monkeypatch.setitem(_report_context._functions, "tests.superiors", empty)
    made = order(cast, a_report)
    outbox.drain()
    made.refresh_from_db()
    assert (made.state, made.error) == (DocumentOrder.State.FAILED, NOTHING)
    assert OutboxJob.objects.get(kind="documents.order").attempts == 1


def test_a_letter_that_nobody_may_sign_fails_at_the_first_try(
    cast: Cast, a_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsigned = replace(a_report, signatory="Penyihir")
    monkeypatch.setattr(catalogue, "reports", lambda: {unsigned.key: unsigned})
    made = order(cast, unsigned)
    outbox.drain()
    made.refresh_from_db()
    assert made.state == DocumentOrder.State.FAILED
    assert "belum ada Penyihir" in made.error
    assert not Document.objects.exists()


def test_who_has_no_such_role_finds_no_report(cast: Cast, client: Client) -> None:
    client.force_login(cast.employee)
    assert client.get("/dokumen/buat/surat_atasan/").status_code == 404


def test_a_step_waits_for_its_letters_and_ends_with_the_last(instance: Instance) -> None:
    perform_task(task_id=open_task(instance).pk, now=NOW)
    outbox.drain()
    letters = Document.objects.filter(kind="surat_orang", instance=instance)
    assert [letter.item_key for letter in letters.order_by("id")] == ["1", "2"]
    assert not Task.objects.filter(instance=instance, status=Task.Status.FAILED).exists()
    assert DocumentOrder.objects.get().state == DocumentOrder.State.DONE
    assert not OutboxJob.objects.exclude(state=OutboxJob.State.DONE).exists()
