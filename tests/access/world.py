"""Two agencies with one of everything that has an address, and people of every role.

Made once for all tests of access, through the services; each request is undone after it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.cookies import SimpleCookie
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from documents.office.listing import offered_template
from organization.models import User
from processes.audit.measured.refreshing import refresh
from tests import files
from tests.access.things import Things, furnish
from tests.cast import Cast, appoint, make_agency, make_cast, make_employee, make_user
from tests.stages import AFTER_THE_MONTH, PDF

ROLES = ("Kadis", "Admin", "Operator", "Sekretaris")
# Of people who work elsewhere and serve the first agency.
SERVING = ("BKD", "Pengelola", "Auditor", "Pejabat kepegawaian", "Tim IT", "Inovator", "Pegawai")
SOP_ROLE = "Juru Parkir"  # a lane of some SOP, and no more: roles.toml does not know it


@dataclass
class Person:
    """Somebody who tries an address; `user` is None for a visitor who has not signed in."""

    name: str
    user: User | None
    roles: Mapping[int, frozenset[str]]  # agency id -> roles held now
    client: Client
    withheld: frozenset[str] = frozenset()  # of what the roles may, from who only acts in them

    @property
    def agencies(self) -> set[int]:
        employee = self.user.employee if self.user else None
        return set(self.roles) | ({employee.agency_id} if employee else set())


@dataclass
class World:
    """Everybody, and the things of the two agencies."""

    people: dict[str, Person]
    own: Things
    other: Things


def make_world() -> World:
    cast = make_cast()
    # The SOP has the usual name in its title: what names this agency must be told from that.
    cast.agency.name = "Kantor Percontohan"
    cast.agency.save()
    # So have the samples of templates the name of the head.
    cast.kadis.employee.name = "Ratna Kolo"  # type: ignore[union-attr]
    cast.kadis.employee.save()  # type: ignore[union-attr]
    own, other = furnish(cast), furnish(neighbours(cast))
    for role in ("Admin", "Operator"):
        appoint(cast.outsider, role, cast.other_agency)  # the first stage released him
    refresh(now=timezone.now(), limit=10_000)  # no page has anything to measure before it shows it
    users = {name: getattr(cast, name) for name in (
        "kadis", "admin", "operator", "operator2", "superior", "secretary", "employee", "outsider",
    )}  # fmt: skip
    users |= others(cast)
    return World(
        {name: Person(name, user, _roles(user), client_of(user)) for name, user in users.items()}
        | {"visitor": Person("visitor", None, {}, Client(raise_request_exception=False))},
        own,
        other,
    )


def _roles(user: User) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    for row in user.appointments.filter(revoked_at=None):
        if row.covers(AFTER_THE_MONTH.date()):
            found[row.agency_id] = found.get(row.agency_id, frozenset()) | {row.role}
    return found


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    user.refresh_from_db()  # his sessions may have been ended since he was read
    client.force_login(user)
    return client


def neighbours(cast: Cast) -> Cast:
    """Return the people of the other agency as a cast: Umbu leads it."""
    agency = cast.other_agency

    def person(username: str, name: str, **values: Any) -> User:
        return make_user(make_employee(agency, name, **values), username)

    chief = person("rambu", "Rambu Kahi", superior=cast.outsider.employee)
    return Cast(
        agency=agency,
        other_agency=cast.agency,
        kadis=cast.outsider,
        superior=chief,
        admin=person("melki", "Melki Bili", superior=chief.employee),
        operator=person("dorkas", "Dorkas Mone", superior=chief.employee),
        operator2=person("agus", "Agus Lero", superior=chief.employee),
        secretary=person("welhelmina", "Welhelmina Sole", superior=cast.outsider.employee),
        employee=person("naomi", "Naomi Bulu", superior=chief.employee),
        outsider=cast.kadis,
    )


def others(cast: Cast) -> dict[str, User]:
    """Return people of other roles, who work elsewhere, and people of no role."""
    province = make_agency("bkd", name="Badan Kepegawaian Daerah")
    users = {}
    for role in (*SERVING, SOP_ROLE):
        user = make_user(make_employee(province, f"Petugas {role}"), role.lower())
        appoint(user, role, cast.agency)
        users[role.lower()] = user
    former = make_user(make_employee(cast.agency, "Hironimus Goa"), "hironimus")
    for role in ROLES:
        appoint(former, role, cast.agency, valid_until=date(2026, 5, 3))
    return users | {"former": former, "nobody": make_user(None, "tamu")}


def body_of(values: Mapping[str, str], things: Things, pd: str = "") -> dict[str, Any]:
    """Return what is posted, with the ids of these things and fresh files."""
    made: dict[str, Callable[[], Any]] = {
        "@pd": lambda: pd,
        "@pdf": lambda: SimpleUploadedFile("surat.pdf", PDF),
        "@photo": lambda: SimpleUploadedFile("foto.jpg", files.image()),
        "@log": lambda: SimpleUploadedFile("log.txt", b"9\t2026-05-04 16:40:00\t0\t1\n"),
        "@table": lambda: SimpleUploadedFile("pegawai.csv", b"nama;nip\nYuliana;1\n"),
        "@docx": lambda: SimpleUploadedFile(
            "templat.docx", offered_template("laporan/tanda_terima_akun.docx").standard
        ),
        "@zip": lambda: SimpleUploadedFile("foto.zip", files.archive({"a.jpg": files.image()})),
    }
    body: dict[str, Any] = {}
    for name, value in values.items():
        if value in made:
            body[name] = made[value]()
        else:
            body[name] = things[value[1:]].pk if value.startswith("@") else value
    return body


# When a task was opened, and who looked at a photo.
NOTED = ('"opened_at"', '"foundation_viewing"')


@dataclass
class Seen:
    """What a request brought: the answer, and the rows that it wrote."""

    status: int
    location: str
    text: str
    writes: list[str]
    policy: str  # what the browser is told to refuse
    is_page: bool  # and no file

    @property
    def changes(self) -> list[str]:
        """Return what was written, but for what a page notes that only shows."""
        return [sql for sql in self.writes if not any(name in sql for name in NOTED)]


def ask(
    client: Client, method: str, path: str, body: Mapping[str, Any] | None = None, **extra: Any
) -> Seen:
    """Make a request and undo whatever it did."""
    carried = client.cookies.output(header="", sep=";")
    with undone() as writes:
        response = getattr(client, method)(path, dict(body or {}), **extra)
    # Signing out and messages change what a browser carries: that is undone as well.
    client.cookies = SimpleCookie(carried)
    if response.streaming:
        text = b"".join(response.streaming_content).decode(errors="replace")
    else:
        text = response.content.decode(errors="replace")
    policy = response.get("Content-Security-Policy", "")
    is_page = response.get("Content-Type", "").startswith("text/html")
    return Seen(response.status_code, response.get("Location", ""), text, writes, policy, is_page)


@contextmanager
def undone() -> Iterator[list[str]]:
    """Take back what is written inside; the list holds the statements that wrote."""
    writes: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and '"django_session"' not in sql:
            writes.append(sql[:120])
        return execute(sql, params, many, context)

    mark = transaction.savepoint()
    try:
        with connection.execute_wrapper(note):
            yield writes
    finally:
        transaction.savepoint_rollback(mark)
