"""The ways by which a person can be told, as his settings page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from organization.models import User
from processes.clocks import State
from processes.models import NoticeAddress, NoticeDelivery
from processes.notices.addresses import awaited, digest, known_of
from processes.notices.channels import Way, open_ways
from processes.notices.channels.push_messages import public_key
from processes.notices.wishes import SITE
from processes.services.notice_mailboxes import awaited as awaited_mailbox

Channel = NoticeDelivery.Channel
READY = State("ok", "check-circle", "Siap")
NOT_YET = State("soon", "clock", "Belum")
CLOSED = State("info", "offline", "Tidak tersedia")
NOT_HERE = "Belum diatur di server ini; hubungi pengelola server bila Anda memerlukannya."
BRIEFLY = "Isinya hanya jumlah dan tautan, tanpa nama."
TITLES = {
    Channel.MAIL: "Surel",
    Channel.TELEGRAM: "Telegram",
    Channel.PUSH: "Pemberitahuan peramban",
}


@dataclass(frozen=True)
class WayShown:
    """A way as the page shows it; `part` is the template of what its reader can do about it."""

    name: str
    title: str
    state: State
    words: str
    part: str = ""
    is_awaited: bool = False  # it looks again by itself


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Where a person is reached, and what waits for a code."""

    email: str
    awaited_email: str
    chats: list[NoticeAddress]
    browsers: list[NoticeAddress]
    code: str  # for Telegram, while it is valid
    ways: Mapping[str, Way]

    @property
    def push_key(self) -> str:
        return public_key() if Channel.PUSH in self.ways else ""

    @property
    def bot(self) -> str:
        return settings.TELEGRAM_BOT

    def shown(self) -> list[WayShown]:
        """Return every way, also those that this server does not offer."""
        told = {Channel.MAIL: self._mail, Channel.TELEGRAM: self._chat, Channel.PUSH: self._push}
        return [
            WayShown(SITE, "Di SOPan", READY, "Selalu; di Tugas, bagian Pemberitahuan."),
            *(
                tell() if name in self.ways else WayShown(name, TITLES[name], CLOSED, NOT_HERE)
                for name, tell in told.items()
            ),
        ]

    def _mail(self) -> WayShown:
        name, title, part = Channel.MAIL, TITLES[Channel.MAIL], "processes/parts/mail_way.html"
        if self.awaited_email:
            words = f"Kode dikirim ke {self.awaited_email}. Tuliskan di bawah ini dalam satu jam."
            return WayShown(name, title, NOT_YET, words, part)
        if self.email:
            return WayShown(name, title, READY, f"Dikirim ke {self.email}.", part)
        return WayShown(
            name, title, NOT_YET, "Tuliskan alamat surel Anda; kode dikirim ke sana.", part
        )

    def _chat(self) -> WayShown:
        name, title = Channel.TELEGRAM, TITLES[Channel.TELEGRAM]
        part = "processes/parts/telegram_way.html"
        if self.chats:
            return WayShown(name, title, READY, f"Tersambung. {BRIEFLY}", part)
        words = "Kirim kode di bawah ini kepada bot dalam 15 menit." if self.code else BRIEFLY
        return WayShown(name, title, NOT_YET, words, part, is_awaited=bool(self.code))

    def _push(self) -> WayShown:
        name, title, part = Channel.PUSH, TITLES[Channel.PUSH], "processes/parts/push_way.html"
        if not self.browsers:
            words = f"Muncul di layar ponsel atau komputer ini. {BRIEFLY}"
            return WayShown(name, title, NOT_YET, words, part)
        return WayShown(
            name, title, READY, f"Aktif di {len(self.browsers)} peramban. {BRIEFLY}", part
        )


def reach_of(user: User, code: str, now: datetime) -> Reach:
    """Return where a person is reached; `code` is what his browser was given for Telegram."""
    linked = list(known_of(user))
    asked = awaited(Channel.TELEGRAM, now).filter(owner=user, code_digest=digest(code))
    return Reach(
        email=user.email,
        awaited_email=awaited_mailbox(user, now),
        chats=[row for row in linked if row.channel == Channel.TELEGRAM],
        browsers=[row for row in linked if row.channel == Channel.PUSH],
        code=code if code and asked.exists() else "",
        ways=open_ways(),
    )
