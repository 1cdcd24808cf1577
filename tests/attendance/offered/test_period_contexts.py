"""What reports say about a month beside its figures: outages, corrections, evidence."""

from datetime import date

from attendance.offered.period_contexts import SAMPLED, evenly, period_evidence
from attendance.services.outages import record_outage
from processes.models import Instance
from tests.attendance.asking import add, device_of, request
from tests.attendance.asking import decide as decide_request
from tests.attendance.people import AFTER_APRIL, decide, employee_of, submitted, tap
from tests.attendance.playing import context_of
from tests.cast import Cast

MONDAY = date(2026, 4, 13)


def test_a_quiet_month_has_nothing_to_tell(instance: Instance) -> None:
    assert period_evidence(context_of(instance)) == {
        "gangguan": [],
        "koreksi": [],
        "bukti": {"jumlah": 0, "contoh": []},
    }


def test_outages_that_touch_the_month_are_told_with_their_machine(
    instance: Instance, cast: Cast
) -> None:
    machine = device_of(cast)
    for first, last, device in (
        (date(2026, 3, 30), date(2026, 4, 1), machine),
        (MONDAY, MONDAY, None),
        (date(2026, 5, 1), date(2026, 5, 1), None),
    ):
        record_outage(
            agency=cast.agency, device=device, first_on=first, last_on=last,
            reason="Listrik padam", user=cast.operator, now=AFTER_APRIL,
        )  # fmt: skip

    outages = period_evidence(context_of(instance))["gangguan"]

    assert [(row["mesin"], row["tanggal"]) for row in outages] == [
        (machine.name, "30 Maret - 1 April 2026"),
        ("Semua mesin", "13 April 2026"),
    ]
    assert outages[0]["sebab"] == "Listrik padam"
    assert outages[0]["keadaan"] == "Menunggu daftar manual"


def test_what_bkd_mended_is_told_and_what_still_waits_is_not(
    instance: Instance, cast: Cast
) -> None:
    tap(employee_of(cast.employee), MONDAY, "16:03")
    decide_request(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
    request(cast, add(cast.employee, date(2026, 4, 14), "07:25"))

    (told,) = period_evidence(context_of(instance))["koreksi"]

    assert told["jenis"] == "Menambah absen yang tidak terekam"
    assert told["tentang"] == "Joko Tallo: absen 13 April 2026 07.25"
    assert told["diputuskan"].endswith("WITA")


def test_letters_with_a_scan_are_named_as_evidence(instance: Instance, cast: Cast) -> None:
    letter = submitted(cast)
    decide(letter, cast.superior)
    letter.refresh_from_db()

    evidence = period_evidence(context_of(instance))["bukti"]

    assert evidence["jumlah"] == 1
    (row,) = evidence["contoh"]
    assert (row["nama"], row["jenis"], row["keputusan"]) == (
        "Joko Tallo", "dinas luar", "Disetujui"
    )  # fmt: skip
    assert letter.scan_sha256.startswith(row["sidik"])


def test_a_sample_is_taken_from_all_of_the_month() -> None:
    rows = list(range(100))

    sample = evenly(rows, SAMPLED)

    assert len(sample) == SAMPLED
    assert sample[0] == 0
    assert sample[-1] > 90
    assert evenly(rows[:3], SAMPLED) == [0, 1, 2]
