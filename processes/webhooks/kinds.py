"""The kinds of events that programs may hear of, each declared by the room that knows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from foundation.models import Event

TEST = "webhook.test"  # asked for by hand; nobody subscribes to it

# What a message says of an event beside its agency; None: this event is not of the kind.
Tell = Callable[[Event], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind by its name, what people call it, and which events of the ledger it stands for.

    A kind without `verb` is announced by hand (`hearing.announce`).
    """

    name: str
    title: str
    verb: str = ""
    tell: Tell | None = None


_kinds: dict[str, Kind] = {}
_by_verb: dict[str, list[Kind]] = {}


def offer(name: str, title: str, *, verb: str = "", tell: Tell | None = None) -> None:
    """Declare a kind. What `tell` returns holds ids and facts, no names or numbers of people."""
    kind = Kind(name=name, title=title, verb=verb, tell=tell)
    _kinds[name] = kind
    if verb:
        _by_verb.setdefault(verb, []).append(kind)


def offered() -> Mapping[str, Kind]:
    """Return the kinds that may be subscribed to, by name."""
    return dict(sorted(_kinds.items()))


def of_verb(verb: str) -> list[Kind]:
    return _by_verb.get(verb, [])


def title_of(name: str) -> str:
    kind = _kinds.get(name)
    return kind.title if kind else "Kiriman uji" if name == TEST else name
