"""Word to PDF for `python -m bench.documents`: many files with one start, one matrix of 1,600.

Forty letters of a page are converted with one start of LibreOffice, and ten of them with one start
each; then the monthly matrix of 1,600 people in forty units, a table for each. Without LibreOffice
nothing is measured.
"""

import argparse
import io
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Mapping
from typing import Any

import django
from docx import Document

FILES, SINGLE_FILES = 40, 10
PEOPLE, UNITS = 1600, 40
DAYS = 31
GOAL_SECONDS = 25
PATIENCE_SECONDS = 600  # the bench measures; what a worker may take is another matter

Result = dict[str, Any]
Words = Mapping[str, bytes]


def measure_pdf(arguments: argparse.Namespace) -> Result:
    """Return the seconds of both, on the clock and of processor; {} without LibreOffice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from documents.renditions import office

    if not office.program():
        return {}
    _convert({"1": _letter(0)})  # makes the profile
    print(f"Mengubah {FILES} surat menjadi PDF ...", file=sys.stderr)
    together: list[float] = []
    alone: list[float] = []
    letters = {str(number): _letter(number) for number in range(FILES)}
    for _ in range(max(1, arguments.rounds // 2)):
        for way in random.sample(("together", "alone"), 2):
            if way == "together":
                together.append(_convert(letters)[0] / FILES)
            else:
                few = [_convert({key: letters[key]})[0] for key in list(letters)[:SINGLE_FILES]]
                alone.append(statistics.mean(few))
    print(f"Mengubah matriks {PEOPLE} pegawai menjadi PDF ...", file=sys.stderr)
    seconds, processor = _convert({"1": _matrix()})
    return {
        "files": FILES,
        "seconds_per_file": {
            "together": statistics.median(together),
            "alone": statistics.median(alone),
        },
        "matrix": {"people": PEOPLE, "seconds": seconds, "cpu_seconds": processor},
        "load": os.getloadavg()[0],
    }


def _convert(words: Words) -> tuple[float, float]:
    """Return seconds on the clock and of processor for one start."""
    from documents.renditions import office

    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with office.slot() as slot:
        batch = slot.convert(words, seconds=PATIENCE_SECONDS)
    taken, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert batch.made.keys() == words.keys()
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, used


def _letter(number: int) -> bytes:
    word, target = Document(), io.BytesIO()
    for line in range(25):
        word.add_paragraph(f"Surat {number}, baris {line}: pegawai yang tidak hadir tanpa berita.")
    word.save(target)
    return target.getvalue()


def _matrix() -> bytes:
    """Return the month of 1,600 people, forty units of forty."""
    from bench.matrices import context_of, ours
    from documents.template_builder.matrix import recap_report

    context = context_of(PEOPLE)
    assert len(context["matriks"]) == UNITS
    return ours(recap_report(), context)


def pdf_table(result: Result) -> str:
    """Return the figures as people read them."""
    if not result:
        return "\nPDF: LibreOffice tidak terpasang; tidak diukur."
    each, matrix = result["seconds_per_file"], result["matrix"]
    verdict = "tercapai" if matrix["seconds"] < GOAL_SECONDS else "belum tercapai"
    return (
        f"\nPDF: {result['files']} surat sekali jalan {each['together']:.2f} s per berkas, "
        f"satu per satu {each['alone']:.2f} s ({each['alone'] / each['together']:.1f} kali); "
        f"matriks {matrix['people']} pegawai {matrix['seconds']:.1f} s (prosesor "
        f"{matrix['cpu_seconds']:.1f} s, beban mesin {result['load']:.1f}), tujuan < "
        f"{GOAL_SECONDS} s: {verdict}"
    )


if __name__ == "__main__":
    print(pdf_table(measure_pdf(argparse.Namespace(rounds=2))))
