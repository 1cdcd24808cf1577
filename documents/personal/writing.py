"""The zip itself: JSON for machines, one page for people, files, and what each of them is.

Rows go through one at a time; the page is written beside the JSON into a file of its own, so that
each row is asked for once and nothing grows with their number.
"""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.utils.html import escape

from documents.personal.words import word
from documents.storage import CHUNK, stored_path
from foundation.indonesian import moment_text
from foundation.personal_data import Holding, Person, Row, holdings

PAGE, README, DATA, FILES = "ringkasan.html", "BACA-SAYA.txt", "data", "berkas"
HEAD = """<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Salinan data pribadi</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: .875rem; }}
th, td {{ border: 1px solid #888; padding: .25rem .5rem; text-align: left; vertical-align: top; }}
</style></head><body>
<h1>Salinan data pribadi</h1>
<p>{name}{number}. Disusun {moment}.</p>
<p>Berkas ini memuat data pribadi Anda: simpan di tempat yang hanya Anda buka.</p>
"""
ABOUT = """SALINAN DATA PRIBADI
{name}
Disusun {moment} oleh SOPan.

{page:16} semua data dalam satu halaman, dibuka dengan peramban
{data:16} data yang sama untuk dibaca program (JSON, UTF-8; waktu menurut UTC)
{files:16} foto, pindaian surat, dan bukti mengenai Anda

ISI
{contents}
{missing}
YANG TIDAK ADA DI SINI
- Sidik jari dan sandi: tersimpan tersandi, dan dapat disalahgunakan bila disalin.
- Isi baris dan naskah mengenai orang lain: hanya disebut bahwa Anda yang mengerjakannya
  (UU 27/2022 pasal 33). Naskah yang menyebut Anda dapat diminta kepada instansi.
- Kiriman mentah dari mesin: isinya sudah ada di sini sebagai tekan jari.
- Cadangan: salinan dari semua data ini, diganti dengan sendirinya menurut jadwalnya.

HAK ANDA
Akses dan salinan: UU 27/2022 pasal 7 dan 13. Ada yang keliru? Sampaikan kepada instansi Anda:
data absensi diperbaiki dengan koreksi, rekap yang sudah beku dengan ralat.
"""


def write_copy(stream: IO[bytes], person: Person, *, zone: str, now: datetime) -> int:
    """Write the zip into `stream`; return how many rows it tells. `zone`: of the page's times."""
    moment, total = moment_text(now, zone), 0
    contents, missing = [], []
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as page,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        page.write(
            HEAD.format(
                name=escape(person.name),
                number=escape(f", {person.number}" if person.number else ""),
                moment=escape(moment),
            )
        )
        for holding in holdings():
            count = _write_rows(archive, page, holding, person)
            total += count
            contents.append(f"- {DATA}/{holding.key}.json: {holding.title} ({count} baris)")
            contents.append(f"  {holding.purpose}")
            missing += _write_files(archive, holding, person)
        page.write("</body></html>\n")
        _add_page(archive, page)
        archive.writestr(
            README,
            ABOUT.format(
                name=person.name,
                moment=moment,
                page=PAGE,
                data=f"{DATA}/",
                files=f"{FILES}/",
                contents="\n".join(contents),
                missing=_missing_text(missing),
            ),
        )
    return total


def _write_rows(archive: zipfile.ZipFile, page: IO[str], holding: Holding, person: Person) -> int:
    count = 0
    with archive.open(f"{DATA}/{holding.key}.json", "w", force_zip64=True) as target:
        target.write(b"[")
        for count, row in enumerate(holding.rows(person), start=1):
            text = json.dumps(row, ensure_ascii=False)
            target.write((",\n" if count > 1 else "\n").encode() + text.encode())
            if count == 1:
                _begin_table(page, holding, row)
            page.write("<tr>" + "".join(_cells(row)) + "</tr>\n")
        target.write(b"\n]\n")
    if count:
        page.write("</table></div>\n")
    return count


def _begin_table(page: IO[str], holding: Holding, row: Row) -> None:
    page.write(f"<h2>{escape(holding.title)}</h2>\n<p>{escape(holding.purpose)}</p>\n")
    heads = "".join(f'<th scope="col">{escape(word(name))}</th>' for name in row)
    page.write(f'<div class="wide"><table><tr>{heads}</tr>\n')


def _cells(row: Row) -> Iterator[str]:
    for value in row.values():
        if value is None:
            text = "-"
        elif isinstance(value, bool):
            text = "ya" if value else "tidak"
        elif isinstance(value, dict | list):
            text = json.dumps(value, ensure_ascii=False)
        else:
            text = str(value)
        yield f"<td>{escape(text)}</td>"


def _write_files(archive: zipfile.ZipFile, holding: Holding, person: Person) -> list[str]:
    """Add the files piece by piece; return the names of those that are gone from the storage."""
    missing = []
    for file in holding.files(person) if holding.files else ():
        try:
            source = stored_path(file.stored).open("rb")
        except OSError:
            missing.append(file.name)
            continue
        info = zipfile.ZipInfo(f"{FILES}/{file.name}")
        info.external_attr = 0o600 << 16
        with source, archive.open(info, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, CHUNK)
    return missing


def _missing_text(missing: list[str]) -> str:
    if not missing:
        return ""
    return "\nTIDAK DITEMUKAN DI PENYIMPANAN\n" + "\n".join(f"- {name}" for name in missing) + "\n"


def _add_page(archive: zipfile.ZipFile, page: IO[str]) -> None:
    page.flush()
    page.seek(0)
    with archive.open(PAGE, "w", force_zip64=True) as target:
        while piece := page.read(CHUNK):
            target.write(piece.encode())
