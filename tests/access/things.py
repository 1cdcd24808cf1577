"""One of everything that has an address, made for an agency through the services."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from attendance.days.months import Month as MonthOf
from attendance.evidence.correction_rules import CorrectionData
from attendance.models import AbsenceLetter, Correction, Delivery, MonthFile, Recap
from attendance.services import submit_letter
from attendance.services.corrections import request_correction
from attendance.services.finger_exceptions import register_exception
from attendance.services.month_files import order_month_file, write_month_file
from attendance.services.outages import record_outage
from attendance.services.periodic import JOB as PERIODIC
from attendance.services.periodic import make_periodic
from devices import services as devices
from devices.models import Alarm, Caller, DeviceCommand, RawUpload
from devices.services.alarms import raise_alarm
from devices.services.commands import order
from documents.models import (
    Document,
    DocumentOrder,
    PdfCopy,
    PersonalCopy,
    SignedCopy,
    new_code,
)
from documents.office.jobs import check as check_version
from documents.office.listing import offered_template
from documents.office.versions import upload_template
from documents.personal.copies import make_copy, order_copy
from documents.renditions.packages import order_package, write_package
from documents.services import archive_instance, set_letterhead, set_retention
from documents.services.retention import RetentionData
from documents.storage import sha256_of, stored_path, write_file
from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from foundation.uploads import IMAGES, Kind, check_bytes
from organization.calendars.pattern_data import HoursData, PatternData, Whom
from organization.models import Agency, User
from organization.permissions import person
from organization.services import appoint_substitute, create_pattern, open_account, set_photo
from processes import services
from processes.models import Attachment, NoticeAddress, SavedFilter, Task, WebhookDelivery
from processes.services.machinery import begin_operation
from processes.services.webhooks import pause_webhook, subscribe
from tests import files
from tests.access.evaluations import evaluation_of
from tests.access.handed_over import handed_over
from tests.access.presences import presences
from tests.api.programs import issue
from tests.attendance import people
from tests.cast import Cast, appoint, make_employee
from tests.stages import AFTER_THE_MONTH, PDF, Month, good_answers, month_at


@dataclass
class Things:
    """The objects of one agency by the names of who_may.toml."""

    agency: Agency
    by_name: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.agency if name == "agency" else self.by_name[name]

    def __contains__(self, name: str) -> bool:
        return name == "agency" or name in self.by_name

    @cached_property
    def names(self) -> list[str]:
        """What nobody of another agency may read on any page."""
        return [self.agency.name, *self.agency.employees.values_list("name", flat=True)]


def furnish(cast: Cast) -> Things:
    """Make one of everything for the cast's agency."""
    things = Things(cast.agency)
    start = month_at(cast, 1, subject="2026-06")
    task = start.claim(cast.kadis)
    start.send(cast.kadis, good_answers(cast)[1])
    things.by_name["attachment"] = Attachment.objects.get(task=task)
    start.let_the_system_work()
    start.claim(cast.admin)
    things.by_name |= {
        "document": Document.objects.filter(instance=start.instance).order_by("id").first(),
        "task_claimed": start.task,
        "instance": start.instance,
        "employee": cast.employee.employee,
        "head": cast.kadis.employee,
        "official": cast.kadis.appointments.filter(agency=cast.agency, role="Kadis").first(),
        "operator2": cast.operator2,
        "holder": cast.admin,
        "account_own": cast.employee,
        "saved_filter": SavedFilter.objects.create(
            owner=cast.operator, tab="queue", name="Surat", query="q=surat", created_at=start.now
        ),
        "api_token": issue(cast.operator).token,
        "notice_address": NoticeAddress.objects.create(
            owner=cast.operator,
            channel="telegram",
            public_id=f"{cast.agency.pk}",
            created_at=start.now,
        ),
    }
    _add_april(cast, things)
    _add_pulled_machine(cast, things)
    _add_recording(cast, things)
    _add_what_machines_bring(cast, things)
    _add_letters(cast, things)
    _add_staff(cast, things)
    _add_evidence(cast, things)
    _add_calendar(cast, things)
    things.by_name["document_order"] = DocumentOrder.objects.create(
        agency=cast.agency,
        key=f"laporan:uji:{cast.agency.pk}",
        title="Laporan Uji",
        asked_at=AFTER_THE_MONTH,
        state=DocumentOrder.State.FAILED,
    )
    things.by_name["incident"] = OutboxJob.objects.create(
        kind=PERIODIC,
        key=f"gagal:{cast.agency.pk}",
        payload={"agency": cast.agency.pk, "kind": "daily", "day": "2026-04-17"},
        state=OutboxJob.State.INCIDENT,
        run_after=AFTER_THE_MONTH,
        created_at=AFTER_THE_MONTH,
        last_error="Mesin tidak menjawab",
    )
    _add_webhooks(cast, things)
    _add_office_settings(cast)
    _add_template(cast, things)
    _add_copies(cast, things)
    archive = archive_instance(instance=things["recap"].instance, actor=SYSTEM, now=AFTER_THE_MONTH)
    things.by_name["archive"] = archive
    return things


