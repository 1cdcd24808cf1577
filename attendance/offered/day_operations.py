"""What the system does in the SOP of a day: reminds, counts, writes the day's file."""

from django.db.models import Exists, OuterRef

from attendance import links
from attendance.checkins.monitor import lacking
from attendance.days.today import Board, State, board_of
from attendance.models import CheckIn
from attendance.offered.days import agency_and_day
from attendance.services.day_files import write_day_file
from foundation.indonesian import date_with_day, size_text
from organization.models import User
from processes.services.notices import REMINDER, notify
from workflows.registry import Result, StepContext, operation


@operation("attendance.remind_check_in")
def remind_check_in(context: StepContext) -> Result:
    """Remind whoever is expected today and has no presence yet; once, and never a block.

    Nobody on leave, on duty elsewhere or with the day off is reminded; who has no account is
    counted and not reached.
    """
    agency, day = agency_and_day(context)
    board = board_of(agency, day, now=context.now)
    expected = [p.employee_id for p in board.people if lacking(p, after_hours=False)]
    done = CheckIn.objects.accepted().filter(employee=OuterRef("employee"), day=day)
    users = User.objects.filter(~Exists(done), employee__in=expected, is_active=True)
    reached = list(users.values_list("pk", flat=True))
    notify(
        user_ids=reached, agency=agency, kind=REMINDER,
        key=f"attendance.check_in:{day.isoformat()}",
        text=f"Presensi {date_with_day(day)}: tekan presensi masuk di lokasi kantor, lokasi ponsel"
        " dinyalakan.",
        now=context.now, link=links.CHECK_IN,
    )  # fmt: skip
    unreached = len(expected) - len(reached)
    more = f", {unreached} tanpa akun tidak terjangkau" if unreached else ""
    return Result(f"{len(reached)} pegawai diingatkan{more}.", links.watch(agency.code, day))


@operation("attendance.count_presences")
def count_presences(context: StepContext) -> Result:
    """Say how many came (or, with `kind = "out"`, left) of those that were expected."""
    agency, day = agency_and_day(context)
    board = board_of(agency, day, now=context.now)
    leaving = context.parameters.get("kind") == CheckIn.Kind.OUT
    here = [p.verdict for p in board.people]
    count = sum((v.left if leaving else v.came) is not None for v in here)
    away = board.total.get(State.AWAY, 0)
    what = "Presensi pulang" if leaving else "Presensi masuk"
    text = f"{what}: {count} dari {expected(board)} pegawai; {away} dengan surat."
    return Result(text, links.watch(agency.code, day))


@operation("attendance.write_day_file")
def keep_day_file(context: StepContext) -> Result:
    """Write the day's punches and presses as a file with its hash, and read it back."""
    agency, day = agency_and_day(context)
    row = write_day_file(
        agency=agency, day=day, key=f"{context.instance_id}-{context.visit}", actor=context.actor,
        now=context.now,
    )  # fmt: skip
    text = (
        f"{row.name} ditulis dan dibaca ulang: {row.rows} absen, {size_text(row.size)}, "
        f"SHA-256 {row.sha256[:16]}."
    )
    return Result(text, links.day_file(row.pk))


def expected(board: Board) -> int:
    """Return how many were to come."""
    states = (State.PRESENT, State.LATE, State.NOT_YET)
    return sum(board.total.get(state, 0) for state in states)
