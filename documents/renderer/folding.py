"""Markup without tags of a template, folded away while the library looks for them.

The library reads the source some twenty times, letter by letter. A third of it says how paragraphs
and tables look: each such piece is one short element while it does so.
"""

import re

# Not the shades, nor what stands in cells: the library takes the shade of a cell away.
_LOOKS = re.compile(r"<w:(rPr|pPr|tblPr|tblGrid|trPr|sectPr)>(?:(?!<w:(?:shd|\1)\b)[^{}])*?</w:\1>")
_FOLDED = re.compile(r"<w:_(\d+)/>")
# For these the library looks for any element that begins like w:t, such as the tabs of a paragraph.
_WITH_TABS = re.compile(r"\b[vh]m\b|-%}")


class Folded:
    """A source with its looks folded away."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._looks: dict[str, int] = {}
        if _FOLDED.search(source) is None and _WITH_TABS.search(source) is None:
            self.source = _LOOKS.sub(self._fold, source)

    def _fold(self, found: re.Match[str]) -> str:
        return f"<w:_{self._looks.setdefault(found[0], len(self._looks))}/>"

    def unfolded(self, source: str) -> str:
        """Return the source with the looks in their places."""
        if not self._looks:
            return source
        looks = list(self._looks)
        return _FOLDED.sub(lambda found: looks[int(found[1])], source)
