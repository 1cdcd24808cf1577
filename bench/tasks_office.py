"""Ten years of a province's tasks for `bench.inbox` and `bench.audit`, made inside PostgreSQL.

Forty agencies, one SOP of nine steps; an instance that ended has 24 tasks, 15 of them people's,
with two returns. What is open waits for one person, who is operator of four agencies. All invented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Field, Model
from django.utils import timezone

from organization.models import Agency, Appointment, User
from processes.definitions import keep
from processes.models import Instance, InstanceAudit, Task, VisitTiming
from tests.cast import make_employee
from workflows import repository
from workflows.definitions import OutcomeKind, TaskDefinition, TaskKind

SOP = "pengelolaan_e_absensi"
AGENCIES = 40
PLACES = 4  # agencies in which the one person is operator
MONTHS = 120  # until LAST
LAST = date(2026, 10, 1)
HELD = 30  # tasks that the person works on
RETURNED = "teliti_resume"
BACK_TO = "input_ketidakhadiran"
COURSE = (
    "menugaskan_petugas", "angkat_petugas", "buat_surat_tugas", "fasilitasi_data", "kirim_pengguna",
    "rekam_sidik_jari", "kendalikan_pelaksanaan", "tunggu_akhir_periode",
    *("input_ketidakhadiran", "susun_rekap", "cetak_resume", "teliti_resume") * 3,
    "bekukan_rekap", "laporkan_hasil", "arsipkan_rekapan", "simpan_arsip",
)  # fmt: skip

# Half of the handlings lie within four fifths of the standard, one of ten is twice as long.
HANDLING = "(coalesce(s.standard, 1) * exp(0.9 * (random() + random() + random() - 1.5) - 0.2))"
WAITING = "(exp(6 + 4 * (random() + random() - 1)))"


@dataclass(frozen=True)
class Office:
    """Who looks at the pages: the one with the queue, and one who audits all agencies."""

    person: User
    auditor: User
    agencies: tuple[Agency, ...]


def make_office() -> Office:
    """Make agencies and people in an empty database."""
    now = timezone.now()
    agencies = Agency.objects.bulk_create(
        Agency(code=f"pd{n:02}", name=f"Dinas Percobaan {n:02}") for n in range(1, AGENCIES + 1)
    )
    person, auditor, *others = User.objects.bulk_create(
        User(username=name, first_name=name.title())
        for name in ("sari", "anton", *(f"orang{n:02}" for n in range(1, AGENCIES + 1)))
    )
    roles = [(person, "Operator", agency) for agency in agencies[:PLACES]]
    roles += [(auditor, "Auditor", agency) for agency in agencies]
    roles += [
        (who, role, agency)
        for who, agency in zip(others, agencies, strict=True)
        for role in ("Kadis", "Admin", "Operator")
    ]
    Appointment.objects.bulk_create(
        Appointment(
            user=who, role=role, agency=agency, letter_number="800/1", valid_from=date(2015, 1, 1),
            created_at=now,
        )
        for who, role, agency in roles
    )  # fmt: skip
    # Names come from the staff list: one query more on every page.
    person.employee = make_employee(agencies[0], "Sari Benu", number="PETUGAS-UKUR")
    person.save()
    keep(repository.get(SOP), now=now)
    return Office(person, auditor, tuple(agencies))


@transaction.atomic
def grow(office: Office, *, tasks: int, waiting: int, timings: bool = False) -> None:
    """Add instances until there are so many task rows, so many of them in the person's queue."""
    running = max(waiting + HELD - Task.objects.filter(status__in=("ready", "claimed")).count(), 0)
    ended = (tasks - Task.objects.count() - running) // len(COURSE)
    with connection.cursor() as cursor:
        # Rows that are made to fit: checking a million of them one by one is not what is measured.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT setseed(0.5)")
        first = _add_instances(office, ended, running)
        _add_course(cursor, office, first)
        _add_open(cursor, office, first, ended)
        if timings:
            _add_timings(cursor, first)


