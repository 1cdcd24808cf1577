"""A Word template is looked through before it is opened: no bomb, no macro, no fetching."""

import re

from documents.exceptions import TemplateRefused
from foundation.archives import ArchiveRefused, SafeArchive, check_office_parts, open_archive

# Fields that read another file or start a program on the reader's computer when Word opens them.
_FIELDS = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|RD|DATABASE)\b")
_INSTRUCTION = re.compile(
    rb'<w:instrText[^>]*>([^<]*)</w:instrText>|w:instr="([^"]*)"', re.IGNORECASE
)
_FOREIGN = re.compile(rb'Type="[^"]*/(aFChunk|oleObject|attachedTemplate|subDocument|frame)"')


def check_template(content: bytes, *, name: str) -> None:
    """Raise TemplateRefused if the file is not a plain Word file that is safe to open."""
    try:
        archive = open_archive(content)
        if not {"[Content_Types].xml", "word/document.xml"} <= set(archive.names):
            raise ArchiveRefused("Berkas bukan dokumen Word (.docx).")
        check_office_parts(archive)
        _check_parts(archive)
    except ArchiveRefused as error:
        raise TemplateRefused(f"Templat Word '{name}' ditolak. {error}") from error


def _check_parts(archive: SafeArchive) -> None:
    for part in archive.names:
        content = archive.read(part)
        if part.endswith(".rels") and _FOREIGN.search(content):
            raise ArchiveRefused("Templat menyisipkan berkas lain; hapus bagian itu di Word.")
        if part.endswith(".xml"):
            # A field's instruction may be spread over several runs.
            instructions = b"".join(a or b for a, b in _INSTRUCTION.findall(content))
            if _FIELDS.search(instructions.upper()):
                raise ArchiveRefused(
                    "Templat memakai bidang Word yang mengambil data dari luar; hapus bidang itu."
                )
