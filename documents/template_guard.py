"""A Word template is looked through before it is opened: text, styles and pictures, nothing else.

Everything is refused that is not known to be harmless: kinds of parts, of relations between them
and of fields. Links to web pages and addresses of mail are allowed, since Word asks before it opens
one. What Word keeps for add-ins (customXml) is allowed here and left out of what is written.
"""

from functools import lru_cache
from typing import Any

from lxml import etree

from documents.exceptions import TemplateRefused
from documents.renderer.fields import FieldRefused, check_fields
from documents.renderer.names import w
from foundation.archives import MIB, ArchiveRefused, check_office_parts, open_archive

MAX_TOTAL = 20 * MIB
MAX_ELEMENTS = 400_000  # a page of a letter has about a thousand; memory and time grow with them
REMEMBERED_BYTES = MIB

MAIN = "word/document.xml"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PICTURES = {
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".gif": b"GIF8",
}
RELATIONS = frozenset({
    "officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail",
    "styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "theme", "numbering",
    "header", "footer", "footnotes", "endnotes", "comments", "commentsExtended", "commentsIds",
    "commentsExtensible", "people", "image", "hyperlink", "customXml", "customXmlProps",
    "glossaryDocument",
})  # fmt: skip
# Elements that bring in another file, a program, or a question to a database.
FOREIGN = frozenset(
    map(w, ("altChunk", "subDoc", "object", "control", "mailMerge", "attachedTemplate", "frameset"))
)
VML = "{urn:schemas-microsoft-com:vml}"
OUTSIDE = ("src", "href", "althref")  # attributes of old drawings that fetch without a relation


def check_template(content: bytes, *, name: str) -> None:
    """Raise TemplateRefused if the file is not a plain Word file that is safe to open."""
    try:
        (_checked if len(content) <= REMEMBERED_BYTES else _check)(content)
    except ArchiveRefused as error:
        raise TemplateRefused(f"Templat Word '{name}' ditolak. {error}") from error


def _check(content: bytes) -> None:
    archive = open_archive(content, max_total=MAX_TOTAL)
    if not {"[Content_Types].xml", "_rels/.rels", MAIN} <= set(archive.names):
        raise ArchiveRefused("Berkas bukan dokumen Word (.docx).")
    check_office_parts(archive)
    parts = {part: archive.read(part) for part in archive.names}
    if sum(each.count(b"<") for each in parts.values()) > MAX_ELEMENTS:
        raise ArchiveRefused("Templat terlalu rumit; hapus bagian yang tidak diperlukan.")
    for part, bytes_of_part in parts.items():
        _check_part(part, bytes_of_part)


_checked = lru_cache(maxsize=32)(_check)  # the same template is filled many times


def _check_part(part: str, content: bytes) -> None:
    folded = part.casefold()
    ending = folded[folded.rfind(".") :] if "." in folded else ""
    if ending in PICTURES:
        if not content.startswith(PICTURES[ending]):
            raise ArchiveRefused(f"Gambar {part} bukan gambar; sisipkan ulang di Word.")
        return
    if ending not in (".xml", ".rels"):
        raise ArchiveRefused(
            f"Templat memuat {part}. Gambar harus PNG, JPEG, atau GIF; fon dan objek tidak boleh "
            "disematkan."
        )
    root = _parsed(content)
    if ending == ".rels":
        _check_relations(part, root)
    elif part == "[Content_Types].xml":
        _check_types(root)
    else:
        _check_markup(root)


def _parsed(content: bytes) -> Any:
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise ArchiveRefused("Berkas Word rusak; buka lalu simpan ulang.") from error


def _check_relations(part: str, root: Any) -> None:
    for relation in root.iterchildren("{*}Relationship"):
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        if kind not in RELATIONS:
            raise ArchiveRefused(
                f"Templat menyisipkan berkas lain ({kind[:40]}); hapus bagian itu di Word."
            )
        target = relation.get("Target", "").lstrip("/")
        if kind == "officeDocument" and (part, target) != ("_rels/.rels", MAIN):
            raise ArchiveRefused("Berkas bukan dokumen Word biasa (.docx); simpan ulang di Word.")


def _check_types(root: Any) -> None:
    for entry in root.iterchildren("{*}Default", "{*}Override"):
        kind, part = entry.get("ContentType", ""), entry.get("PartName", "").lstrip("/")
        if "macroenabled" in kind.lower() or (part == MAIN and kind != MAIN_TYPE):
            raise ArchiveRefused(
                "Berkas bukan dokumen Word biasa; simpan sebagai Dokumen Word (.docx) tanpa makro."
            )


def _check_markup(root: Any) -> None:
    for element in root.iter(etree.Element):
        if element.tag in FOREIGN:
            word = element.tag.rpartition("}")[2]
            raise ArchiveRefused(f"Templat memuat {word}; hapus bagian itu di Word.")
        if element.tag.startswith(VML) and any(
            name.rpartition("}")[2] in OUTSIDE for name in element.attrib
        ):
            raise ArchiveRefused("Templat memuat gambar dari luar; hapus gambar itu di Word.")
    try:
        check_fields(root)
    except FieldRefused as error:
        raise ArchiveRefused(
            f"Templat memakai bidang Word yang tidak diizinkan ({error}); hapus bidang itu."
        ) from None