def _add_webhooks(cast: Cast, things: Things) -> None:
    """Subscribe a program, another that did not answer, and one that rests."""
    given: Any = {"agency": cast.agency, "keeper": cast.agency, "actor": SYSTEM, "user": cast.admin}
    for name in ("webhook", "failing_webhook", "paused_webhook"):
        row, _ = subscribe(
            address="https://sistem.contoh.go.id/kabar", names=["task.failed"],
            now=AFTER_THE_MONTH, **given,
        )  # fmt: skip
        things.by_name[name] = row
    pause_webhook(subscription=row, actor=SYSTEM, now=AFTER_THE_MONTH)
    WebhookDelivery.objects.create(
        subscription=things.by_name["failing_webhook"], message_id=f"msg_{cast.agency.pk}",
        kind="task.failed", body="{}", state=WebhookDelivery.State.FAILED,
        created_at=AFTER_THE_MONTH,
    )  # fmt: skip


def _add_office_settings(cast: Cast) -> None:
    """Give the agency a logo and a line of its retention schedule."""
    whose: Any = {"agency": cast.agency, "actor": SYSTEM, "now": AFTER_THE_MONTH}
    logo = check_bytes(files.image(), name="logo.jpg", allowed=IMAGES)
    set_letterhead(contact="", paper="A4", logo=logo, **whose)
    years = RetentionData(
        kind="", active_years=2, inactive_years=3, fate="dinilai", source="Keputusan 1/2026"
    )
    set_retention(data=years, **whose)


def _add_template(cast: Cast, things: Things) -> None:
    """Upload a template of the agency's own; a worker looks it through."""
    receipt = offered_template("laporan/tanda_terima_akun.docx")
    upload = check_bytes(receipt.standard, name="templat.docx", allowed={Kind.DOCX})
    version = upload_template(
        offered=receipt, agency=cast.agency, upload=upload, note="", user=cast.admin,
        now=AFTER_THE_MONTH,
    )  # fmt: skip
    check_version({"template": version.pk})
    version.refresh_from_db()
    version.preview_pdf = version.preview
    version.save()
    things.by_name["office_template"] = version


def _add_copies(cast: Cast, things: Things) -> None:
    """Give a document of April its PDF and a signed one, and the agency a package."""
    document = Document.objects.get(pk=things["document"].pk)
    document.pk, document.code, document.number, document.item_key = None, new_code(), "", "salinan"
    document.period_first, document.period_last = date(2026, 4, 1), date(2026, 4, 30)
    document.save(force_insert=True)
    path = stored_path(f"documents/uji-{cast.agency.pk}.pdf")
    write_file(path, PDF)
    told: dict[str, Any] = {"document": document, "size": len(PDF), "sha256": sha256_of(PDF)}
    told["file"], at = f"documents/{path.name}", AFTER_THE_MONTH
    PdfCopy.objects.create(state=PdfCopy.State.DONE, asked_at=at, made_at=at, **told)
    SignedCopy.objects.create(
        original_name="surat.pdf", uploaded_by=cast.kadis, uploaded_at=at, **told
    )
    package = order_package(agency=cast.agency, subject="2026-04", user=cast.kadis, now=at)
    things.by_name |= {
        "document_signed": document,
        "package": write_package(package_id=package.pk, now=at),
        "personal_copy": _copy_of_employee(cast, at),
    }


def _copy_of_employee(cast: Cast, at: datetime) -> PersonalCopy | None:
    """Let the employee have the copy of his own data."""
    assert cast.employee.employee is not None
    copy = order_copy(employee=cast.employee.employee, user=cast.employee, reason="", now=at)
    return make_copy(copy_id=copy.pk, now=at)


