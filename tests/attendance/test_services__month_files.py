"""A month as a file: ordered, written once by a worker, told how far it is, swept after a day."""

import io
import json
import os
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from attendance import services
from attendance.exceptions import AttendanceError
from attendance.models import MonthFile, Recap
from attendance.recaps import exporting
from attendance.recaps.composing import make_row
from attendance.services.month_files import (
    FOLDER,
    JOB,
    KEPT,
    give_up,
    order_month_file,
    sweep_month_files,
    write_month_file,
)
from documents.storage import sha256_of_file, stored_path, write_file
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from foundation.outbox import drain
from tests.attendance.people import AFTER_APRIL, APRIL, employee_of, fill_april
from tests.cast import Cast, make_employee

pytestmark = pytest.mark.django_db
LATER = AFTER_APRIL + KEPT + timedelta(minutes=1)


def ordered(cast: Cast, form: str = "csv", **values: Any) -> MonthFile:
    given: dict[str, Any] = {"month": APRIL, "user": cast.operator, "now": AFTER_APRIL}
    return order_month_file(agency=cast.agency, form=form, **(given | values))


def written(cast: Cast, form: str = "csv", **values: Any) -> MonthFile:
    row = write_month_file(file_id=ordered(cast, form, **values).pk, now=AFTER_APRIL)
    assert row is not None
    return row


def content_of(row: MonthFile) -> bytes:
    return stored_path(row.path).read_bytes()


def freeze(cast: Cast) -> Recap:
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    return services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)


def test_an_order_is_a_job_and_an_event_and_writes_nothing_itself(cast: Cast) -> None:
    row = ordered(cast)

    assert not row.is_written
    assert OutboxJob.objects.get(kind=JOB).payload == {"file": row.pk}
    event = Event.objects.get(verb="month_file_ordered")
    assert event.subject == f"attendance.monthfile:{row.pk}"


def test_the_worker_writes_what_was_ordered(cast: Cast) -> None:
    fill_april(cast.everyone)
    row = ordered(cast)

    drain()

    row.refresh_from_db()
    assert row.name == "bulan-diskominfo-2026-04-sementara.csv"
    assert b"Joko Tallo" in content_of(row)
    assert (row.people_done, row.people) == (7, 7)
    assert sha256_of_file(stored_path(row.path)) == (row.sha256, row.size)


def test_how_far_it_is_can_be_read_while_it_is_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_A_TIME", 3)
    row = ordered(cast)
    seen = []

    def noted(*args: Any) -> Any:
        seen.append(MonthFile.objects.values_list("people_done", "people").get(pk=row.pk))
        return make_row(*args)

    monkeypatch.setattr(exporting, "make_row", noted)
    write_month_file(file_id=row.pk, now=AFTER_APRIL)

    assert seen == [(0, 0)] * 3 + [(3, 7)] * 3 + [(6, 7)]


def test_people_are_numbered_through_whatever_the_chunks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_A_TIME", 3)

    told = json.loads(content_of(written(cast, "json")))

    assert [person["order"] for person in told["employees"]] == [1, 2, 3, 4, 5, 6, 7]


def test_a_name_never_becomes_a_formula_and_the_names_stay_in_sight(cast: Cast) -> None:
    person = employee_of(cast.employee)
    person.name = "=HYPERLINK(1)"
    person.save()

    sheet = load_workbook(io.BytesIO(content_of(written(cast, "xlsx")))).worksheets[0]

    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["=HYPERLINK(1)"] == "s"
    assert sheet.freeze_panes == "C2"


def test_a_frozen_month_goes_out_as_frozen_unless_asked_as_it_is_now(cast: Cast) -> None:
    recap = freeze(cast)

    frozen, now = written(cast), written(cast, as_now=True)

    assert (frozen.recap_id, frozen.name) == (recap.pk, "rekap-diskominfo-2026-04-v1.csv")
    assert (now.recap_id, now.name) == (None, "bulan-diskominfo-2026-04-sementara.csv")


def test_a_job_that_runs_twice_writes_once(cast: Cast) -> None:
    row = written(cast)

    again = write_month_file(file_id=row.pk, now=AFTER_APRIL + timedelta(hours=1))

    assert again is not None
    assert again.written_at == row.written_at
    assert Event.objects.filter(verb="month_file_written").count() == 1


def test_the_same_order_is_not_done_twice_while_it_waits_or_where_it_is_frozen(cast: Cast) -> None:
    assert ordered(cast).pk == ordered(cast, user=cast.kadis).pk
    first = written(cast)
    assert ordered(cast).pk != first.pk  # what is judged now may have changed

    freeze(cast)
    frozen = written(cast)
    assert ordered(cast, user=cast.kadis).pk == frozen.pk


@pytest.mark.parametrize(("form", "month"), [("pdf", APRIL), ("csv", APRIL.after.after)])
def test_what_cannot_be_written_is_refused_with_a_sentence(
    cast: Cast, form: str, month: Any
) -> None:
    with pytest.raises(AttendanceError):
        ordered(cast, form, month=month)
    assert not MonthFile.objects.exists()


def test_only_who_sees_the_whole_month_orders_it(cast: Cast) -> None:
    for user in (cast.superior, cast.employee, cast.outsider):
        with pytest.raises(PermissionDenied):
            ordered(cast, user=user)


def test_an_order_that_fails_for_good_says_so(cast: Cast) -> None:
    row = ordered(cast)

    give_up(file_id=row.pk, reason="penyimpanan penuh")

    row.refresh_from_db()
    assert row.failure == "Berkas tidak dapat disusun: penyimpanan penuh"
    assert ordered(cast).pk != row.pk


def test_files_are_removed_after_a_day_and_nothing_else_is(cast: Cast) -> None:
    old = written(cast)
    fresh = written(cast, now=AFTER_APRIL + timedelta(hours=2))
    stray = stored_path(f"{FOLDER}/{cast.agency.code}/1.part")
    write_file(stray, b"x")
    os.utime(stray, (0, 0))

    assert sweep_month_files(now=LATER) == 1

    assert not stored_path(old.path).exists()
    assert not stray.exists()
    assert stored_path(fresh.path).exists()
    assert list(MonthFile.objects.all()) == [fresh]
    assert write_month_file(file_id=old.pk, now=LATER) is None


def test_more_people_cost_no_more_progress_than_one_word_per_hundred(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        make_employee(cast.agency, f"Pegawai {number:02}")
    row = ordered(cast)
    with django_assert_max_num_queries(60):
        write_month_file(file_id=row.pk, now=AFTER_APRIL)
