"""What people are told of, how each kind is shown, and what it says outside of the site."""

from collections.abc import Mapping
from dataclasses import dataclass

from processes.clocks import State

DECISION, RETURNED, NAMED, QUEUE = "decision", "returned", "named", "queue"
BREACH, WAIT, REMINDER, WEEK = "breach", "wait", "reminder", "week"
ALARM, ESCALATION = "alarm", "escalation"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of notice. `brief` is what it says where strangers may read along: no name, no file.

    `is_sent`: it leaves the site where its reader chose nothing. `is_asked`: nobody is told of it
    who did not ask. `gathers`: it may wait for a reader's daily summary.
    """

    badge: State
    title: str
    brief: str
    is_sent: bool = False
    is_asked: bool = False
    gathers: bool = True


# In the order of the settings page.
KINDS: Mapping[str, Kind] = {
    DECISION: Kind(
        badge=State("info", "check-circle", "Menunggu keputusan"),
        title="Keputusan menunggu Anda",
        brief="keputusan menunggu Anda",
        is_sent=True,
    ),
    RETURNED: Kind(
        badge=State("returned", "return", "Dikembalikan"),
        title="Pekerjaan Anda dikembalikan dengan alasan",
        brief="pekerjaan dikembalikan kepada Anda",
        is_sent=True,
    ),
    NAMED: Kind(
        badge=State("info", "handover", "Diserahkan kepada Anda"),
        title="Tugas diserahkan kepada Anda",
        brief="tugas diserahkan kepada Anda",
        is_sent=True,
    ),
    ESCALATION: Kind(
        badge=State("soon", "flag", "Minta bantuan"),
        title="Bawahan meminta bantuan",
        brief="permintaan bantuan",
        is_sent=True,
    ),
    REMINDER: Kind(  # a SOP tells it at its own time
        badge=State("soon", "clock", "Pengingat"),
        title="Pengingat dari SOP",
        brief="pengingat",
    ),
    BREACH: Kind(
        badge=State("late", "alert", "Melewati waktu baku"),
        title="Tugas melewati waktu baku",
        brief="tugas melewati waktu baku",
    ),
    WAIT: Kind(
        badge=State("soon", "hourglass", "Menunggu lama"),
        title="Tugas menunggu lama dan belum diambil",
        brief="tugas menunggu lama",
    ),
    QUEUE: Kind(
        badge=State("info", "inbox", "Tugas baru"),
        title="Tugas baru di antrean Anda (sekali sehari)",
        brief="kabar tugas baru di antrean Anda",
        is_asked=True,
    ),
    WEEK: Kind(
        badge=State("info", "chart", "Ringkasan minggu"),
        title="Ringkasan minggu, bagi pimpinan",
        brief="ringkasan minggu",
        is_sent=True,
    ),
    ALARM: Kind(  # the installation itself
        badge=State("late", "alert", "Perlu tindakan"),
        title="Gangguan SOPan yang perlu tindakan, bagi pengelola",
        brief="gangguan perlu tindakan",
        is_sent=True,
        gathers=False,
    ),
}