def _add_april(cast: Cast, things: Things) -> None:
    """Play April to the sixth stage, which is handed to one of the two operators."""
    april = month_at(cast, 6)
    things.by_name["device"] = april.device
    things.by_name["upload"] = RawUpload.objects.filter(device=april.device).first()
    things.by_name["recap"] = Recap.objects.get(instance=april.instance)
    done = Task.objects.filter(instance=april.instance, kind="user", status="completed")
    things.by_name["task_done"] = done.latest("id")
    things.by_name["task_assigned"] = services.reassign_task(
        task_id=april.task.pk,
        actor_user=cast.kadis,
        to_user=cast.operator,
        reason="bergantian",
        now=april.now,
    )
    things.by_name |= handed_over(things["recap"])
    _add_periodic_recap(cast, things)
    _begin_other_months(cast, april, things)


def _add_periodic_recap(cast: Cast, things: Things) -> None:
    """Add a daily recap that was handed to BKD."""
    recap = make_periodic(
        agency=cast.agency, kind="daily", day=date(2026, 4, 17), now=AFTER_THE_MONTH
    )
    assert recap is not None
    things.by_name["periodic"] = recap
    things.by_name["delivery"] = Delivery.objects.create(
        periodic=recap, recipient="BKD", channel="uji", sent_at=AFTER_THE_MONTH
    )


def _begin_other_months(cast: Cast, april: Month, things: Things) -> None:
    """Begin a month that waits for its end, one that waits for the admin, and one that failed."""
    for subject, name in [("2026-05", "task_timer"), ("2026-07", "task_ready")]:
        month = april.beside(subject)
        month.start()
        if name == "task_timer":
            month.check_machine()
            month.bring_log(f"{april.pins[0]} 2026-05-04 07:20:00")
            month.pass_stage()
        things.by_name[name] = month.task
    failing = services.start_process(
        definition_key=april.instance.definition_key,
        agency=cast.agency,
        subject="2026-03",
        actor_user=cast.kadis,
        now=AFTER_THE_MONTH,
    )
    task = Task.objects.get(instance=failing, status="ready")
    begin_operation(task_id=task.pk, now=AFTER_THE_MONTH)
    services.fail_task(task_id=task.pk, error="mesin tidak menjawab", now=AFTER_THE_MONTH)
    things.by_name["task_failed"] = Task.objects.get(pk=task.pk)


def _add_pulled_machine(cast: Cast, things: Things) -> None:
    """Add a machine that the system calls; approved, so that it may be asked."""
    pulled = devices.register_device(
        agency=cast.agency, serial=f"AULA{cast.agency.pk}", name="Mesin Aula", protocol="pull",
        host="127.0.0.1", actor=SYSTEM, now=AFTER_THE_MONTH,
    )  # fmt: skip
    things.by_name["device_pulled"] = devices.approve_device(
        device=pulled, actor=SYSTEM, now=AFTER_THE_MONTH
    )


def _add_recording(cast: Cast, things: Things) -> None:
    """Add a finger that waits for its supervisor, an alarm, and what was noted because of it."""
    things.by_name["enrolment"] = devices.record_enrolment(
        employee=things["employee"], finger=7, device=things["device"], actor=SYSTEM,
        now=AFTER_THE_MONTH,
    )  # fmt: skip
    things.by_name["alarm"] = raise_alarm(
        kind=Alarm.Kind.CLONED, target=things["device"].serial, text="Satu nomor seri, dua tempat",
        device=things["device"], now=AFTER_THE_MONTH,
    )  # fmt: skip
    things.by_name["violation"] = devices.note_violation(
        alarm=things["alarm"], article="Pasal 14", facts="mesin dibuka", employee=None,
        actor=person(cast.admin), now=AFTER_THE_MONTH,
    )  # fmt: skip


def _add_what_machines_bring(cast: Cast, things: Things) -> None:
    """Add a command that waits and a terminal that nobody registered."""
    calling = devices.register_device(
        agency=cast.agency, serial=f"LOBI{cast.agency.pk}", name="Mesin Lobi", protocol="push",
        actor=SYSTEM, now=AFTER_THE_MONTH,
    )  # fmt: skip
    calling = devices.approve_device(device=calling, actor=SYSTEM, now=AFTER_THE_MONTH)
    things.by_name["device_command"] = order(
        device=calling, kind=DeviceCommand.Kind.INFO, actor=SYSTEM, now=AFTER_THE_MONTH
    )
    things.by_name["caller"] = Caller.objects.create(
        serial=f"ASING{cast.agency.pk}", first_seen_at=AFTER_THE_MONTH, last_seen_at=AFTER_THE_MONTH
    )


