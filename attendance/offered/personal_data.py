"""What this room holds about a person: days judged, recaps, letters with scans, presses, places."""

from collections.abc import Iterator

from attendance.checkins.places import open_place
from attendance.models import (
    AbsenceLetter,
    CheckIn,
    ContactNote,
    Correction,
    Delivery,
    Evaluation,
    EvaluationFinding,
    FingerException,
    FollowUp,
    Handover,
    HandoverPackage,
    HelpTicket,
    LateFinding,
    MonthFile,
    MonthSheet,
    Outage,
    OutageDelivery,
    PolicySetting,
    RecapRow,
)
from foundation.personal_data import AT_ONCE, Holding, Person, Row, about, deeds, hold

about(
    MonthSheet,
    employee=("employee",),
    title="Penilaian hari",
    purpose="Hasil tiap hari menurut aturan jam kerja; disusun lagi bila ada data baru.",
)
about(
    RecapRow,
    employee=("employee",),
    extra={"month": "recap__month", "version": "recap__version", "status": "recap__status"},
    title="Baris rekapitulasi",
    purpose="Yang disetujui pimpinan dan dilaporkan; yang sudah beku tidak pernah diubah.",
)
about(
    LateFinding,
    employee=("employee",),
    title="Data susulan",
    purpose="Yang berubah sesudah rekap beku, untuk ralat.",
)
about(
    AbsenceLetter,
    employee=("employee",),
    title="Surat ketidakhadiran dan pindaiannya",
    purpose="Dasar ketidakhadiran yang sah.",
)
about(
    Correction,
    employee=("employee",),
    leave_out=("before", "after"),
    title="Koreksi absensi dan buktinya",
    purpose="Perubahan hasil absensi oleh BKD, dengan alasan dan bukti.",
)
about(
    FingerException,
    employee=("employee",),
    title="Pengecualian sidik jari",
    purpose="Jari yang tidak terbaca mesin, menurut surat.",
)
about(
    CheckIn,
    employee=("employee",),
    extra={"workplace": "workplace__name"},
    title="Presensi lewat ponsel",
    purpose="Bukti hadir di tempat kerja.",
)
about(
    HelpTicket,
    employee=("employee",),
    title="Permintaan bantuan presensi",
    purpose="Presensi yang tidak dapat direkam, dan jawaban pengelola.",
)
about(
    ContactNote,
    employee=("employee",),
    title="Catatan dihubungi",
    purpose="Siapa menghubungi pegawai yang belum presensi, dan jawabannya.",
)
deeds(Delivery, fields={"user": "sent_at", "acknowledged_by": "acknowledged_at"},
      title="Rekap yang dikirim kepada atau diterima Anda")  # fmt: skip
deeds(
    AbsenceLetter,
    fields={"entered_by": "entered_at", "scanned_by": "scanned_at", "decided_by": "decided_at"},
    title="Surat orang lain yang Anda isi, pindai, atau putuskan",
)
deeds(
    Correction,
    fields={"requested_by": "requested_at", "decided_by": "decided_at"},
    title="Koreksi yang Anda minta atau putuskan",
)
deeds(
    FingerException, fields={"registered_by": "registered_at"}, title="Pengecualian jari dari Anda"
)
deeds(PolicySetting, fields={"set_by": "set_at"}, title="Aturan yang Anda tetapkan")
deeds(HelpTicket, fields={"opened_by": "opened_at", "answered_by": "answered_at"},
      title="Permintaan bantuan yang Anda buka atau jawab")  # fmt: skip
deeds(ContactNote, fields={"by": "at"}, title="Pegawai yang Anda hubungi")
deeds(Evaluation, fields={"begun_by": "begun_at", "closed_by": "closed_at"},
      title="Evaluasi yang Anda mulai atau tutup")  # fmt: skip
deeds(EvaluationFinding, fields={"written_by": "written_at"}, title="Temuan evaluasi dari Anda")
deeds(FollowUp, fields={"answered_by": "answered_at"}, title="Tindak lanjut yang Anda jawab")
deeds(LateFinding, fields={"decided_by": "decided_at"}, title="Data susulan yang Anda putuskan")
deeds(MonthFile, fields={"asked_by": "asked_at"}, title="Berkas bulan yang Anda minta")
deeds(Handover, fields={"received_by": "received_at"}, title="Serah terima yang Anda terima")
deeds(HandoverPackage, fields={"returned_by": "returned_at"}, title="Paket yang Anda kembalikan")
deeds(
    Outage,
    fields={
        "recorded_by": "recorded_at",
        "listed_by": "listed_at",
        "reported_by": "reported_at",
        "forwarded_by": "forwarded_at",
        "diagnosed_by": "diagnosed_at",
        "repaired_by": "repaired_at",
        "tested_by": "tested_at",
        "withdrawn_by": "withdrawn_at",
    },
    title="Gangguan mesin yang Anda tangani",
)
deeds(
    OutageDelivery,
    fields={
        "sent_by": "sent_at",
        "received_by": "received_at",
        "copy_received_by": "copy_received_at",
        "checked_by": "checked_at",
    },
    title="Daftar manual yang Anda kirim, terima, atau periksa",
)


def _places(person: Person) -> Iterator[Row]:
    """Where his own presses were made; closed places whose key is gone are told as such."""
    rows = CheckIn.objects.filter(employee=person.employee_id).exclude(sealed_place=b"")
    for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
        place = open_place(row)
        yield {
            "id": row.pk,
            "received_at": row.received_at.isoformat(),
            "latitude": str(place[0].latitude) if place else None,
            "longitude": str(place[0].longitude) if place else None,
        }


def _outages(person: Person) -> Iterator[Row]:
    """His lines in lists that were kept by hand while a machine was out of order."""
    found = Outage.objects.exclude(rows={}).order_by("pk")
    mine = f"{person.employee_id}:"
    for pk, rows in found.values_list("pk", "rows").iterator(chunk_size=AT_ONCE):
        for key, line in rows.items():
            if key.startswith(mine):
                yield {"outage_id": pk, "day": key.removeprefix(mine), **line}


hold(
    Holding(
        key="attendance.checkin.tempat",
        title="Tempat presensi lewat ponsel",
        purpose="Memeriksa jarak ke tempat kerja; tersimpan tersandi.",
        rows=_places,
    )
)
hold(
    Holding(
        key="attendance.outage.baris",
        title="Baris Anda dalam daftar manual",
        purpose="Absensi selama mesin terganggu.",
        rows=_outages,
        models=frozenset(["attendance.Outage"]),
    )
)
