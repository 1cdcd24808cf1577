"""The guide for who adds something names files and folders that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "adding.md"
PLACE = re.compile(r"`([a-z_]+/[\w./-]+)`")


def test_every_place_that_the_guide_names_is_there() -> None:
    named = PLACE.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(named) > 25
    assert [place for place in named if not (ROOT / place).exists()] == []
