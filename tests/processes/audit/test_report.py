"""The audit as a document: its values are those of the pages, and its hash is over their rows."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from documents.catalogue import report_named
from documents.filling import fill_template
from documents.models import Document, DocumentOrder
from documents.samples import whole_sample
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.ledger.asking import ask_verification
from foundation.models import Verification
from organization.models import User
from organization.permissions import actor_for
from processes.audit.questions.conformity import conformance_figures
from processes.audit.questions.returning import return_figures
from processes.audit.questions.steps import step_table
from processes.audit.report import audit, fingerprint, subject_of
from processes.models import VisitTiming
from processes.templatetags.audit import interval, percent, told, whole
from tests.cast import NOW, Cast
from tests.documents.words import text_of
from tests.pages import browser
from tests.processes.audit.measured import audited, scope_of, visited
from tests.processes.audit.pages import open_page
from workflows.registry import Request

pytestmark = pytest.mark.django_db
STEP = "teliti_resume"
HANDLED = (10, 15, 20, 25, 60)


@pytest.fixture
def played(cast: Cast) -> Cast:
    """Five visits to step 7, two of them returns; one visit of the system."""
    for minutes in HANDLED:
        instance = audited(cast, returns=int(minutes > 20))
        back: dict[str, Any] = {"outcome_kind": "return", "returned_to": "input_ketidakhadiran"}
        visited(
            instance, STEP, cast.kadis, handling=minutes, waiting=6 * minutes, standard=20,
            **(back | {"lost": 30, "repeated": 5} if minutes > 20 else {}),
        )  # fmt: skip
    visited(instance, "susun_rekap", cast.operator, handling=1)
    return cast


def asked(user: User, agency: int, **parameters: str) -> Request:
    scope = {"sop": "pengelolaan_e_absensi", "dari": "2026-01", "sampai": "2026-04"}
    return Request(
        agency_id=agency,
        subject="2026-04",
        actor=actor_for(user, None, agency, NOW),
        now=NOW,
        parameters=scope | parameters,
    )


def test_every_value_is_that_of_the_functions_behind_the_pages(played: Cast) -> None:
    scope = scope_of(played.kadis)
    table, returned = step_table(scope), return_figures(scope)
    conformance = conformance_figures(scope)

    said = audit(asked(played.kadis, played.agency.pk))["audit"]

    seventh = table.steps[6]
    row = said["tahap"][6]
    assert (row["n"], row["median"], row["p90"]) == ("5", "20 mnt", "46 mnt")
    assert row["median"] == told(seventh.handling.median)
    assert (row["sesuai"], row["selang"]) == (
        percent(seventh.within.value),
        interval(seventh.within),
    )
    assert [row["n"] for row in said["tahap"]] == [whole(step.n) for step in table.steps]
    assert said["total"]["lebih"] == whole(table.over) == "2"
    assert said["jumlah"]["kunjungan"] == whole(table.visits) == "6"
    assert (said["jumlah"]["orang"], said["jumlah"]["sistem"]) == ("5", "1")
    assert said["kembali"]["jumlah"] == whole(returned.total.n) == "2"
    assert said["kembali"]["hilang"] == told(timedelta(hours=1))
    assert said["kembali"]["baris"][0]["ke"].startswith("5. ")
    assert said["kepatuhan"]["sesuai"] == percent(conformance.conforming.value)
    assert said["tunggu"][0]["jalur"] == "Kadis"
    assert said["sidik_data"] == fingerprint(scope)


def test_the_word_file_says_these_values(played: Cast) -> None:
    report = report_named("laporan_audit")
    said = audit(asked(played.kadis, played.agency.pk))
    content = fill_template(report.template, whole_sample(dict(said)), name="laporan_audit")

    text = "\n".join(text_of(content))
    for value in (
        said["audit"]["sidik_data"], said["audit"]["lingkup"]["periode"], "46 mnt",
        said["audit"]["tahap"][6]["tahap"], said["audit"]["lingkup"]["sampai"],
    ):  # fmt: skip
        assert value in text


def test_the_hash_changes_with_any_row_behind_and_with_nothing_else(played: Cast) -> None:
    scope = scope_of(played.kadis)
    before = fingerprint(scope)
    assert fingerprint(scope_of(played.kadis, jam="dinding")) == before

    row = VisitTiming.objects.filter(step=STEP).latest("task_id")
    VisitTiming.objects.filter(pk=row.pk).update(handling_work=row.handling_work - 1)
    assert fingerprint(scope) != before

    VisitTiming.objects.filter(pk=row.pk).update(handling_work=row.handling_work)
    assert fingerprint(scope) == before


def test_an_empty_scope_is_told_without_a_slip(cast: Cast) -> None:
    audited(cast)
    report = report_named("laporan_audit")

    said = audit(asked(cast.kadis, cast.agency.pk, dari="2024-01", sampai="2024-02"))

    assert said["audit"]["jumlah"]["berkas"] == "0"
    assert said["audit"]["kembali"]["sekali_jadi"] == "-"
    assert fill_template(report.template, whole_sample(dict(said)), name="laporan_audit")


def test_nobody_is_told_what_he_may_not_audit(played: Cast) -> None:
    with pytest.raises(PermissionDenied):
        audit(asked(played.operator, played.agency.pk))
    with pytest.raises(PermissionDenied):
        audit(Request(agency_id=played.agency.pk, subject="2026-04", actor=SYSTEM, now=NOW))


def test_the_button_brings_one_document_of_the_scope(played: Cast) -> None:
    client = browser(played.kadis)
    page = open_page(client, reverse("audit:index"))
    (form,) = page.xpath("//form[contains(@action, '/audit/laporan/')]")

    response = client.post(form.get("action"))
    assert response.status_code == 302
    order = DocumentOrder.objects.get()
    assert response["Location"] == order.get_absolute_url()
    assert client.get(response["Location"]).status_code == 200
    assert client.post(form.get("action"))["Location"] == order.get_absolute_url()
    outbox.drain()

    order.refresh_from_db()
    assert (order.report, order.state) == ("laporan_audit", DocumentOrder.State.DONE)
    document = Document.objects.get()
    assert document.kind == "laporan_audit"
    assert document.agency == played.agency
    assert document.amendment == 0
    assert document.context["audit"]["lingkup"]["periode"] == "Januari 2026 s.d. April 2026"
    assert "Januari 2026 s.d. April 2026" in document.file_name
    assert document.context["periode"]["label"] == "Januari 2026 s.d. April 2026"
    assert "Laporan Audit Waktu Kerja Januari 2026 s.d. April 2026" in order.title


def test_the_report_of_one_month_is_named_after_it(played: Cast) -> None:
    scope = scope_of(played.kadis)
    assert subject_of(scope, NOW).startswith("2026-01..2026-04/")
    assert subject_of(scope.between(scope.last, scope.last), NOW).startswith("2026-04/")


def test_it_says_when_the_record_was_last_checked_and_what_was_found(played: Cast) -> None:
    report = report_named("laporan_audit")

    def told() -> str:
        said = audit(asked(played.kadis, played.agency.pk))
        sample = whole_sample(dict(said))
        return "\n".join(text_of(fill_template(report.template, sample, name="laporan_audit")))

    assert "Catatan peristiwa belum pernah diperiksa seluruhnya." in told()
    check = ask_verification(actor=SYSTEM, now=NOW)
    Verification.objects.filter(pk=check.pk).update(finished_at=NOW)
    moment = "20 April 2026 09.00 WITA"
    assert f"terakhir diperiksa {moment}: utuh, tidak ada kejanggalan." in told()
    Verification.objects.filter(pk=check.pk).update(fault_count=2)
    assert f"terakhir diperiksa {moment}: 2 kejanggalan." in told()


def test_only_posting_asks_for_a_document(played: Cast) -> None:
    assert browser(played.kadis).get(reverse("audit:document")).status_code == 405
    assert browser(played.operator).post(reverse("audit:document")).status_code == 403
    assert not DocumentOrder.objects.exists()
