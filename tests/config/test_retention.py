"""What is kept no longer goes, on its day and not before; what stays for good is never touched."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from config.checks import check_settings
from config.privacy.retention import (
    RetentionError,
    Rule,
    Swept,
    faults,
    read,
    rules,
    standard_rules,
    tidy,
    would_go,
)
from devices.exceptions import NotAllowedNow
from devices.models import Punch, RawUpload
from devices.services.adoption import reprocess_upload
from devices.services.storing import open_content
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob, Viewing
from foundation.retention import sweeps
from processes.models import Notice, WebhookDelivery
from processes.services.webhooks import subscribe
from processes.webhooks.hearing import JOB
from tests.cast import NOW, Cast

DAY = timedelta(days=1)


@pytest.fixture
def own_days(tmp_path: Path) -> Iterator[Path]:
    with override_settings(DATA_DIR=tmp_path):
        yield tmp_path / "retensi.toml"


def counts(found: list[Swept]) -> dict[str, int]:
    return {one.rule.key: one.count for one in found if one.count}


def body(cast: Cast, **values: object) -> RawUpload:
    told: dict[str, object] = {
        "serial": "UJI1", "channel": "push", "coding": "plain", "content": b"7\t2026-04-01",
        "size": 12,
        "received_at": NOW - 91 * DAY, "total": 1, "accepted": 1, "duplicate": 0, "quarantined": 0,
    }  # fmt: skip
    return RawUpload.objects.create(**told | values)


def notice(cast: Cast, key: str, read_at: datetime | None) -> Notice:
    return Notice.objects.create(
        user=cast.employee, agency=cast.agency, kind="uji", key=key, text="uji",
        created_at=NOW - 400 * DAY, read_at=read_at,
    )  # fmt: skip


@pytest.mark.django_db
def test_the_table_names_only_what_is_there_and_every_way_to_take_away_stands_in_it() -> None:
    assert list(faults(standard_rules())) == []
    assert {rule.sweep for rule in standard_rules() if rule.sweep} == set(sweeps())


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ({"models": ["devices.Nothing"]}, "tidak ada tabel"),
        ({"sweep": "devices.nothing"}, "tidak ada pembersih"),
        ({"then": "burn"}, "tidak dikenal"),
        ({"days": None}, "`days` ada bila"),
        ({"sweep": "", "by": "nobody"}, "tidak ada tugas jam"),
        ({"sweep": "documents.packages", "days": 8}, "mengatakan lain"),
        ({"then": "keep"}, "tidak dibersihkan"),
    ],
)
def test_a_table_that_cannot_be_kept_to_is_refused(row: dict[str, object], part: str) -> None:
    good: dict[str, object] = {
        "key": "x", "title": "X", "models": ["devices.RawUpload"], "days": 90, "then": "empty",
        "sweep": "devices.raw_bodies", "ground": "keputusan",
    }  # fmt: skip
    table = read({"rule": [good | row]})
    assert any(part in fault for fault in faults(table))


def test_each_rule_says_its_ground_and_what_law_gives_no_figure_for_stays() -> None:
    table = {rule.key: rule for rule in standard_rules()}
    assert all(rule.ground and rule.title for rule in table.values())
    forever = {"attendance.archives", "foundation.ledger", "documents.archives", "attendance.scans"}
    assert all(table[key].then == "keep" and table[key].days is None for key in forever)
    swept = {label for rule in table.values() if rule.sweep for label in rule.models}
    kept = {label for rule in table.values() if rule.then == "keep" for label in rule.models}
    assert not swept & kept
    assert {"foundation.Event", "attendance.Recap", "attendance.RecapRow", "devices.Punch"} <= kept


def test_bodies_of_machines_are_emptied_after_their_days_and_rows_and_punches_stay(
    cast: Cast,
) -> None:
    old, young = body(cast), body(cast, received_at=NOW - 89 * DAY)
    waiting = body(cast, outcome=RawUpload.Outcome.WAITING)
    punch = Punch.objects.create(
        source_key="uji:1", pin="7", employee=cast.employee.employee, at=NOW - 91 * DAY,
        local_time="2026-01-19 07:20:00", time_zone="Asia/Makassar", state=0, verify=1,
        channel=Punch.Channel.LIST,
    )  # fmt: skip
    assert counts(would_go(now=NOW))["devices.raw_bodies"] == 1
    assert counts(tidy(now=NOW))["devices.raw_bodies"] == 1
    old.refresh_from_db()
    assert (open_content(old), old.size, old.total) == (b"", 12, 1)
    for row in (young, waiting):
        row.refresh_from_db()
        assert bytes(row.content)
    assert Punch.objects.filter(pk=punch.pk).exists()
    assert counts(tidy(now=NOW)) == {}


def test_an_emptied_body_is_not_read_again(cast: Cast) -> None:
    from devices.models import Device

    device = Device.objects.create(
        agency=cast.agency, serial="UJI1", name="Lobi", protocol="push", registered_at=NOW
    )
    upload = body(cast, device=device, content=b"")
    with pytest.raises(NotAllowedNow, match="masa simpannya"):
        reprocess_upload(upload=upload, actor=SYSTEM, now=NOW)


def test_read_notices_ended_sessions_and_old_looks_go_and_the_others_stay(cast: Cast) -> None:
    notice(cast, "lama", NOW - 366 * DAY)
    kept = [notice(cast, "baru", NOW - 364 * DAY), notice(cast, "belum", None)]
    for key, ends in (("a" * 32, NOW - DAY), ("b" * 32, NOW + DAY)):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    for days in (731, 729):
        Viewing.objects.create(
            at=NOW - days * DAY, actor_name="Budi", kind="photo", subject="x:1", person_id=1
        )
    assert counts(tidy(now=NOW)) == {
        "processes.notices": 1, "organization.sessions": 1, "organization.viewings": 1,
    }  # fmt: skip
    assert set(Notice.objects.all()) == set(kept)
    assert Session.objects.get().session_key == "b" * 32
    assert Viewing.objects.count() == 1


def test_messages_to_programs_go_in_their_time_unless_they_wait_or_are_to_be_decided_on(
    cast: Cast,
) -> None:
    row, _ = subscribe(
        agency=cast.agency, keeper=cast.agency, address="https://sistem.contoh.go.id/kabar",
        names=["task.failed"], actor=SYSTEM, user=cast.admin, now=NOW,
    )  # fmt: skip

    def message(state: str, days: int) -> int:
        return WebhookDelivery.objects.create(
            subscription=row, message_id=f"msg_{state}_{days}", kind="task.failed", body="{}",
            state=state, created_at=NOW - days * DAY,
        ).pk  # fmt: skip

    for state in ("delivered", "failed", "dropped"):
        message(state, 91)
    kept = {message("delivered", 89), message("waiting", 91), message("failed", 92)}
    OutboxJob.objects.create(
        kind=JOB, key="x", payload={"delivery": max(kept)}, state=OutboxJob.State.INCIDENT,
        run_after=NOW, created_at=NOW,
    )  # fmt: skip
    assert counts(tidy(now=NOW)) == {"processes.webhook_deliveries": 3}
    assert set(WebhookDelivery.objects.values_list("pk", flat=True)) == kept


def test_each_run_leaves_one_event_per_rule_with_a_count_and_no_name(cast: Cast) -> None:
    body(cast)
    body(cast)
    tidy(now=NOW)
    event = Event.objects.get(verb="retention_kept")
    assert event.after == {"rule": "devices.raw_bodies", "days": 90, "count": 2}
    tidy(now=NOW)
    assert Event.objects.filter(verb="retention_kept").count() == 1


def test_the_office_sets_days_of_its_own_and_nonsense_is_refused_before_anything_goes(
    cast: Cast, own_days: Path
) -> None:
    body(cast)
    own_days.write_text('"devices.raw_bodies" = 365\n')
    assert next(rule for rule in rules() if rule.key == "devices.raw_bodies").days == 365
    assert counts(tidy(now=NOW)) == {}
    for text in (
        '"devices.raw_bodies" = 0', '"devices.raw_bodies" = "lama"', '"foundation.ledger" = 10',
        '"documents.packages" = 30', '"nothing" = 3', "[[[",
    ):  # fmt: skip
        own_days.write_text(text)
        with pytest.raises(RetentionError):
            tidy(now=NOW)
        assert "config.E011" in [str(found.id) for found in check_settings()]
    assert RawUpload.objects.exclude(content=b"").count() == 1


def test_the_command_says_what_would_go_and_takes_nothing_away(cast: Cast) -> None:
    upload = body(cast)
    said = StringIO()
    call_command("tidy", "--dry-run", "--json", stdout=said)
    told = json.loads(said.getvalue())
    assert told["dry_run"] is True
    (row,) = [row for row in told["rules"] if row["rule"] == "devices.raw_bodies"]
    assert row == {"rule": "devices.raw_bodies", "days": 90, "then": "empty", "count": 1}
    upload.refresh_from_db()
    assert bytes(upload.content)
    said = StringIO()
    call_command("tidy", stdout=said)
    assert "Isi kiriman mentah mesin: 1 dikosongkan (lewat 90 hari)." in said.getvalue()
    assert "Catatan peristiwa: disimpan." in said.getvalue()


def test_the_command_ends_with_one_line_where_the_table_cannot_be_read(own_days: Path) -> None:
    own_days.write_text("[[[")
    with pytest.raises(CommandError, match=r"retensi\.toml"):
        call_command("tidy", "--dry-run", stdout=StringIO())


def test_a_rule_is_what_the_table_says_and_nothing_beside() -> None:
    with pytest.raises(RetentionError):
        read({"rule": [{"key": "x", "colour": "red", "models": []}]})
    assert isinstance(standard_rules()[0], Rule)
