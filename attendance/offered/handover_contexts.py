"""What Word files say of a handover: the letter with the package, the receipt, the list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attendance.days.months import Month
from attendance.law.discipline import SOURCE
from attendance.letters.texts import days_text
from attendance.models import Handover, HandoverPackage
from attendance.offered.handover_steps import handover_of_period, handover_of_step
from attendance.offered.signing import signer_of
from attendance.recaps.handover_sheets import Absent, absent_people
from attendance.recaps.handover_texts import figures_text, follows, title_of
from attendance.services.handovers import newest
from foundation.indonesian import minutes_text, moment_text, size_text
from organization.nip import display as nip_text
from workflows.registry import StepContext, document_context

NOT_YET = "belum diterima"


@document_context("attendance.discipline_handover")
def discipline_handover(context: StepContext) -> Mapping[str, Any]:
    """Return the package, and who has unexplained days; bands only for PNS (PP 94/2021)."""
    package = newest(handover_of_period(context, Handover.Kind.DISCIPLINE))
    recap = package.handover.recap
    people = absent_people(recap, list(recap.rows.all()))
    return {
        "bahan": told_of(package),
        "tk": [_absent(person) for person in people if person.days],
        "sumber_penanda": SOURCE,
    }


@document_context("attendance.performance_handover")
def performance_handover(context: StepContext) -> Mapping[str, Any]:
    """Return the package, and the sums of the month."""
    package = newest(handover_of_period(context, Handover.Kind.PERFORMANCE))
    recap = package.handover.recap
    total = recap.figures["jumlah"]
    return {
        "bahan": told_of(package),
        "jumlah": {**total, "C": total["C_n"], "KJK_teks": minutes_text(total["KJK"])},
        "hari_kerja": recap.figures["hari_kerja"],
        "jumlah_pegawai": recap.figures["pegawai"],
    }


@document_context("attendance.handover_receipt")
def handover_receipt(context: StepContext) -> Mapping[str, Any]:
    """Return what was received, from whom, by whom, under which number."""
    handover = handover_of_step(context)
    package = newest(handover)
    receiver = handover.received_by.employee if handover.received_by else None
    zone = handover.agency.time_zone
    return {
        "bahan": {
            **told_of(package),
            "diserahkan": _moment(package.handed_at, zone),
            "surat": package.document.number if package.document else "",
            "surat_sidik": package.document.sha256 if package.document else "",
        },
        "penerimaan": {
            "nomor": handover.receipt_number,
            "waktu": _moment(handover.received_at, zone),
            "catatan": handover.note,
        },
        "pihak": {"bkd": signer_of(handover.received_by, "Badan Kepegawaian Daerah")},
        "kode_penerbit": receiver.agency.code if receiver else "",
    }


@document_context("attendance.handovers")
def handovers_of_period(context: StepContext) -> Mapping[str, Any]:
    """Return every package made from the period's recap: number, hash, when, received or not."""
    month = Month.parse(context.subject)
    packages = HandoverPackage.objects.filter(
        handover__recap__instance=context.instance_id, handover__recap__month=month.first
    ).select_related("handover__recap", "handover__agency", "document")
    return {"serah_terima": [_listed(package) for package in packages.order_by("pk")]}


def told_of(package: HandoverPackage) -> dict[str, Any]:
    """Return what every paper tells of a package."""
    handover = package.handover
    recap = handover.recap
    replaced = handover.replaces
    return {
        "jenis": handover.get_kind_display(),
        "judul": title_of(handover),
        "tujuan": follows(handover),
        "rekap": recap.title,
        "rekap_sidik": recap.sha256,
        "putaran": package.round,
        "berkas": package.name,
        "ukuran": size_text(package.size),
        "sidik": package.sha256,
        "isi": figures_text(package),
        "tanggapan": package.answer,
        "menggantikan": title_of(replaced) if replaced else "",
        "alasan": recap.reason if replaced else "",
    }


def _listed(package: HandoverPackage) -> dict[str, str]:
    handover = package.handover
    zone = handover.agency.time_zone
    is_last = package.returned_at is None
    return {
        "bahan": title_of(handover) + ("" if package.round == 1 else f", ke-{package.round}"),
        "nomor": package.document.number if package.document else "-",
        "sidik": package.sha256,
        "diserahkan": _moment(package.handed_at, zone),
        "diterima": _received(handover, zone) if is_last else "dikembalikan BKD",
    }


def _received(handover: Handover, zone: str) -> str:
    if handover.received_at is None:
        replaced = handover.status == Handover.Status.REPLACED
        return "digantikan ralat" if replaced else NOT_YET
    return f"{moment_text(handover.received_at, zone)}, agenda {handover.receipt_number}"


def _absent(person: Absent) -> dict[str, Any]:
    row, counted = person.row, person.counted
    return {
        "nama": row.name,
        "nip": nip_text(row.number),
        "status": row.employment,
        "tanggal": days_text(person.days),
        "bulan_ini": len(person.days),
        "tahun": counted.unexplained if counted else len(person.days),
        "penanda": person.flags,
    }


def _moment(at: datetime | None, zone: str) -> str:
    return moment_text(at, zone) if at else "-"
