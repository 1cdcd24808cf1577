"""The ways by which a notice leaves the site, one module each."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from organization.models import User
from processes.models import Notice, NoticeDelivery
from processes.notices.channels import mail, push, telegram


class Way(Protocol):
    """What a module of this folder offers."""

    def is_set_up(self) -> bool:
        """Say whether this server can send by this way at all."""

    def reached(self, user_ids: Collection[int]) -> set[int]:
        """Return who of these has an address of this way."""

    def send(self, reader: User, notices: Sequence[Notice]) -> None:
        """Send several notices as one message.

        Raises `Unreachable`, or, where another try may do better, whatever went wrong.
        """


WAYS: Mapping[str, Way] = {
    NoticeDelivery.Channel.MAIL: mail,
    NoticeDelivery.Channel.TELEGRAM: telegram,
    NoticeDelivery.Channel.PUSH: push,
}


def open_ways() -> dict[str, Way]:
    """Return the ways that this server can send by, by the name of their channel."""
    return {name: way for name, way in WAYS.items() if way.is_set_up()}
