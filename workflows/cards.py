"""What a panel tells of a decision in ten seconds: a few figures, who stands out, where to look."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class StandsOut:
    """Somebody or something that a decision should look at first, and where the evidence is."""

    name: str
    what: str
    link: str = ""


@dataclass(frozen=True)
class DecisionFigures:
    """The card of a decision. `is_plain` says that nothing in it asks for a second look.

    `figures` are pairs of label and value; `more` is how many stand out beside those named.
    """

    headline: str
    figures: Sequence[tuple[str, str]] = ()
    comparison: str = ""
    stands_out: Sequence[StandsOut] = ()
    more: int = 0
    link: str = ""
    is_plain: bool = False
