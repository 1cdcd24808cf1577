"""One Word file out of a template: the library's language, our sandbox, whole XML at the end."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.parts.story import StoryPart
from docxtpl import DocxTemplate
from jinja2 import TemplateRuntimeError, TemplateSyntaxError, UndefinedError
from jinja2 import nodes as jinja_nodes
from jinja2.exceptions import SecurityError
from lxml import etree

from documents.renderer.fields import check_fields
from documents.renderer.folding import Folded
from documents.renderer.images import place_images
from documents.renderer.inspection import Reader
from documents.renderer.line_art import draw_line_art
from documents.renderer.names import RELATIONS, W, w
from documents.renderer.packing import repack
from documents.renderer.places import Places, places_of
from documents.renderer.rows import Rows
from documents.renderer.sandbox import Forbidden, Sandbox, with_paths
from documents.renderer.syntax import TagError, check_blocks, in_words
from documents.renderer.tables import mend, number_drawings, ordered

LABELS = {
    RELATIONSHIP_TYPE.HEADER: "kepala halaman",
    RELATIONSHIP_TYPE.FOOTER: "kaki halaman",
    RELATIONSHIP_TYPE.FOOTNOTES: "catatan kaki",
    RELATIONSHIP_TYPE.ENDNOTES: "catatan akhir",
}
DROPPED = (f"{RELATIONS}/customXml", f"{RELATIONS}/glossaryDocument")
BODY = "word/document.xml"
FIRST_DRAWING = 1001  # as the library numbers them
TAGGED = re.compile(r"{[{%#]|{_[{%]|}_}|%_}")
_FIELDS = ("fldChar", "fldSimple", "nstrText")  # whatever prefix stands before them
_ESCAPES = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
_ESCAPED = re.compile("|".join(re.escape(sign) for sign in _ESCAPES))


class MissingName(Exception):
    """The data lack a name; the message is its path, `place` where the template asks for it."""

    def __init__(self, path: str, place: str) -> None:
        super().__init__(path)
        self.place = place


class WrongValue(Exception):
    """A tag does with a value what cannot be done with it; the message is its place in Word."""


class NotAllowed(Exception):
    """The template uses what templates may not; the message is the word."""

    def __init__(self, what: str, place: str) -> None:
        super().__init__(what)
        self.place = place


def fill(template: bytes, context: dict[str, Any], images: Mapping[str, bytes]) -> bytes:
    """Return the Word file that the template makes of the context; the same gives the same bytes.

    Raises TagError, MissingName, WrongValue, NotAllowed, FieldRefused, ImageRefused, MemoryError,
    and XMLSyntaxError where a tag tore the markup apart.
    """
    word, data, rows = Document(io.BytesIO(template)), with_paths(context), Rows()
    main, number = word.part, FIRST_DRAWING
    for part, root, label in list(parts_of(main)):
        xml = patched(root)
        if TAGGED.search(xml):
            xml = _rendered(xml, root, label, data, rows if part is main else None)
            root = _mended(xml)
        if "drawing" in xml:
            if isinstance(part, StoryPart):
                place_images(part, root, images)
                draw_line_art(part, root)
            number = number_drawings(root, number)
        if any(name in xml for name in _FIELDS):
            check_fields(root)
        _replace(part, root)
    _drop(main)
    body = rows.spliced(main.blob)
    main._element = parse_xml(f'<w:document xmlns:w="{W[1:-1]}"/>')  # packed only once, below
    package = io.BytesIO()
    word.save(package)
    return repack(package.getvalue(), {BODY: body})


def uses(template: bytes) -> Iterator[tuple[str, str]]:
    """Yield path and place of all that the template uses. Raises TagError or NotAllowed."""
    for _, root, label in parts_of(Document(io.BytesIO(template)).part):
        places = places_of(patched(root), root, label)
        reader = Reader()
        reader.read(_compiled(places, None)[1])
        yield from ((path, places.at(line)) for path, line in reader.uses)


def parts_of(main: Any) -> Iterator[tuple[Any, Any, str]]:
    """Yield body, headers, footers and notes: the part, its tree and its name in Word."""
    yield main, main.element, ""
    seen = set()
    for relation in main.rels.values():
        if relation.reltype in LABELS and not relation.is_external:
            part = relation.target_part
            if part.partname not in seen:
                seen.add(part.partname)
                root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
                yield part, root, LABELS[relation.reltype]


def patched(root: Any) -> str:
    """Return the part as text in which the library has brought each tag into one piece."""
    source = etree.tostring(root, encoding="unicode", with_tail=False)
    if "{" not in source:
        return source
    folded = Folded(source)
    return ordered(folded.unfolded(DocxTemplate(None).patch_xml(folded.source)))


def unescaped(source: str) -> str:
    """Return the source in which what the library lets one write as `{_{` is plain text."""
    return _ESCAPED.sub(lambda found: f"{{% raw %}}{_ESCAPES[found[0]]}{{% endraw %}}", source)


def _compiled(places: Places, rows: Rows | None) -> tuple[Any, jinja_nodes.Template]:
    """Return the compiled template and its syntax tree (as written, without `rows`)."""
    check_blocks(places)
    sandbox = Sandbox(rows.catch if rows else None)
    if rows:
        sandbox.filters |= rows.filters
    source = unescaped(places.source)
    try:
        tree = sandbox.parse(source)
        return sandbox.from_string(tree), tree
    except Forbidden as error:
        raise NotAllowed(str(error), places.at(error.lineno)) from None
    except TemplateSyntaxError as error:
        raise TagError(in_words(error.message or ""), places.at(error.lineno)) from None


def _rendered(source: str, root: Any, label: str, data: Any, rows: Rows | None) -> str:
    """Return the part with its tags filled in, as text."""
    places = places_of(source, root, label)
    template, _ = _compiled(places, rows)
    try:
        return str(template.render(data))
    except UndefinedError as error:
        raise MissingName(error.message or "", places.at(_line(error))) from None
    except SecurityError as error:
        raise NotAllowed(str(error), places.at(_line(error))) from None
    except (TypeError, ValueError, ZeroDivisionError, TemplateRuntimeError) as error:
        raise WrongValue(places.at(_line(error))) from error


def _mended(xml: str) -> Any:
    """Return the tree of a rendered part. Strict: a parser that recovers cuts text away."""
    tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    mend(tree)
    if tree.tag in (w("hdr"), w("ftr")) and tree.find(w("p")) is None:
        tree.append(tree.makeelement(w("p")))
    return tree


def _line(error: BaseException) -> int:
    """Return the line of the template where an error came up."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _replace(part: Any, root: Any) -> None:
    if isinstance(part, XmlPart):
        part._element = root
    else:
        part._blob = etree.tostring(root, encoding="UTF-8", standalone=True)


def _drop(main: Any) -> None:
    """Leave out what Word keeps for its author: data of add-ins, building blocks."""
    for name in [name for name, rel in main.rels.items() if rel.reltype in DROPPED]:
        del main.rels[name]
