"""Paper, sections, and the foot of every page."""

from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from documents.template_builder.frame.elements import QR, element, put
from documents.template_builder.frame.tables import Tables
from documents.template_builder.frame.writing import RIGHT

PAPERS = {"A4": (21.0, 29.7), "F4": (21.5, 33.0)}  # cm; F4 as Indonesian offices buy it
LEFT_MARGIN, RIGHT_MARGIN = 2.5, 2.0
QR_WIDTH = 1.6
MADE = (
    "SOPan{% if berkas %} · berkas {{ berkas }} · putaran {{ versi }}{% endif %}"
    " · templat {{ templat }}"
)
PROOF = "Sidik data {{ sidik }} · kode verifikasi {{ kode }}"


class Pages(Tables):
    """Adds sections. Every section has a foot of its own, as wide as its page."""

    paper = "A4"

    def landscape(self, *, margin: float = 1.0) -> None:
        """Begin a landscape page; what follows stands on it. Margins left and right in cm."""
        self._begin(landscape=True, left=margin, right=margin)

    def portrait(self) -> None:
        """Begin an upright page."""
        self._begin(landscape=False, left=LEFT_MARGIN, right=RIGHT_MARGIN)

    def _begin(self, *, landscape: bool, left: float, right: float, first: bool = False) -> None:
        sections = self.document.sections
        section = sections[0] if first else self.document.add_section(WD_SECTION.NEW_PAGE)
        short, long = PAPERS[self.paper]
        width, height = (long, short) if landscape else (short, long)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Cm(width), Cm(height)
        section.top_margin = Cm(1.2 if landscape else 1.4)
        section.bottom_margin = Cm(2.5)
        section.left_margin, section.right_margin = Cm(left), Cm(right)
        section.footer_distance, section.header_distance = Cm(0.5), Cm(0.6)
        self.width = round(width - left - right, 2)
        self._foot(section)

    def _foot(self, section: Any) -> None:
        """Which version of what this is, how to verify it, the page, and the QR at the right."""
        footer = section.footer
        footer.is_linked_to_previous = False
        table = self.grid(
            1, [self.width - QR_WIDTH - 0.2, QR_WIDTH + 0.2], borders=False, into=footer
        )
        self.margins(table, side=0, top=0.04)
        borders = element("w:tblBorders")
        borders.append(element("w:top", val="single", sz="4", space="0", color="7F7F7F"))
        put(table._tbl.tblPr, borders)
        words, code = table.rows[0].cells
        line = words.paragraphs[0]
        tabs = line.paragraph_format.tab_stops
        tabs.add_tab_stop(Cm(self.width - QR_WIDTH - 0.3), WD_TAB_ALIGNMENT.RIGHT)
        self._small(line.add_run(MADE + "\tHalaman "))
        self._field(line, "PAGE")
        self._small(line.add_run(" dari "))
        self._field(line, "NUMPAGES")
        for text in (PROOF, "{{ alamat_verifikasi }}"):
            self._small(words.add_paragraph().add_run(text))
        code.paragraphs[0].alignment = RIGHT
        self.picture(code.paragraphs[0], QR, "qr", width=QR_WIDTH)
        # The paragraph that came with the footer has to stay, after the table: it takes no room.
        last = footer.paragraphs[0]
        table._tbl.addnext(last._p)
        last.style = self.document.styles["Normal"]
        last.paragraph_format.line_spacing = Pt(1)

    def _small(self, run: Any) -> Any:
        run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x59, 0x59, 0x59)
        return run

    def _field(self, paragraph: Any, instruction: str) -> None:
        for kind in ("begin", "separate", "end"):
            run = self._small(paragraph.add_run())
            run._r.append(element("w:fldChar", fldCharType=kind))
            if kind == "begin":
                text = OxmlElement("w:instrText")
                text.set(qn("xml:space"), "preserve")
                text.text = f" {instruction} "
                self._small(paragraph.add_run())._r.append(text)
            elif kind == "separate":
                self._small(paragraph.add_run("1"))
