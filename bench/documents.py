"""`python -m bench.documents`: the monthly matrix filled, beside the library it is written for.

Each round fills the matrix of a month three ways, in random order: by us (guard, process beside us,
file back), by docxtpl alone with the same template and data, and by python-docx writing the same
texts into a table, row by row. Compared are the times of one round. Then the matrices of forty
agencies, with one and with two worker processes; and Word to PDF (bench/documents_pdf.py).
"""

import argparse
import io
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

from docx import Document
from docxtpl import DocxTemplate

from bench.documents_pdf import measure_pdf, pdf_table
from bench.matrices import DAYS, context_of, ours
from documents.issue.stamping import NUMBER_MARK, stamp
from documents.template_builder.matrix import recap_report

PEOPLE = (100, 400, 1600)
AGENCIES, AGENCY_PEOPLE, WORKERS = 40, 300, (1, 2)
GOAL_RATIO, GOAL_WORKERS = 0.1, 1.7
NAMES = {"ours": "SOPan", "docxtpl": "docxtpl saja", "python_docx": "python-docx langsung"}

Result = dict[str, Any]


def main() -> int:
    arguments = _arguments()
    results = {name: measure(arguments) for name, measure in MEASURES.items()}
    if arguments.json:
        print(json.dumps(results, indent=2))
    else:
        for name, result in results.items():
            print(TABLES[name](result))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.documents", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="putaran berpasangan (5)")
    parser.add_argument("--people", type=int, nargs="*", default=PEOPLE, help="pegawai per matriks")
    parser.add_argument("--agencies", type=int, default=AGENCIES, help="perangkat daerah (40)")
    parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")
    return parser.parse_args()


def library(template: bytes, context: dict[str, Any]) -> bytes:
    """Fill with docxtpl as its manual says, escaping on."""
    word, target = DocxTemplate(io.BytesIO(template)), io.BytesIO()
    word.render(context, autoescape=True)
    word.save(target)
    return target.getvalue()


def directly(tables: list[list[list[str]]]) -> bytes:
    """Write the texts of the tables with python-docx alone, no shades, no widths."""
    word, target = Document(), io.BytesIO()
    for rows in tables:
        table = word.add_table(rows=len(rows), cols=max(map(len, rows)))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
    word.save(target)
    return target.getvalue()


def texts_of(content: bytes) -> list[list[list[str]]]:
    """Return what stands in the tables of a filled matrix, to be written again."""
    word = Document(io.BytesIO(content))
    return [
        [["\n".join(p.text for p in cell.paragraphs) for cell in row.cells] for row in table.rows]
        for table in word.tables
    ]


def probe() -> float:
    """Return the milliseconds of a fixed piece of work: tells whether the machine was busy."""
    return 1000 * _seconds(lambda: sum(number * number for number in range(400_000)))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measure_matrix(arguments: argparse.Namespace) -> list[Result]:
    """Return the times of the three ways for each number of people."""
    template = recap_report()
    ours(template, context_of(1))  # starts the process
    return [_matrix(template, people, arguments.rounds) for people in arguments.people]


def _matrix(template: bytes, people: int, rounds: int) -> Result:
    print(f"Mengukur matriks {people} pegawai ...", file=sys.stderr)
    context = context_of(people)
    content = ours(template, context)
    tables = texts_of(content)
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: ours(template, context),
        "docxtpl": lambda: library(template, context),
        "python_docx": lambda: directly(tables),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    probes = [probe()]
    for _ in range(rounds):
        for name in random.sample(list(ways), len(ways)):
            taken[name].append(_seconds(ways[name]))
        probes.append(probe())
    stamping = [_seconds(lambda: stamp(content, {NUMBER_MARK: "1"})) for _ in range(3)]
    return _summary(people, tables, taken, probes, stamping, len(content))


def _summary(
    people: int,
    tables: list[list[list[str]]],
    taken: dict[str, list[float]],
    probes: list[float],
    stamping: list[float],
    size: int,
) -> Result:
    pairs = zip(taken["ours"], taken["docxtpl"], strict=True)
    ratios = [mine / theirs for mine, theirs in pairs]
    return {
        "people": people,
        "columns": max(len(row) for rows in tables for row in rows),
        "rows": sum(map(len, tables)),
        "kilobytes": size / 1024,
        "milliseconds": {name: 1000 * statistics.median(all_) for name, all_ in taken.items()},
        "stamp_ms": 1000 * statistics.median(stamping),
        "ratio": {
            "median": statistics.median(ratios),
            "lowest": min(ratios),
            "highest": max(ratios),
        },
        "cpu_probe_ms": statistics.median(probes),
    }