def settle() -> None:
    """Do what PostgreSQL would do by itself in a quiet hour."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _add_instances(office: Office, ended: int, running: int) -> int:
    """Insert the instances; return the first of their ids. The ended ones come first."""
    definition = keep(repository.get(SOP), now=timezone.now())
    base = (Instance.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    is_ended = f"i < {ended}"
    place = f"CASE WHEN {is_ended} THEN i % {AGENCIES} ELSE i % {PLACES} END"
    month = f"CASE WHEN {is_ended} THEN (i / {AGENCIES}) % {MONTHS} ELSE 0 END"
    started = (
        f"timestamptz '{datetime(LAST.year, LAST.month, 1, 1, tzinfo=UTC)}'"
        f" - make_interval(months => {month})"
        " + i % 20 * interval '1 day' + i % 480 * interval '1 minute'"
    )
    _insert(
        Instance,
        {
            "id": f"{base} + i",
            "definition_id": str(definition.pk),
            "definition_key": f"'{definition.key}'",
            "definition_version": f"'{definition.version}'",
            "agency_id": f"{office.agencies[0].pk} + {place}",
            "title": "'Pengelolaan e-Absensi, berkas ' || i",
            "status": f"CASE WHEN i < {ended} THEN 'finished' ELSE 'running' END",
            "version": "60",
            "measured_version": "60",
            "state": "decode(repeat('ab', 300), 'hex')",
            "form": '\'{"keputusan": "disetujui", "catatan": "Sudah diperiksa"}\'',
            "started_at": started,
            "finished_at": f"CASE WHEN i < {ended} THEN {started} + interval '25 days' END",
        },
        f"generate_series(0, {ended + running - 1}) i",
    )
    return base


def _add_course(cursor: Any, office: Office, first: int) -> None:
    first_other = office.auditor.pk + 1
    agency = office.agencies[0].pk
    mine = f"s.lane = 'Operator' AND i.agency_id < {agency + PLACES}"
    others = f"{first_other - agency} + i.agency_id"
    owner = f"CASE WHEN {mine} THEN {office.person.pk} ELSE {others} END"
    _insert(
        Task,
        {
            "instance_id": "i.id",
            "agency_id": "i.agency_id",
            "engine_id": "'e' || s.seq",
            "step": "s.step",
            "name": "s.name",
            "lane": "s.lane",
            "kind": "s.kind",
            "status": "'completed'",
            "visit": "s.visit",
            "owner_id": f"CASE WHEN s.kind = 'user' THEN {owner} END",
            "acting_as": "s.lane",
            "offered_at": "i.started_at + s.seq * interval '1 day'",
            "claimed_at": "CASE WHEN s.kind = 'user' THEN"
            " i.started_at + s.seq * interval '1 day' + interval '20 minutes' END",
            "submitted_at": "i.started_at + s.seq * interval '1 day' + interval '24 minutes'",
            "effective_at": "i.started_at + s.seq * interval '1 day' + interval '24 minutes'",
            "standard_seconds": "s.standard",
            "standard_count": "1",
            "answers": '\'{"catatan": "Sudah diperiksa dan lengkap"}\'',
            "outcome_kind": "s.outcome",
        },
        f"processes_instance i CROSS JOIN {_course()}"
        f" WHERE i.id >= {first} AND i.status = 'finished'",
    )


def _add_open(cursor: Any, office: Office, first: int, ended: int) -> None:
    held = f"(i.id - {first + ended}) < {HELD} AND {first == 1}"
    _insert(
        Task,
        {
            "instance_id": "i.id",
            "agency_id": "i.agency_id",
            "engine_id": "'e1'",
            "step": "s.step",
            "name": "s.name",
            "lane": "s.lane",
            "kind": "s.kind",
            "status": f"CASE WHEN {held} THEN 'claimed' ELSE 'ready' END",
            "owner_id": f"CASE WHEN {held} THEN {office.person.pk} END",
            "acting_as": "''",
            "offered_at": "i.started_at",
            "claimed_at": f"CASE WHEN {held} THEN i.started_at END",
            "due_at": f"CASE WHEN {held} THEN i.started_at + interval '5 minutes' END",
        },
        f"processes_instance i JOIN {_course()} ON s.step = '{BACK_TO}' AND s.visit = 1"
        f" WHERE i.id >= {first} AND i.status = 'running'",
    )


def _add_timings(cursor: Any, first: int) -> None:
    month = "date_trunc('month', i.started_at at time zone 'UTC')::date"
    people = "s.kind = 'user'"
    _insert(
        VisitTiming,
        {
            "task_id": "t.id",
            "instance_id": "i.id",
            "definition_key": "i.definition_key",
            "agency_id": "i.agency_id",
            "period": month,
            "step": "s.step",
            "number": "s.number",
            "lane": "s.lane",
            "kind": "s.kind",
            "visit": "s.visit",
            "owner_id": "t.owner_id",
            "acting_as": "t.acting_as",
            "offered_weekday": "extract(isodow from t.offered_at)::int - 1",
            "submitted_at": "t.submitted_at",
            "waiting_work": f"CASE WHEN {people} THEN x.waiting ELSE 0 END",
            "handling_work": f"CASE WHEN {people} THEN x.handling ELSE 0 END",
            "lead_work": f"CASE WHEN {people} THEN x.waiting + x.handling ELSE 0 END",
            "waiting_wall": f"CASE WHEN {people} THEN x.waiting * 3 ELSE 0 END",
            "handling_wall": "x.handling",
            "lead_wall": "x.waiting * 3 + x.handling",
            "form_open": f"CASE WHEN {people} THEN x.handling / 2 ELSE 0 END",
            "standard": "s.standard",
            "count": "CASE WHEN s.standard IS NULL THEN NULL ELSE 1 END",
            "verdict": "CASE WHEN s.standard IS NULL THEN 'none'"
            " WHEN x.handling <= s.standard THEN 'within' ELSE 'over' END",
            "outcome_kind": "s.outcome",
            "returned_to": f"CASE WHEN s.outcome = 'return' THEN '{BACK_TO}' ELSE '' END",
            "lost_work": "CASE WHEN s.outcome = 'return' THEN x.waiting * 4 END",
            "repeated_work": "CASE WHEN s.outcome = 'return' THEN x.handling * 3 END",
            "by_substitute": f"{people} AND random() < 0.04",
            "outside_hours": f"{people} AND random() < 0.06",
            "forced": f"{people} AND random() < 0.01",
            "backdated": f"{people} AND random() < 0.002",
        },
        f"processes_task t JOIN processes_instance i ON i.id = t.instance_id"
        f" JOIN {_course()} ON t.engine_id = 'e' || s.seq"
        # Drawn once per row: where nothing of the row is named, PostgreSQL would draw once for all.
        f" CROSS JOIN LATERAL (SELECT (t.id * 0 + {HANDLING})::int AS handling,"
        f" (t.id * 0 + {WAITING})::int AS waiting) x"
        f" WHERE i.id >= {first} AND i.status = 'finished'",
    )
    _insert(
        InstanceAudit,
        {
            "instance_id": "i.id",
            "definition_key": "i.definition_key",
            "agency_id": "i.agency_id",
            "period": month,
            "started_at": "i.started_at",
            "finished_at": "i.finished_at",
            "lead_work": "CASE WHEN i.finished_at IS NULL THEN NULL ELSE 400000 + i.id % 90000 END",
            "lead_wall": "CASE WHEN i.finished_at IS NULL THEN NULL ELSE 2160000 END",
            "returns": "2",
            "conforms": "i.id % 20 <> 0",
            "deviations": "CASE WHEN i.id % 20 = 0 THEN"
            ' \'[{"kind": "forced", "step": "cetak_resume", "task": null}]\'::jsonb'
            " ELSE '[]'::jsonb END",
        },
        f"processes_instance i WHERE i.id >= {first}",
    )


def _course() -> str:
    """Return the steps of an instance as a table `s`, in the order of their visits."""
    definition = repository.get(SOP)
    rows, seen = [], dict[str, int]()
    for place, step_id in enumerate(COURSE, start=1):
        step, seen[step_id] = definition.tasks[step_id], seen.get(step_id, 0) + 1
        rows.append(_visit(step, place, seen[step_id]))
    columns = "seq, step, name, lane, kind, number, standard, visit, outcome"
    return f"(VALUES {', '.join(rows)}) s({columns})"


def _visit(step: TaskDefinition, place: int, visit: int) -> str:
    number, duration = step.number, step.standard.duration
    outcome: str = ""
    if step.id == RETURNED:
        outcome = OutcomeKind.APPROVE if visit == COURSE.count(RETURNED) else OutcomeKind.RETURN
    standard = f"{duration.total_seconds():.0f}" if duration else "NULL"
    shown = number if step.kind == TaskKind.USER and number else "NULL"
    name = step.name.replace("'", "''")
    return (
        f"({place}, '{step.id}', '{name}', '{step.lane}', '{step.kind}',"
        f" {shown}::int, {standard}::int, {visit}, '{outcome}')"
    )


def _insert(model: type[Model], columns: Mapping[str, str], source: str) -> None:
    """INSERT ... SELECT; columns that are not named get their default, or nothing."""
    fields: Sequence[Field[Any, Any]] = model._meta.concrete_fields
    given = dict(columns)
    for one in fields:
        if one.column and one.column not in given and not (one.primary_key or one.null):
            given[one.column] = _default(one)
    names, values = ", ".join(f'"{name}"' for name in given), ", ".join(given.values())
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}")  # noqa: S608
        if "id" in given:
            newest = f"(SELECT max(id) FROM {table})"  # noqa: S608
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {newest})")


def _default(one: "Field[Any, Any]") -> str:
    value = one.get_default()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | dict):
        return "'[]'" if isinstance(value, list) else "'{}'"
    return f"'{value}'"
