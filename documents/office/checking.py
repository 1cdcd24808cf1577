"""An office's template is looked through by a worker: all that is wrong with it, at once.

Errors are what would stop a document: a slip in a tag, a name that the data do not have, a trial
that cannot be filled. Warnings are what a document would lack: number, signature, proof.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from documents.exceptions import DocumentError, RendererAway, TemplateRefused
from documents.filling import Examination, examine_template, fill_template
from documents.issue.letterhead import images_of
from documents.models import Document
from documents.office.listing import Offered
from documents.office.shape import Shape
from organization.models import Agency

MOST_ROWS = 200  # of findings: who has more begins anew
IN_WORD = "Perbaiki di Word, lalu unggah lagi."
TAKE_OUT = "Hapus bagian itu di Word, lalu unggah lagi."
SAMPLE_CODE = "K7QF2M9XT4WD"
INVENTED = "data rekaan"


@dataclass(frozen=True)
class Finding:
    """One thing that was found: where in Word, what it is, what to do. A warning stops nothing."""

    place: str
    text: str
    todo: str
    is_error: bool = True

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Checked:
    """What a look through a template came to; without an error there is a filled sample."""

    findings: tuple[Finding, ...]
    preview: bytes = b""
    preview_of: str = ""  # whose data the sample shows

    @property
    def is_good(self) -> bool:
        return not any(finding.is_error for finding in self.findings)


SOMETIMES_EMPTY = "Periksa bagian yang tidak selalu ada datanya; pakai {% if … %}."
UNTRIED = Finding(
    "",
    "Templat belum dapat dicoba diisi: SOP ini tidak membawa contoh data.",
    "Periksa dokumen pertama yang ditulis dengannya.",
    is_error=False,
)
# What a standard template says and an office's should not lose, with what that is in words.
LASTING: Mapping[tuple[str, ...], str] = {
    ("nomor",): "nomor surat",
    ("ttd.nama", "ttd.jabatan"): "nama dan jabatan penanda tangan",
    ("mengetahui.nama", "mengetahui.jabatan"): "tanda tangan yang mengetahui",
    ("kode",): "kode verifikasi",
    ("sidik",): "sidik data",
}
PICTURES: Mapping[str, str] = {"qr": "kode QR", "logo": "logo"}


def check_version(
    content: bytes, offered: Offered, *, agency: Agency, newest: Document | None
) -> Checked:
    """Look through an office's template and try it out; `newest` lends its data for the preview.

    Never in a transaction or a web request. Raises RendererAway where nothing can be said yet.
    """
    try:
        examined = examine_template(content, name=offered.file_name)
        standard = examine_template(offered.standard, name=offered.file_name)
    except RendererAway:
        raise
    except DocumentError as error:
        return Checked((_refused(error),))
    shape = offered.shape
    for use in standard.uses:
        shape.take_path(use.path)
    findings = [*_slips(examined), *_unknown(examined, shape)]
    if not examined.slips:  # what stands behind a slip may not have been read
        findings += _lost(examined, standard)
    checked = Checked(tuple(_by_place(findings)[:MOST_ROWS]))
    return _tried(content, offered, agency, newest, checked) if checked.is_good else checked


def _refused(error: DocumentError) -> Finding:
    is_refused = isinstance(error, TemplateRefused)
    return Finding("", str(error), TAKE_OUT if is_refused else IN_WORD)


def _by_place(findings: list[Finding]) -> list[Finding]:
    """Return the findings with those of one place together."""
    first: dict[str, int] = {}
    for index, finding in enumerate(findings):
        first.setdefault(finding.place, index)
    return sorted(findings, key=lambda finding: first[finding.place])


def _slips(examined: Examination) -> Iterator[Finding]:
    for slip in examined.slips:
        if slip.kind == "forbidden":
            text = f"Perintah {slip.detail} tidak diizinkan."
            todo = "Pakai hanya nama data, if, for, set, dan saringan biasa."
        else:
            text = f"Salah tulis: {slip.detail}."
            todo = "Perbaiki tanda {{ }} atau {% %} di tempat itu."
        yield Finding(slip.place, text, todo)


def _unknown(examined: Examination, shape: Shape) -> Iterator[Finding]:
    """Name each use of what the data do not have, but not the fields of an unknown list again."""
    told: set[str] = set()
    for use in examined.uses:
        if shape.knows(use.path):
            continue
        if any(use.path.startswith((f"{above}.", f"{above}[")) for above in told):
            continue
        told.add(use.path)
        meant = shape.meant(use.path)
        todo = f"Maksudnya {meant}? {IN_WORD}" if meant else f"Lihat daftar nama. {IN_WORD}"
        yield Finding(use.place, f"Nama {use.path} tidak dikenal.", todo)


def _lost(examined: Examination, standard: Examination) -> Iterator[Finding]:
    """Warn of what the standard template has and this one lost."""
    had = {use.path for use in standard.uses}
    has = {use.path for use in examined.uses}
    gone = [
        words
        for paths, words in LASTING.items()
        if had.intersection(paths) and not has.intersection(paths)
    ]
    gone += [
        words
        for picture, words in PICTURES.items()
        if picture in standard.pictures - examined.pictures
    ]
    for words in gone:
        yield Finding(
            "",
            f"Templat tidak lagi memuat {words}.",
            "Bila itu tidak disengaja, salin bagian itu dari templat standar.",
            is_error=False,
        )


def _tried(
    content: bytes, offered: Offered, agency: Agency, newest: Document | None, checked: Checked
) -> Checked:
    """Fill the template with invented data, then with those of the newest document."""
    findings, preview = [*checked.findings], b""
    if offered.has_sample:
        try:
            preview = _filled(content, offered, agency, offered.sample)
            examine_template(preview, name=offered.file_name)  # it opens again
        except RendererAway:
            raise
        except DocumentError as error:
            return Checked((*findings, Finding("", str(error), IN_WORD)))
    if newest is not None:
        try:
            real = _filled(content, offered, agency, data_of(newest, offered))
        except RendererAway:
            raise
        except DocumentError as error:
            text = f"Dengan data {newest.file_name}: {error}"
            findings.append(Finding("", text, SOMETIMES_EMPTY, is_error=False))
        else:
            return Checked(tuple(findings), real, newest.file_name)
    if not preview:
        findings.append(UNTRIED)
    return Checked(tuple(findings), preview, INVENTED if preview else "")


def data_of(document: Document, offered: Offered) -> dict[str, Any]:
    """Return the data of an issued document; what its time did not know yet is invented."""
    return {**offered.sample, **document.context, "sidik": document.data_sha256[:16]}


def _filled(content: bytes, offered: Offered, agency: Agency, data: Mapping[str, Any]) -> bytes:
    pictures = images_of(agency, SAMPLE_CODE)
    return fill_template(content, data, name=offered.file_name, images=pictures)
