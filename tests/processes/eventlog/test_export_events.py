"""`manage.py export_events`, and the pages that send the same."""

import csv
import json
import sys
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from typing import cast as typed

import pytest
from django.core.management import CommandError, call_command
from django.http import StreamingHttpResponse
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from processes import services
from processes.audit.measured.refreshing import refresh
from processes.audit.scope import read_scope
from processes.eventlog import traces as reading
from processes.eventlog.table import EVENT_COLUMNS, HEADER, TRACE_COLUMNS
from processes.eventlog.traces import Wanted, cases, traces
from processes.models import Instance, Task
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.conftest import begin
from tests.processes.eventlog.structure import faults
from tests.processes.test_services__tasks import claim, decide, open_task, prepare

KEY = "permohonan_singkat"
HOSTILE = "=SUM(1;2) \"Joko\" & <b>\x0b; 'é' \U0001f642"
PAGE = {"sop": KEY, "dari": "2026-04", "sampai": "2026-04"}


def export(*arguments: str) -> str:
    out = StringIO()
    call_command("export_events", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def names(content: bytes | str) -> list[str]:
    """Return what the events of a log are called."""
    log = etree.fromstring(content.encode() if isinstance(content, str) else content)
    found = log.iterfind(".//{*}event/{*}string[@key='concept:name']")
    return [each.get("value", "") for each in found]


def rows(content: str) -> list[dict[str, str]]:
    return [*csv.DictReader(StringIO(content.removeprefix("\ufeff")), delimiter=";")]


def sent_back(instance: Instance, cast: Cast) -> None:
    """Play the first round of the instance: prepared, noted, sent back."""
    prepare(instance, cast)
    decide(instance, cast, "ulang", "Lengkapi tanggalnya.")


def test_the_log_is_written_to_the_screen(instance: Instance, cast: Cast) -> None:
    sent_back(instance, cast)
    log = export()
    assert faults(log.encode()) == []
    # Three events of each visit, and one of the visit that was offered after the return.
    assert Counter(names(log)) == {
        "Menyiapkan permohonan": 3 + 1,
        "Catat permohonan": 3,
        "Memutuskan permohonan": 3,
    }


def test_both_forms_say_the_same(instance: Instance, cast: Cast) -> None:
    sent_back(instance, cast)
    Task.objects.filter(instance=instance).update(name=HOSTILE)
    table = rows(export("--format", "csv", "--names"))
    log = etree.fromstring(export("--names").encode())
    events = [
        {each.get("key", ""): each.get("value", "") for each in event}
        for event in log.iterfind(".//{*}event")
    ]
    assert len(table) == len(events) > 0
    for row, event in zip(table, events, strict=True):
        told = {key: value for key, value in row.items() if value and not key.startswith("case:")}
        # No spreadsheet program may take it for a formula; XML cannot hold one of its letters.
        assert told.pop("concept:name") == f"'{HOSTILE}"
        assert event.pop("concept:name") == HOSTILE.replace("\x0b", "\N{REPLACEMENT CHARACTER}")
        assert told == event


def test_every_thing_that_is_told_has_its_column(instance: Instance, cast: Cast) -> None:
    sent_back(instance, cast)
    services.cancel_process(
        instance_id=instance.pk, actor_user=cast.kadis, reason="Ditarik.", now=NOW
    )
    refresh(now=NOW)
    scope = read_scope(cast.kadis, PAGE, now=NOW)
    for wanted in (Wanted(scope=scope, names=True), Wanted(scope=scope, steps_only=True)):
        (trace,) = traces(wanted, cases(wanted))
        assert set(trace.attributes) <= set(TRACE_COLUMNS)
        assert {key for event in trace.events for key in event} <= set(EVENT_COLUMNS)
    assert len(HEADER) == len(set(HEADER))


def test_only_the_steps_of_the_sop_are_left(instance: Instance, cast: Cast) -> None:
    sent_back(instance, cast)
    steps = rows(export("--steps-only", "--format", "csv"))
    columns = ("concept:name", "sopan:number", "sopan:outcome_kind")
    assert [tuple(row[column] for column in columns) for row in steps] == [
        ("Menyiapkan permohonan", "1", ""),
        ("Memutuskan permohonan", "2", "return"),
    ]
    assert {row["lifecycle:transition"] for row in steps} == {"complete"}
    assert [row["sopan:standard_seconds"] for row in steps] == ["600", "300"]
    assert steps[0]["sopan:handling_seconds"] == "420"


def test_only_finished_ones_are_left(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    assert names(export("--finished-only")) == []


def test_people_are_numbers_until_somebody_asks_for_names(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    number = f"petugas-{cast.operator.pk}"
    discreet, open_ = export(), export("--names")
    assert number in discreet
    assert cast.operator.get_full_name() not in discreet
    assert "Joko" not in discreet  # whom the instance is about
    assert f"{cast.operator.get_full_name()} ({number})" in open_
    assert "Cuti Joko" in open_


def test_who_gave_a_task_up_is_told_as_well(instance: Instance, cast: Cast) -> None:
    claim(instance, cast.operator)
    services.unclaim_task(
        task_id=open_task(instance).pk, actor_user=cast.operator, now=NOW + timedelta(minutes=2)
    )
    claim(instance, cast.operator2)
    told = [
        (row["lifecycle:transition"], row["org:resource"], row["sopan:why"])
        for row in rows(export("--format", "csv"))
    ]
    first, second = (f"petugas-{user.pk}" for user in (cast.operator, cast.operator2))
    assert sorted(told[1:]) == [
        ("resume", second, ""), ("start", first, ""), ("suspend", first, "released"),
    ]  # fmt: skip


def test_months_and_agencies_are_chosen(instance: Instance, cast: Cast) -> None:
    begin(cast, subject="Umbu", agency=cast.other_agency, actor_user=cast.outsider)
    assert len(names(export())) == 2
    assert len(names(export("--agency", "dinkes"))) == 1
    assert len(names(export("--from", "2026-04", "--until", "2026-04"))) == 2
    assert names(export("--from", "2026-05")) == []
    assert names(export("--until", "2026-03", "--from", "2026-01")) == []


def test_a_file_is_there_whole_or_not_at_all(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catatan.csv"
    assert json.loads(export("--output", str(path), "--json")) == {
        "traces": 1, "events": 1, "file": str(path),
    }  # fmt: skip
    before = path.read_bytes()
    assert before.decode("utf-8-sig").startswith("case:concept:name;concept:name;")
    monkeypatch.setattr(reading, "happenings", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export("--output", str(path))
    assert path.read_bytes() == before
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--sop", "lain"], r"SOP 'lain' belum pernah dijalankan; yang ada: permohonan_singkat\."),
        (["--agency", "lain"], "Perangkat daerah 'lain' tidak ada; yang ada: dinkes, diskominfo"),
        (["--from", "April"], "'April' bukan bulan; tulis seperti 2026-04"),
        (["--from", "2026-05", "--until", "2026-04"], "--until 2026-04 mendahului --from 2026-05"),
        (["--output", "/tidak/ada/x.xes"], "tidak dapat ditulis: .*Sebutkan folder yang ada"),
    ],
)
def test_a_mistake_is_one_clear_line(instance: Instance, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said) as raised:
        export(*arguments)
    assert "\n" not in str(raised.value)


def test_what_cannot_be_measured_is_told(instance: Instance, cast: Cast) -> None:
    begin(cast, subject="Cuti Budi")
    Instance.objects.filter(pk=instance.pk).update(definition_version="hilang")
    with pytest.raises(CommandError, match="1 berkas tidak dapat diukur"):
        export()


def test_a_bar_is_drawn_where_somebody_looks(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = StringIO()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    call_command("export_events", stdout=StringIO(), stderr=told)
    assert "#] 1/1 berkas\n" in told.getvalue()


def test_many_instances_take_as_many_queries_as_one(
    instance: Instance, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        begin(cast, subject=f"Cuti {number}")
    refresh(now=NOW)
    wanted = Wanted(scope=read_scope(cast.kadis, PAGE, now=NOW))
    chosen = cases(wanted)
    with django_assert_num_queries(2):
        assert len([*traces(wanted, chosen)]) == 6


# The pages


def fetched(cast: Cast, path: str, **parameters: str) -> tuple[StreamingHttpResponse, bytes]:
    response = typed(Any, browser(cast.kadis).get(path, PAGE | parameters))
    assert response.status_code == 200
    return response, b"".join(response.streaming_content)


def test_a_page_sends_the_log_of_its_scope(instance: Instance, cast: Cast) -> None:
    sent_back(instance, cast)
    begin(cast, subject="Umbu", agency=cast.other_agency, actor_user=cast.outsider)
    response, log = fetched(cast, "/audit/peristiwa.xes")
    assert faults(log) == []
    assert len(names(log)) == 10
    assert response["Content-Disposition"] == (
        'attachment; filename="peristiwa-permohonan_singkat-2026-04-2026-04.xes"'
    )
    assert response["Content-Type"] == "application/xml"
    _, none = fetched(cast, "/audit/peristiwa.xes", dari="2026-01", sampai="2026-03")
    assert names(none) == []


def test_a_page_sends_the_steps_as_csv(instance: Instance, cast: Cast) -> None:
    sent_back(instance, cast)
    response, table = fetched(cast, "/audit/peristiwa.csv", isi="tahap")
    assert [row["sopan:number"] for row in rows(table.decode())] == ["1", "2"]
    assert "peristiwa-tahap-permohonan_singkat" in response["Content-Disposition"]
    assert fetched(cast, "/audit/peristiwa.csv", selesai="ya")[1].count(b"\r\n") == 1


def test_nobody_gets_the_log_of_an_agency_that_is_not_his(instance: Instance, cast: Cast) -> None:
    asked = PAGE | {"pd": "dinkes"}
    for form in ("xes", "csv"):
        assert browser(cast.kadis).get(f"/audit/peristiwa.{form}", asked).status_code == 404
        assert browser(cast.employee).get(f"/audit/peristiwa.{form}", PAGE).status_code == 403
