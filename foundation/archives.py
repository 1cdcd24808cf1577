"""A zip file is opened only after it has been looked through.

Held against: bombs (declared and counted sizes), overlapping members (10 kB that read as 150 MB),
names that climb out of a folder, and in Office files everything that fetches, embeds or runs.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

MIB = 1024 * 1024
MAX_TOTAL = 50 * MIB
MAX_MEMBERS = 500
CHUNK = 64 * 1024
# What Office and every zip program write. Others fail in ways of their own, or reserve gigabytes.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNREADABLE = (
    "Arsip bersandi atau dipadatkan dengan cara yang tidak didukung; buat ulang sebagai ZIP biasa "
    "tanpa kata sandi."
)
LOCAL_HEADER = struct.Struct("<4s5H3L2H")
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
FORBIDDEN_PARTS = ("vbaproject", "vbadata", "/embeddings/", "/activex/", "/externallinks/")


class ArchiveRefused(ValueError):
    """The archive is broken or dangerous; the sentence says in which respect."""


@dataclass(frozen=True)
class SafeArchive:
    """An archive that passed the guard; members are read by name."""

    content: bytes
    names: tuple[str, ...]

    def read(self, name: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return archive.read(name)


def open_archive(
    content: bytes, *, max_total: int = MAX_TOTAL, max_members: int = MAX_MEMBERS
) -> SafeArchive:
    """Return the archive if every member is bounded, apart from the others and plainly named."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > max_members:
                raise ArchiveRefused(f"Arsip memuat {len(members)} berkas; batasnya {max_members}.")
            if sum(m.file_size for m in members) > max_total:
                raise ArchiveRefused(
                    f"Isi arsip setelah dibuka melebihi {max_total // MIB} MB; kecilkan isinya."
                )
            _check_names(members)
            _check_overlap(content, members, archive.start_dir)
            _count_inflated(archive, members, max_total)
            return SafeArchive(content, tuple(m.filename for m in members if not m.is_dir()))
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError) as error:
        if isinstance(error, ArchiveRefused):
            raise
        raise ArchiveRefused("Arsip rusak atau terpotong; buat dan unggah ulang.") from error
    except (NotImplementedError, RuntimeError) as error:
        raise ArchiveRefused(UNREADABLE) from error


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    seen = set()
    for member in members:
        # orig_filename still has what zipfile cuts off at a NUL.
        name = member.orig_filename
        if not member.filename:
            raise ArchiveRefused("Arsip memuat berkas tanpa nama; buat dan unggah ulang.")
        parts = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or ".." in parts or "\x00" in name or ":" in parts[0]:
            raise ArchiveRefused("Arsip memuat nama berkas yang menunjuk ke luar folder.")
        if member.compress_type not in METHODS:
            raise ArchiveRefused(UNREADABLE)
        if member.flag_bits & 0x1:
            raise ArchiveRefused("Arsip bersandi; buat ulang tanpa kata sandi.")
        folded = name.casefold()
        if folded in seen:
            raise ArchiveRefused("Arsip memuat dua berkas dengan nama yang sama.")
        seen.add(folded)


def _check_overlap(content: bytes, members: list[zipfile.ZipInfo], end: int) -> None:
    """Each member's bytes must end before the next one begins, the last before the directory."""
    in_order = sorted(members, key=lambda m: m.header_offset)
    limits = [m.header_offset for m in in_order[1:]] + [end] * bool(in_order)
    for member, limit in zip(in_order, limits, strict=True):
        header = LOCAL_HEADER.unpack_from(content, member.header_offset)
        data_end = (
            member.header_offset + LOCAL_HEADER.size + header[9] + header[10]
        ) + member.compress_size
        if header[0] != b"PK\x03\x04" or data_end > limit:
            raise ArchiveRefused("Arsip memuat berkas yang saling tumpang tindih.")


def _count_inflated(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], max_total: int
) -> None:
    """Inflate everything once in small pieces: a declared size is only a claim."""
    total = 0
    for member in members:
        with archive.open(member) as stream:
            while piece := stream.read(CHUNK):
                total += len(piece)
                if total > max_total:
                    raise ArchiveRefused(
                        f"Isi arsip setelah dibuka melebihi {max_total // MIB} MB."
                    )


def check_office_parts(archive: SafeArchive) -> None:
    """Refuse macros, embedded objects, DTDs and relationships that fetch from elsewhere."""
    for name in archive.names:
        folded = "/" + name.casefold()
        if any(part in folded for part in FORBIDDEN_PARTS):
            raise ArchiveRefused(
                "Berkas memuat makro, objek tersemat, atau tautan ke berkas lain; simpan ulang "
                "tanpa bagian itu."
            )
        if folded.endswith((".xml", ".rels", ".vml")):
            _check_xml(archive.read(name), is_relationships=folded.endswith(".rels"))


def _check_xml(content: bytes, *, is_relationships: bool) -> None:
    # UTF-16 parts are legal XML; with the zero bytes gone the same search finds the word in both.
    if b"<!DOCTYPE" in content.replace(b"\x00", b"").upper():
        raise ArchiveRefused("Berkas memuat DTD, yang tidak diperlukan dokumen kantor.")
    if not is_relationships:
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ArchiveRefused("Berkas Office rusak; buka lalu simpan ulang.") from error
    for relationship in root.iter(RELATIONSHIP):
        kind = relationship.get("Type", "").rsplit("/", 1)[-1]
        target = relationship.get("Target", "").strip().lower()
        harmless = kind == "hyperlink" and target.startswith(("http://", "https://", "mailto:"))
        if relationship.get("TargetMode", "").lower() == "external" and not harmless:
            raise ArchiveRefused(
                "Berkas mengambil bagian dari tempat lain (tautan eksternal); hapus tautan itu."
            )
