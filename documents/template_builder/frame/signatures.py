"""Who signs: blocks side by side, the names on one line, never torn from the last lines above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.text.paragraph import Paragraph

from documents.template_builder.frame.tables import Tables
from documents.template_builder.frame.writing import LEFT

GAP = 0.5  # cm between two blocks
DATED = "{{ tempat }}, {{ tanggal }}"


@dataclass(frozen=True)
class Signer:
    """One block. `who` is a record of the context: nama, pangkat, nip; jabatan unless `title`.

    `official` says that the record is one of `ttd` and `mengetahui`, with a_n and sk besides.
    `optional` leaves the block empty where the record is. `opening` stands above: place and date,
    or "Mengetahui,". NIP, rank and the SK of a Plt./Plh. are printed where there are some.
    """

    who: str
    opening: str = ""
    title: str = ""
    official: bool = False
    optional: bool = False


SIGNATORY = Signer("ttd", DATED, official=True)
KNOWING = Signer("mengetahui", "Mengetahui,", official=True, optional=True)


class Signatures(Tables):
    """Adds signature blocks and the list of receivers of copies."""

    def signature(
        self, *, dated: str = DATED, space: float | None = None, size: float | None = None
    ) -> None:
        """Add the signatory's block at the right; `space` in cm is what stays free beside it."""
        free = self.width - 8.3 if space is None else space
        signer = Signer("ttd", dated, official=True)
        self._blocks([None, signer], [free, self.width - free], size)

    def two_signatures(
        self, left: Signer = KNOWING, right: Signer = SIGNATORY, *, size: float | None = None
    ) -> None:
        """Add two blocks: at the left who takes note, at the right who signs."""
        half = (self.width - GAP) / 2
        self._blocks([left, None, right], [half, GAP, half], size)

    def three_signatures(
        self, left: Signer, right: Signer, below: Signer, *, size: float | None = None
    ) -> None:
        """Add two blocks and a third below them in the middle."""
        self.two_signatures(left, right, size=size)
        self._keep_last()
        quarter = self.width / 4
        self._blocks([None, below], [1.2 * quarter, 2.8 * quarter], size)

    def _blocks(
        self, signers: Sequence[Signer | None], widths: Sequence[float], size: float | None
    ) -> None:
        """Heads in one row, names in the next: names stay level where an office takes two lines."""
        self._keep_last()
        self.text("", size=8, keep=True)
        table = self.grid(2, widths, borders=False)
        for column, signer in enumerate(signers):
            if signer is None:
                continue
            head, name = (row.cells[column] for row in table.rows)
            self._within(head, signer, lambda cell, one: self._head(cell, one, size))
            self._within(name, signer, lambda cell, one: self._name(cell, one, size))
        for paragraph in table._tbl.tr_lst[0].xpath(".//w:p"):
            Paragraph(paragraph, table).paragraph_format.keep_with_next = True

    def _within(self, cell: Any, signer: Signer, write: Any) -> None:
        """Write into a cell that keeps a paragraph also where everything in it vanishes."""
        empty = cell.paragraphs[0]._p
        if signer.optional:
            self.tag(f"if {signer.who}", into=cell)
        write(cell, signer)
        if signer.optional:
            self.tag("endif", into=cell)
            self.text("", size=1, into=cell)
        # Word puts an empty paragraph first into each cell; it would push the block down.
        empty.getparent().remove(empty)

    def _head(self, cell: Any, signer: Signer, size: float | None) -> None:
        if signer.opening:
            self.text(signer.opening, into=cell, size=size, align=LEFT)
        if signer.official:
            self.tag(f"if {signer.who}.a_n", into=cell)
            on_behalf = "a.n. {{ " + signer.who + ".a_n }}"
            self.text(on_behalf, into=cell, bold=True, size=size)
            self.tag("endif", into=cell)
        office = signer.title or "{{ " + signer.who + ".jabatan }}"
        self.text(f"{office},", into=cell, bold=True, size=size)

    def _name(self, cell: Any, signer: Signer, size: float | None) -> None:
        """Room for the signature, then the name; a person without NIP has none printed."""
        for _ in range(3):
            self.text("", into=cell, size=(size or 11) * 1.35, keep=True)
        name = "{{ " + signer.who + ".nama }}"
        self.text(name, into=cell, bold=True, underline=True, size=size, keep=True)
        self._where(f"{signer.who}.pangkat", "", cell, size)
        self._where(f"{signer.who}.nip", "NIP. ", cell, size)
        if signer.official:
            self._where(f"{signer.who}.sk", "", cell, 8)

    def _where(self, field: str, label: str, cell: Any, size: float | None) -> None:
        """Add a line that is printed only where the field says something."""
        self.tag(f"if {field}", into=cell)
        self.text(label + "{{ " + field + " }}", into=cell, size=size)
        self.tag("endif", into=cell)

    def _keep_last(self) -> None:
        """Hold the last written paragraph on the page of the signature that follows it.

        Tags between them vanish; a table's own last row cannot be held.
        """
        for paragraph in reversed(self.document.paragraphs[-4:]):
            paragraph.paragraph_format.keep_with_next = True
            if paragraph.text and not paragraph.text.startswith("{%p"):
                return

    def carbon_copy(self, *receivers: str) -> None:
        """Add "Tembusan:" with its receivers, numbered, in a row that no page tears apart."""
        table = self.grid(1, [1.0], borders=False)
        self.margins(table, side=0, top=0)
        cell = table.rows[0].cells[0]
        empty = cell.paragraphs[0]._p
        self.text("Tembusan:", before=8, size=10, underline=True, into=cell)
        for number, receiver in enumerate(receivers, start=1):
            line = f"{number}.\t{receiver}"
            self.text(line, size=10, indent=0.7, hanging=0.7, into=cell)
        empty.getparent().remove(empty)
        self.text("", size=1)  # Word wants a paragraph after a table at the end
