"""The sheet itself: fonts, paragraphs, tags, and the bytes of the finished file."""

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from documents.template_builder.frame.elements import element

FONT = "Arial"
LEFT, CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
MADE_ON = datetime(2026, 1, 1)  # fixed, so that the same script makes the same bytes


class Writing:
    """A Word file under construction. Texts may hold Jinja tags of docxtpl.

    `width` is the room between the margins of the section at work, in cm.
    """

    width: float = 16.5

    def __init__(self, *, size: float = 11) -> None:
        self.document = Document()
        self.size = size
        self._pictures = 0
        self._style()
        self._drop_old_styles()
        properties = self.document.core_properties
        properties.author, properties.title, properties.comments = "", "", ""
        properties.created = properties.modified = MADE_ON
        properties.last_modified_by = ""

    def _style(self) -> None:
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(self.size)
        fonts = normal.element.rPr.rFonts
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        for kind in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)  # a theme's font would win over the named one
        normal.element.rPr.append(element("w:lang", val="id-ID", eastAsia="id-ID"))
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing = 1.08

    def _drop_old_styles(self) -> None:
        """Leave out Word 2010's second list of styles: it would have to say the same as the first.

        The file that python-docx begins with brings it along.
        """
        relations = self.document.part.rels
        for key in [k for k, r in relations.items() if r.reltype.endswith("/stylesWithEffects")]:
            relations.pop(key)

    def picture(self, paragraph: Any, content: bytes, name: str, *, width: float) -> None:
        """Add a placeholder: on filling the picture of this alternative text is exchanged.

        Width in cm. Numbers of pictures are unique in the whole file, not only in its part.
        """
        self._pictures += 1
        drawn = paragraph.add_run().add_picture(io.BytesIO(content), width=Cm(width))
        for key, value in (("id", str(self._pictures)), ("name", name), ("descr", name)):
            drawn._inline.docPr.set(key, value)

    def text(
        self,
        text: str,
        *,
        align: Any = None,
        bold: bool = False,
        underline: bool = False,
        size: float | None = None,
        before: float = 0,
        after: float = 0,
        indent: float = 0,
        hanging: float = 0,
        keep: bool = False,
        into: Any = None,
    ) -> Any:
        """Add a paragraph (to a cell, where one is given); distances in points, indents in cm.

        `keep` holds it on one page with what follows.
        """
        paragraph = (into or self.document).add_paragraph()
        run = paragraph.add_run(text)
        run.bold, run.underline = bold or None, underline or None
        if size:
            run.font.size = Pt(size)
        shape = paragraph.paragraph_format
        if size and not text:  # a gap: an empty line would be as high as a written one
            shape.line_spacing = Pt(size)
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        if indent or hanging:
            shape.left_indent, shape.first_line_indent = Cm(indent), Cm(-hanging)
        shape.keep_with_next = keep or None
        if align is not None:
            paragraph.alignment = align
        return paragraph

    def tag(self, code: str, *, into: Any = None) -> None:
        """Add a paragraph that only carries a tag; it vanishes when the template is filled."""
        self.text("{%p " + code + " %}", into=into)

    def heading(self, text: str, *, own_page: bool = False) -> None:
        """Add a heading; `own_page` begins a new page with it, for a drawing that fits on one."""
        paragraph = self.text(text, bold=True, before=10, after=3, keep=True)
        if own_page:
            paragraph.paragraph_format.page_break_before = True

    def body(self, text: str, *, before: float = 0, after: float = 6, first: float = 1.25) -> None:
        paragraph = self.text(text, align=JUSTIFY, before=before, after=after)
        paragraph.paragraph_format.first_line_indent = Cm(first)

    def each(self, loop: str, text: str, *, into: Any = None, indent: float = 0.7) -> None:
        """Add one hanging paragraph per row of the loop (`row in rows`)."""
        self.tag(f"for {loop}", into=into)
        self.text(text, into=into, align=JUSTIFY, indent=indent, hanging=0.7)
        self.tag("endfor", into=into)

    def content(self) -> bytes:
        """Return the file; the same letter gives the same bytes."""
        raw, tidy = io.BytesIO(), io.BytesIO()
        self.document.save(raw)
        with zipfile.ZipFile(raw) as source, zipfile.ZipFile(tidy, "w") as target:
            for name in source.namelist():
                member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(member, source.read(name))
        return tidy.getvalue()
