"""The copy of what is held about a person: all of his, nothing of others, gone after a week."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from attendance.models import AbsenceLetter
from config.backups.places import kept_files
from devices.models import Device, FingerprintTemplate, Punch
from devices.services.secrets import seal_template
from documents.exceptions import DocumentError
from documents.models import PersonalCopy
from documents.personal.copies import KEPT, fail_copy, make_copy, order_copy, sweep_copies
from documents.personal.words import WORDS
from documents.storage import files_below, stored_path, write_file
from foundation.models import Event, OutboxJob, Viewing
from foundation.personal_data import Person, holdings
from organization.models import Employee
from tests.cast import NOW, PASSWORD, Cast

FINGER = b"ss21-a-finger-that-nobody-may-read"


def machine(cast: Cast) -> Device:
    return Device.objects.create(
        agency=cast.agency, serial="UJI1234567", name="Lobi", protocol="push", registered_at=NOW
    )


def punches(employee: Employee, count: int) -> None:
    first = datetime(2023, 5, 1, tzinfo=UTC)
    Punch.objects.bulk_create(
        Punch(
            source_key=f"uji:{employee.pk}:{place}", pin="7", employee=employee,
            at=first + timedelta(hours=12 * place), local_time="2023-05-01 07:20:00",
            time_zone="Asia/Makassar", state=0, verify=1, channel=Punch.Channel.LIST,
        )
        for place in range(count)
    )  # fmt: skip


def person_of(employee: Employee) -> Person:
    account = getattr(employee, "user", None)
    return Person(
        employee_id=employee.pk,
        account_id=account.pk if account else None,
        number=employee.number,
        name=employee.name,
    )


def copied(cast: Cast) -> PersonalCopy:
    assert cast.employee.employee is not None
    row = order_copy(employee=cast.employee.employee, user=cast.employee, reason="", now=NOW)
    made = make_copy(copy_id=row.pk, now=NOW)
    assert made is not None
    assert made.state == PersonalCopy.State.DONE
    return made


def opened(copy: PersonalCopy) -> dict[str, bytes]:
    with zipfile.ZipFile(stored_path(copy.file.name or "")) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def data_of(copy: PersonalCopy, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(opened(copy)[f"data/{key}.json"])
    return found


def test_it_holds_his_rows_and_files_and_nobody_elses(cast: Cast) -> None:
    own, other = cast.employee.employee, cast.superior.employee
    assert own is not None
    assert other is not None
    punches(own, 3)
    punches(other, 4)
    for person, number in ((own, "1"), (other, "2")):
        name = f"scans/uji-{number}.pdf"
        write_file(stored_path(name), b"%PDF-" + number.encode())
        AbsenceLetter.objects.create(
            employee=person, kind="sick", first_on=NOW.date(), last_on=NOW.date(), number=number,
            reason="demam", scan=name, entered_by=cast.operator, entered_at=NOW,
        )  # fmt: skip
    copy = copied(cast)
    inside = opened(copy)
    assert {"ringkasan.html", "BACA-SAYA.txt"} < set(inside)
    assert [row["number"] for row in data_of(copy, "organization.employee")] == [own.number]
    assert len(data_of(copy, "devices.punch")) == 3
    assert [row["number"] for row in data_of(copy, "attendance.absenceletter")] == ["1"]
    scans = [content for name, content in inside.items() if "absenceletter" in name[:20]]
    assert scans == [b"%PDF-1"]
    assert other.number.encode() not in b"".join(inside.values())
    assert {f"data/{holding.key}.json" for holding in holdings()} < set(inside)
    assert copy.rows >= 5


def test_a_finger_is_told_by_machine_and_day_never_itself_nor_is_a_password(cast: Cast) -> None:
    own = cast.employee.employee
    assert own is not None
    template = FingerprintTemplate(
        employee=own, finger=6, algorithm=10, valid=1, source=machine(cast), fetched_at=NOW
    )
    seal_template(template, FINGER)
    template.save()
    copy = copied(cast)
    (row,) = data_of(copy, "devices.fingerprinttemplate")
    assert (row["finger"], row["source"]) == (6, "Lobi")
    assert {"sealed", "digest"}.isdisjoint(row)
    everything = b"".join(opened(copy).values())
    assert FINGER not in everything
    assert template.digest.encode() not in everything
    assert cast.employee.password.encode() not in everything


def test_what_he_did_to_others_is_told_without_what_their_rows_say(cast: Cast) -> None:
    other = cast.superior.employee
    assert other is not None
    AbsenceLetter.objects.create(
        employee=other, kind="sick", first_on=NOW.date(), last_on=NOW.date(),
        number="442/rahasia", reason="demam berdarah", entered_by=cast.employee, entered_at=NOW,
    )  # fmt: skip
    copy = copied(cast)
    rows = data_of(copy, "attendance.absenceletter.perbuatan")
    assert [(row["as"], row["at"][:10]) for row in rows] == [("entered_by", "2026-04-20")]
    assert b"demam berdarah" not in b"".join(opened(copy).values())


def test_three_years_of_punches_cost_as_many_queries_as_three_days(cast: Cast) -> None:
    own = cast.employee.employee
    assert own is not None
    punches(own, 6)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for holding in holdings():
                for row in holding.rows(person_of(own)):
                    assert row
        counts.append(len(queries))
        Punch.objects.all().delete()
        punches(own, 3 * 500)
    assert counts[0] == counts[1]
    assert counts[0] <= 2 * len(holdings()) + 80


def test_every_column_of_the_page_has_a_word(cast: Cast) -> None:
    own = cast.employee.employee
    assert own is not None
    punches(own, 1)
    names = {name for one in holdings() for row in one.rows(person_of(own)) for name in row}
    assert names - set(WORDS) == set()


def test_somebody_of_the_office_gives_a_reason_that_stays_on_record(cast: Cast) -> None:
    own = cast.employee.employee
    assert own is not None
    with pytest.raises(DocumentError):
        order_copy(employee=own, user=cast.admin, reason="  ", now=NOW)
    for stranger in (cast.operator, cast.kadis, cast.superior, cast.outsider):
        with pytest.raises(PermissionDenied):
            order_copy(employee=own, user=stranger, reason="ingin tahu", now=NOW)
    row = order_copy(employee=own, user=cast.admin, reason="permohonan 12/2026", now=NOW)
    event = Event.objects.get(verb="personal_copy_asked")
    assert event.after["reason"] == "permohonan 12/2026"
    assert event.acting_as == "Admin"
    assert OutboxJob.objects.filter(payload={"copy": row.pk}).count() == 1


def test_asked_twice_at_once_it_is_written_once(cast: Cast) -> None:
    own = cast.employee.employee
    assert own is not None
    first = order_copy(employee=own, user=cast.employee, reason="", now=NOW)
    assert order_copy(employee=own, user=cast.employee, reason="", now=NOW) == first
    made = make_copy(copy_id=first.pk, now=NOW)
    again = make_copy(copy_id=first.pk, now=NOW + timedelta(hours=1))
    assert made is not None
    assert again is not None
    assert (again.sha256, again.made_at) == (made.sha256, made.made_at)
    assert Event.objects.filter(verb="personal_copy_written").count() == 1


def test_no_backup_holds_a_copy_that_would_outlive_its_week(cast: Cast) -> None:
    name = f"files/{copied(cast).file.name}"
    assert stored_path(name.removeprefix("files/")).exists()
    kept = {name for name, _ in kept_files()}
    assert name not in kept


def test_after_a_week_the_file_is_gone_and_the_row_says_so(cast: Cast) -> None:
    copy = copied(cast)
    path = stored_path(copy.file.name or "")
    assert sweep_copies(now=NOW + KEPT - timedelta(seconds=1)) == 0
    assert path.exists()
    assert sweep_copies(now=NOW + KEPT) == 1
    assert not path.exists()
    assert PersonalCopy.objects.get().state == PersonalCopy.State.EXPIRED


def test_one_that_cannot_be_written_leaves_no_file_and_tells_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = cast.employee.employee
    assert own is not None
    row = order_copy(employee=own, user=cast.employee, reason="", now=NOW)
    before = list(files_below(stored_path("personal-copies")))

    def full(*args: Any, **kwargs: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("documents.personal.copies.write_copy", full)
    with pytest.raises(OSError, match="No space"):
        make_copy(copy_id=row.pk, now=NOW)
    assert list(files_below(stored_path("personal-copies"))) == before
    fail_copy(copy_id=row.pk, reason="disk")
    assert PersonalCopy.objects.get().state == PersonalCopy.State.FAILED


def test_who_looked_stands_on_his_page_and_his_own_looks_do_not(cast: Cast) -> None:
    own = cast.employee.employee
    assert own is not None
    write_file(stored_path(own.photo.name or ""), b"\xff\xd8\xff")
    pages = {user.pk: Client() for user in (cast.employee, cast.superior)}
    for pk, page in pages.items():
        page.force_login(cast.employee if pk == cast.employee.pk else cast.superior)
        assert page.get(f"/pegawai/{own.pk}/foto/").status_code == 200
    assert [row.actor_name for row in Viewing.objects.all()] == [cast.superior.get_full_name()]
    shown = pages[cast.employee.pk].get("/data-pribadi/").content.decode()
    assert f"{cast.superior.get_full_name()} membuka foto" in shown


def test_he_asks_for_it_and_fetches_it_and_others_do_not(cast: Cast) -> None:
    page, stranger = Client(), Client()
    assert page.login(username=cast.employee.username, password=PASSWORD)
    stranger.force_login(cast.admin)
    asked = page.post("/data-pribadi/minta/")
    copy = PersonalCopy.objects.get()
    assert asked.headers["Location"] == f"/data-pribadi/salinan/{copy.pk}/"
    address = f"/data-pribadi/salinan/{copy.pk}/"
    assert page.get(f"{address}unduh/").status_code == 404
    assert "Sedang disusun" in page.get(address).content.decode()
    make_copy(copy_id=copy.pk, now=NOW.replace(year=2099))
    assert "Siap diunduh" in page.get(address).content.decode()
    fetched = page.get(f"/data-pribadi/salinan/{copy.pk}/unduh/")
    content = b"".join(fetched.streaming_content)  # type: ignore[attr-defined]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert fetched.headers["Cache-Control"] == "private, no-store"
    assert stranger.get(f"/data-pribadi/salinan/{copy.pk}/unduh/").status_code == 404
    assert not Viewing.objects.exists()


def test_what_an_office_fetched_stands_on_his_page_with_its_reason(cast: Cast) -> None:
    own = cast.employee.employee
    assert own is not None
    admin, page = Client(), Client()
    admin.force_login(cast.admin)
    page.force_login(cast.employee)
    address = f"/data-pribadi/pegawai/{own.pk}/"
    assert f'href="{address}"' in admin.get(f"/pegawai/{own.pk}/").content.decode()
    assert admin.post(address, {"alasan": " "}).status_code == 422
    asked = admin.post(address, {"alasan": "permohonan 12/2026"})
    copy = PersonalCopy.objects.get()
    make_copy(copy_id=copy.pk, now=NOW.replace(year=2099))
    fetched = admin.get(f"{asked.headers['Location']}unduh/")
    assert b"".join(fetched.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    shown = page.get("/data-pribadi/").content.decode()
    assert "permohonan 12/2026" in shown
    assert "membuka salinan data pribadi" in shown
    assert page.get(f"/data-pribadi/salinan/{copy.pk}/").status_code == 404
