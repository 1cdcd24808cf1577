"""How far the recap of a month is, in words: draft, submitted, frozen, amended."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance import links
from attendance.days.months import Month
from attendance.models import Recap
from organization.models import Agency


@dataclass(frozen=True)
class Standing:
    """The version that holds, if one is frozen; what is open beside it; both in words."""

    frozen: Recap | None
    open: Recap | None

    @classmethod
    def of(cls, recaps: Sequence[Recap]) -> "Standing":
        """Return the standing of a month of whose recaps these are all, newest version first."""
        return cls(
            frozen=next((recap for recap in recaps if recap.is_frozen), None),
            open=next((recap for recap in recaps if not recap.is_frozen), None),
        )

    @property
    def badge(self) -> tuple[str, str, str]:
        """Return kind, icon and word, as `{% badge %}` takes them."""
        if self.frozen is not None:
            return "ok", "lock", f"Dibekukan, {self.frozen.title}"
        if self.open is None:
            return "info", "hourglass", "Sementara, belum ada rekap"
        if self.open.status == Recap.Status.SUBMITTED:
            return "soon", "inbox", "Diajukan"
        return "info", "edit", "Draf"

    @property
    def text(self) -> str:
        """Say what the figures of this month rest on."""
        if self.frozen is not None:
            text = (
                f"Bulan ini sudah dibekukan ({self.frozen.title}). Yang berlaku adalah isi rekap;"
                " data yang datang kemudian menjadi data susulan dan hanya mengubahnya lewat ralat."
            )
            return f"{text} Ralat berikutnya sedang disiapkan." if self.open else text
        if self.open is None:
            return "Belum ada rekap. Angka dihitung dari absen dan surat yang ada sekarang."
        if self.open.status == Recap.Status.SUBMITTED:
            return "Rekap diajukan dan menunggu keputusan. Angka di sini masih mengikuti data baru."
        return (
            f"Rekap masih draf (penyusunan ke-{self.open.builds})."
            " Angka di sini mengikuti data terbaru."
        )

    @property
    def recap(self) -> Recap | None:
        return self.frozen or self.open

    @property
    def link(self) -> str:
        """Where the recap is; "" where there is none."""
        return links.recap(self.recap.pk) if self.recap else ""


def standing_of(agency: Agency, month: Month) -> Standing:
    """Return the standing of a month; one query."""
    recaps = list(
        Recap.objects.filter(agency=agency, month=month.first)
        .defer("figures", "changes")
        .order_by("-version")
    )
    return Standing.of(recaps)
