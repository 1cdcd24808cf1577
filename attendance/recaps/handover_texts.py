"""How handovers are told: for which SOP, in which state, with which figures."""

from attendance.models import Handover, HandoverPackage
from foundation.indonesian import minutes_text, number_text, period_label

Badge = tuple[str, str, str]
Kind, Status = Handover.Kind, Handover.Status
# The titles of the SOPs that follow, as the sheet of "Pengelolaan e-Absensi" prints them.
FOLLOWS = {
    Kind.DISCIPLINE: "SOP Penyusunan Laporan Disiplin Pegawai",
    Kind.PERFORMANCE: "SOP Kinerja Individu",
}
LOOKS = {
    Status.PREPARED: ("info", "edit"),
    Status.HANDED: ("soon", "hourglass"),
    Status.RETURNED: ("returned", "return"),
    Status.RECEIVED: ("ok", "check-circle"),
    Status.REPLACED: ("info", "reused"),
}


def title_of(handover: Handover) -> str:
    """Return "Bahan laporan disiplin April 2026, versi 1"."""
    recap = handover.recap
    return f"{handover.get_kind_display()} {period_label(recap.subject)}, {recap.title}"


def follows(handover: Handover) -> str:
    """Return the title of the SOP that the package is for."""
    return FOLLOWS[Kind(handover.kind)]


def badge_of(handover: Handover) -> Badge:
    look, icon = LOOKS[Status(handover.status)]
    return look, icon, handover.get_status_display()


def figures_text(package: HandoverPackage) -> str:
    """Say in one sentence what is in a package."""
    found = package.figures
    if package.handover.kind != Kind.DISCIPLINE:
        return f"Angka kehadiran {number_text(found['pegawai'])} pegawai."
    return (
        f"Tanpa keterangan {found['tk_pegawai']} pegawai, {found['tk_hari']} hari; kekurangan jam"
        f" kerja {found['kjk_pegawai']} pegawai, {minutes_text(found['kjk_menit'])}; penanda"
        f" PP 94/2021 {found['penanda']} PNS."
    )
