"""What stands at the top: kop with its logo, title with number, or the head of a letter."""

from collections.abc import Sequence

from docx.shared import Pt

from documents.template_builder.frame.elements import LOGO, border
from documents.template_builder.frame.tables import Tables
from documents.template_builder.frame.writing import CENTER, RIGHT

LOGO_WIDTH = 1.9


class Heads(Tables):
    """Adds kop, title, and the lines that open a letter."""

    def letterhead(self) -> None:
        """Add the kop: logo at the left, three to four centred lines, a double rule.

        A column as wide as the logo's stands at the right, so that the lines are in the middle
        of the page with a logo and without.
        """
        side = LOGO_WIDTH + 0.3
        table = self.grid(1, [side, self.width - 2 * side, side], borders=False)
        self.margins(table, side=0, top=0)
        logo, middle, _ = table.rows[0].cells
        self.picture(logo.paragraphs[0], LOGO, "logo", width=LOGO_WIDTH)
        first = middle.paragraphs[0]._p
        self.text("{{ kop.pemerintah|upper }}", align=CENTER, bold=True, size=13, into=middle)
        self.text("{{ kop.nama|upper }}", align=CENTER, bold=True, size=16, into=middle)
        self.text("{{ kop.alamat }}", align=CENTER, size=9, into=middle)
        self.tag("if kop.kontak", into=middle)
        self.text("{{ kop.kontak }}", align=CENTER, size=9, into=middle)
        self.tag("endif", into=middle)
        first.getparent().remove(first)
        rule = self.text("", size=4, after=8)
        border(rule, "bottom", "thickThinSmallGap", 24, space=1, color="000000")

    def title(self, text: str, *lines: str) -> None:
        """Add the title, lines below it, the number where there is one, and what it corrects."""
        self.text(text, align=CENTER, bold=True, underline=True, size=13, before=4, keep=True)
        for line in lines:
            self.text(line, align=CENTER, keep=True)
        self.tag("if nomor")
        self.text("Nomor: {{ nomor }}", align=CENTER, keep=True)
        self.tag("endif")
        self._correction()
        self.text("", size=6, keep=True)

    def _correction(self) -> None:
        self.tag("if ralat")
        self.text(
            "RALAT KE-{{ ralat.ke }} atas Nomor {{ ralat.nomor }} tanggal {{ ralat.tanggal }}",
            align=CENTER,
            bold=True,
            size=10,
            before=2,
            keep=True,
        )
        # Documents of before have no reason among their data.
        self.tag("if ralat.alasan is defined and ralat.alasan")
        self.text("Alasan: {{ ralat.alasan }}", align=CENTER, size=10, keep=True)
        self.tag("endif")
        self.tag("endif")

    def letter_head(
        self,
        subject: str,
        to: Sequence[str | tuple[str, str]],
        *,
        nature: str = "Biasa",
        attached: str = "-",
    ) -> None:
        """Add Nomor, Sifat, Lampiran and Hal with place and date at the right, then `Yth.`.

        `to` are the lines of the receiver without "Yth."; all but the first are indented. A pair is
        a condition and the line that stands only where it holds.
        """
        lines = [("Nomor", "{{ nomor }}"), ("Sifat", nature), ("Lampiran", attached)]
        lines.append(("Hal", subject))
        table = self.grid(len(lines), [2.0, 0.4, self.width - 8.0, 5.6], borders=False)
        # Beside a long subject stands nothing: it runs to the margin.
        for row in table.rows[1:]:
            row.cells[2].merge(row.cells[3])
        self.margins(table, side=0)
        for row, (name, value) in zip(table.rows, lines, strict=True):
            for cell, text in zip(row.cells, (name, ":", value), strict=False):
                self.fill(cell, text, size=self.size)
        self.fill(
            table.rows[0].cells[3], "{{ tempat }}, {{ tanggal }}", align=RIGHT, size=self.size
        )
        self._correction()
        self.text("", size=8)
        first, *others = to
        self.text(f"Yth. {first}", keep=True)
        for line in others:
            condition, text = line if isinstance(line, tuple) else ("", line)
            if condition:
                self.tag(f"if {condition}")
            self.text(text, indent=0.9, keep=True)
            if condition:
                self.tag("endif")
        self.document.paragraphs[-1].paragraph_format.space_after = Pt(10)
