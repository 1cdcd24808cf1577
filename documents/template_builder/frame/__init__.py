"""The common frame of official letters and reports.

    letter = Letter(paper="F4")                 # or A4; size=10.5 is the size of the running text
    letter.letterhead()                         # kop with logo
    letter.title("REKAP HARIAN", "{{ periode.label }}")
    letter.body("Bersama ini ... {{ pd.nama }}.")
    letter.table_or(
        "pegawai", "Tidak ada pegawai.", "orang in pegawai",
        [Column("No", 1.0, "{{ orang.no }}", CENTER), Column("Nama", 9.0, "{{ orang.nama }}")],
    )
    letter.landscape(margin=1.0)                # the rest on landscape pages
    letter.two_signatures()                     # mengetahui (where there is one) and ttd
    letter.carbon_copy("Arsip.")
    return letter.content()                     # bytes; the same bytes each time

A letter to somebody has `letter_head(hal, ["Gubernur ...", "di Kupang"])` in place of the title.
Names that every template may use: tests/documents/samples.py, BASE.
"""

from typing import Literal

from documents.template_builder.frame.elements import border, element, put, shade
from documents.template_builder.frame.heads import Heads
from documents.template_builder.frame.pages import LEFT_MARGIN, RIGHT_MARGIN, Pages
from documents.template_builder.frame.signatures import (
    DATED,
    KNOWING,
    SIGNATORY,
    Signatures,
    Signer,
)
from documents.template_builder.frame.tables import HEAD, SUM, Column
from documents.template_builder.frame.writing import CENTER, FONT, JUSTIFY, LEFT, RIGHT

__all__ = [
    "CENTER", "DATED", "FONT", "HEAD", "JUSTIFY", "KNOWING", "LEFT", "RIGHT", "SIGNATORY", "SUM",
    "Column", "Letter", "Signer", "border", "element", "put", "shade",
]  # fmt: skip


class Letter(Heads, Signatures, Pages):
    """An official letter or report under construction; see the module for how it is used."""

    def __init__(
        self,
        *,
        size: float = 11,
        paper: Literal["A4", "F4"] = "A4",
        landscape: bool = False,
        margin: float | None = None,
    ) -> None:
        super().__init__(size=size)
        self.paper = paper
        left = LEFT_MARGIN if margin is None else margin
        right = RIGHT_MARGIN if margin is None else margin
        self._begin(landscape=landscape, left=left, right=right, first=True)