def _agency(number: int) -> int:
    """Fill the matrix of one agency, in a worker process; return its bytes."""
    return len(ours(recap_report(), context_of(AGENCY_PEOPLE + number % 2)))


def _all_agencies(workers: int, agencies: int) -> float:
    """Return the seconds that so many worker processes take for the matrices of all agencies."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(_agency, range(2 * workers)))  # starts the processes
        return _seconds(lambda: list(pool.map(_agency, range(agencies))))


def measure_agencies(arguments: argparse.Namespace) -> Result:
    """Return the seconds for all agencies, with each number of workers."""
    seconds: dict[int, list[float]] = {workers: [] for workers in WORKERS}
    print(f"Mengukur {arguments.agencies} perangkat daerah ...", file=sys.stderr)
    for _ in range(max(1, arguments.rounds // 2)):
        for workers in random.sample(WORKERS, len(WORKERS)):
            seconds[workers].append(_all_agencies(workers, arguments.agencies))
    one, two = (seconds[workers] for workers in WORKERS)
    return {
        "agencies": arguments.agencies,
        "people": AGENCY_PEOPLE,
        "seconds": {str(workers): statistics.median(all_) for workers, all_ in seconds.items()},
        "speedup": statistics.median(a / b for a, b in zip(one, two, strict=True)),
    }


def matrix_table(results: list[Result]) -> str:
    """Return the figures of the matrices as people read them."""
    lines = ["", f"matriks sebulan, {DAYS} hari; milidetik, median"]
    for result in results:
        shape = f"{result['people']:5} pegawai ({result['rows']} x {result['columns']})"
        times = ", ".join(
            f"{label} {result['milliseconds'][name]:.0f}" for name, label in NAMES.items()
        )
        ratio = result["ratio"]
        lines.append(
            f"{shape}: {times}; stempel {result['stamp_ms']:.0f}; {result['kilobytes']:.0f} kB; "
            f"SOPan/docxtpl {ratio['median']:.3f} [{ratio['lowest']:.3f}-{ratio['highest']:.3f}]"
        )
    last = results[-1]
    verdict = "tercapai" if last["ratio"]["median"] <= GOAL_RATIO else "belum tercapai"
    lines.append(f"tujuan <= {GOAL_RATIO} pada {last['people']} pegawai: {verdict}")
    if len(results) > 1:
        lines.append(f"milidetik per tambahan pegawai: {_slopes(results)}")
    return "\n".join(lines)


def _slopes(results: list[Result]) -> str:
    """Return what each further person costs us, from size to size: equal where it is linear."""
    points = [(result["people"], result["milliseconds"]["ours"]) for result in results]
    steps = [(n - m, b - a) for (m, a), (n, b) in pairwise(points)]
    return ", ".join(f"{milliseconds / people:.3f}" for people, milliseconds in steps)


def agencies_table(result: Result) -> str:
    """Return the figures of the forty agencies as people read them."""
    times = ", ".join(f"{n} pekerja {s:.1f} s" for n, s in result["seconds"].items())
    verdict = "tercapai" if result["speedup"] >= GOAL_WORKERS else "belum tercapai"
    return (
        f"\n{result['agencies']} perangkat daerah x {result['people']} pegawai: {times}; "
        f"{result['speedup']:.2f} kali lebih cepat, tujuan >= {GOAL_WORKERS}: {verdict}"
    )


# What is measured, and how it is shown.
MEASURES: dict[str, Callable[[argparse.Namespace], Any]] = {
    "matrix": measure_matrix,
    "agencies": measure_agencies,
    "pdf": measure_pdf,
}
TABLES: dict[str, Callable[[Any], str]] = {
    "matrix": matrix_table,
    "agencies": agencies_table,
    "pdf": pdf_table,
}

if __name__ == "__main__":
    sys.exit(main())