def _add_letters(cast: Cast, things: Things) -> None:
    def entered(day: int, whose: User) -> AbsenceLetter:
        on = date(2026, 4, day)
        return people.enter(cast, whose, first_on=on, last_on=on)

    def submitted(day: int, whose: User) -> AbsenceLetter:
        letter = people.scan(cast, entered(day, whose), PDF)
        return submit_letter(letter_id=letter.pk, user=cast.operator, now=AFTER_THE_MONTH)

    things.by_name |= {
        "letter_entered": entered(20, cast.employee),
        "letter_scanned": people.scan(cast, entered(21, cast.employee), PDF),
        "letter_submitted": submitted(22, cast.employee),
        "letter_approved": _approved(cast),
    }


def _approved(cast: Cast) -> AbsenceLetter:
    days = {"first_on": date(2026, 4, 23), "last_on": date(2026, 4, 27)}
    return people.decide(people.submitted(cast, cast.employee, **days), cast.superior)


def _month_file(cast: Cast, recap: Recap) -> MonthFile | None:
    """Return April as a file that a worker has written."""
    ordered = order_month_file(
        agency=cast.agency, month=MonthOf(recap.month), form="csv", recap=recap, user=cast.admin,
        now=AFTER_THE_MONTH,
    )  # fmt: skip
    return write_month_file(file_id=ordered.pk, now=AFTER_THE_MONTH)


def _add_evidence(cast: Cast, things: Things) -> None:
    """Add a request that waits, an outage that goes on, one that ended, and a finger unread."""
    about: dict[str, Any] = {"agency": cast.agency, "user": cast.operator, "now": AFTER_THE_MONTH}
    at = datetime(2026, 4, 13, 7, 25, tzinfo=ZoneInfo(cast.agency.time_zone))
    asked = CorrectionData(
        kind=Correction.Kind.ADD_PUNCH, reason="uji", employee=things["employee"], at=at
    )
    days: dict[str, Any] = {"first_on": date(2026, 4, 16), "reason": "listrik padam"}
    things.by_name |= presences(cast)
    things.by_name |= {
        "operator2_person": cast.operator2.employee,
        "correction": request_correction(
            data=asked, evidence=BytesIO(PDF), evidence_name="bukti.pdf", **about
        ),
        "evaluation": evaluation_of(cast.agency),
        "month_file": _month_file(cast, things["recap"]),
        "outage": record_outage(device=things["device"], last_on=None, **days, **about),
        "outage_ended": record_outage(
            device=things["device_pulled"], last_on=date(2026, 4, 16), **days, **about
        ),
        "finger_exception": register_exception(
            employee=things["employee"], reason="luka", letter_number="800/1",
            valid_from=date(2026, 4, 1), valid_until=None, user=cast.admin, now=AFTER_THE_MONTH,
        ),
    }  # fmt: skip


def _add_staff(cast: Cast, things: Things) -> None:
    """Give the employee a photo, and take on two: one has an account that nobody has used yet."""
    photo = check_bytes(files.image(), name="foto.jpg", allowed=IMAGES)
    set_photo(employee=things["employee"], upload=photo, actor=SYSTEM, now=AFTER_THE_MONTH)
    things.by_name["newcomer"] = make_employee(cast.agency, f"Karolus {cast.agency.pk}")
    fresh = make_employee(cast.agency, f"Lukas {cast.agency.pk}")
    account = open_account(employee=fresh, actor=SYSTEM, now=AFTER_THE_MONTH)
    things.by_name["account_new"] = account
    things.by_name["lane_officer"] = appoint(account, "Juru Parkir", cast.agency)


def _add_calendar(cast: Cast, things: Things) -> None:
    """Add hours that will hold next year, and a substitute for the head until then."""
    hours = HoursData(weekday=0, starts=time(8), ends=time(12))
    decree = PatternData(
        name="Jam Pelayanan", kind="weekly", decree_number="100/1/2026", hours=[hours],
        valid_from=date(2027, 3, 1), valid_until=date(2027, 6, 30),
        scopes=[Whom(employee=things["employee"].pk)],
    )  # fmt: skip
    things.by_name["pattern"] = create_pattern(
        data=decree, agency=cast.agency, user=cast.admin, now=AFTER_THE_MONTH
    )
    things.by_name["substitution"] = appoint_substitute(
        principal=things["head"], substitute=things["employee"], capacity="plh",
        letter_number="800/5/2026", valid_from=date(2026, 5, 4), valid_until=date(2026, 12, 31),
        user=cast.admin, now=AFTER_THE_MONTH,
    )  # fmt: skip
