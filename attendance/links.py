"""Where the pages of this room lie; stable paths that guards, panels and documents may name."""

from datetime import date
from urllib.parse import urlencode

TODAY = "/absensi/hari-ini/"
MONTH = "/absensi/bulan/"
AGENCIES = "/absensi/perangkat-daerah/"
WHY = "/absensi/mengapa/"
LETTERS = "/absensi/surat/"
APPROVALS = "/absensi/persetujuan/"
RECAPS = "/absensi/rekap/"
PERIODIC = "/absensi/berkala/"
DISCIPLINE = "/absensi/disiplin/"
HANDOVERS = "/absensi/serah-terima/"
MINE = "/absensi/saya/"
MY_LETTERS = "/absensi/surat-saya/"
CORRECTIONS = "/absensi/koreksi/"
OUTAGES = "/absensi/gangguan/"
FINGERS = "/absensi/pengecualian/"
POLICIES = "/absensi/aturan/"
EVALUATIONS = "/absensi/evaluasi/"
CHECK_IN = "/presensi/"
WATCH = "/presensi/pantau/"


def month(agency_code: str, month: object) -> str:
    """The month of an agency."""
    return f"{MONTH}?{urlencode({'pd': agency_code, 'bulan': str(month)})}"


def month_file(file_id: int) -> str:
    """How far a file of a month is, and the file."""
    return f"/absensi/berkas/{file_id}/"


def sheet(employee_id: int, month: str) -> str:
    """A person's month, day by day."""
    return f"{MONTH}{employee_id}/?bulan={month}"


def why(employee_id: int, day: date) -> str:
    """Why one day of a person counts as it does."""
    return f"{WHY}{employee_id}/{day.isoformat()}/"


def letters(month: str = "") -> str:
    return f"{LETTERS}?bulan={month}" if month else LETTERS


def letter(letter_id: int) -> str:
    return f"{LETTERS}{letter_id}/"


def scan(letter_id: int) -> str:
    return f"{letter(letter_id)}pindaian/"


def recap(recap_id: int) -> str:
    return f"{RECAPS}{recap_id}/"


def person(recap_id: int, employee_id: int) -> str:
    """The days of one person in a recap, each with its reasons."""
    return f"{recap(recap_id)}pegawai/{employee_id}/"


def late_data(recap_id: int, typed: str = "") -> str:
    """What came too late for a frozen recap, on its page; with the reason typed already."""
    query = "?" + urlencode({"alasan": typed}) if typed else ""
    return f"{recap(recap_id)}{query}#susulan"


def periodic(periodic_id: int) -> str:
    return f"{PERIODIC}{periodic_id}/"


def handover(handover_id: int) -> str:
    """What a frozen recap handed to a SOP that follows, and who received it."""
    return f"{HANDOVERS}{handover_id}/"


def handover_file(package_id: int) -> str:
    """The sheet of one round."""
    return f"{HANDOVERS}berkas/{package_id}/"


def correction(correction_id: int) -> str:
    return f"{CORRECTIONS}{correction_id}/"


def outage(outage_id: int) -> str:
    return f"{OUTAGES}{outage_id}/"


def report_outage(agency_code: str, day: date, reason: str = "") -> str:
    """Where an outage is reported, with its first day and reason typed already."""
    typed = {"pd": agency_code, "tanggal": day.isoformat(), "sebab": reason}
    return f"{OUTAGES}baru/?{urlencode(typed)}"


def outage_list(outage_id: int, day: date) -> str:
    """The signed list of one day of an outage, to be typed."""
    return f"{outage(outage_id)}daftar/?tanggal={day.isoformat()}"


def outage_conflicts(outage_id: int) -> str:
    """Where list and machine differ."""
    return f"{outage(outage_id)}selisih/"


def check_in(check_in_id: int) -> str:
    """One press on a phone: when, where, and what became of it."""
    return f"{CHECK_IN}{check_in_id}/"


def watch(agency_code: str, day: date) -> str:
    """A day of presences as its managers watch it."""
    return f"{WATCH}?{urlencode({'pd': agency_code, 'tanggal': day.isoformat()})}"


def day_file(file_id: int) -> str:
    """The file in which a day's presences were written out."""
    return f"{CHECK_IN}berkas/{file_id}/"


def evaluation(evaluation_id: int) -> str:
    """A quarter as BKD and the managers of the application evaluate it."""
    return f"{EVALUATIONS}{evaluation_id}/"


def finding(evaluation_id: int, agency_code: str, side: str) -> str:
    """Where one side writes what it found in an agency."""
    return f"{evaluation(evaluation_id)}temuan/{agency_code}/{side}/"
