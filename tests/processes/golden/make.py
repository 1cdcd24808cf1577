"""Keeps running instances as a release stores them, so that every later one is tried on them.

Run once when a release is made, with the code of that release, and never again for it:

    python -m tests.processes.golden.make 0.1

For every SOP below and every scenario of it a few moments are kept: `<release>/<key>/` is the
folder of the SOP (Word templates as a stub: nothing reads them here), `<release>/<key>.json` holds
the instances: the state as the table has it, answers, visits, facts, and what is still to be done
until which end. `test_golden.py` loads them with the code of today and finishes them.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import django

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FOLDERS = (
    ROOT / "workflows" / "bpmn" / "pengelolaan_e_absensi",
    ROOT / "workflows" / "bpmn" / "persetujuan_ketidakhadiran",
    ROOT / "tests" / "sops" / "peminjaman_aula",
    ROOT / "tests" / "processes" / "sops" / "permohonan_singkat",
    ROOT / "tests" / "processes" / "sops" / "serba_unsur",
)
STUB = b"PK"
# What leads through a SOP that has no scenarios of its own.
SINGKAT: list[dict[str, Any]] = [
    {
        "name": "Dikembalikan sekali, lalu disetujui",
        "end": "selesai",
        "facts": {},
        "steps": [
            {"task": "siapkan", "form": {"isi": "mohon cuti"}},
            {"task": "putuskan", "form": {"keputusan": "ulang", "alasan": "Tanggal kurang"}},
            {"task": "siapkan", "form": {"isi": "mohon cuti dua hari"}},
            {"task": "putuskan", "form": {"keputusan": "ya", "alasan": ""}},
        ],
    }
]


def main(release: str) -> None:
    """Write the files of a release beside this script."""
    django.setup()
    for folder in FOLDERS:
        _keep(folder, HERE / release)


def _keep(folder: Path, into: Path) -> None:
    from workflows import repository

    files = {
        path: STUB if path.endswith(".docx") else content
        for path, content in repository.read_folder(folder).items()
    }
    for path, content in files.items():
        (into / folder.name / path).parent.mkdir(parents=True, exist_ok=True)
        (into / folder.name / path).write_bytes(content)
    definition = repository.load(files, folder.name)
    kept = [one for course in _courses(definition) for one in _moments(definition, course)]
    text = json.dumps(kept, indent=1, ensure_ascii=False)
    (into / f"{folder.name}.json").write_text(f"{text}\n")


def _courses(definition: Any) -> list[dict[str, Any]]:
    """Return the scenarios of a SOP that come to an end, as plain values."""
    from workflows import scenarios

    told = [
        {
            "name": one.name,
            "end": one.end,
            "facts": dict(one.facts),
            "rows": dict(one.rows),
            "steps": [
                {
                    "task": step.subject,
                    "form": dict(step.form),
                    "facts": dict(step.facts),
                    "fails": bool(step.fails),
                }
                for step in one.steps
            ],
        }
        for one in scenarios.read(definition)
        if not one.cancelled
    ]
    return told or SINGKAT


def _moments(definition: Any, course: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the instance at its begin, before its last step and at moments between."""
    from tests.processes.golden.playing import Play

    steps: Sequence[dict[str, Any]] = course["steps"]
    last = len(steps) - 1
    for done in sorted({0, last // 3, len(steps) // 2, 2 * last // 3, last}):
        play = Play(definition, dict(course["facts"]), rows=course.get("rows", {}))
        play.start()
        for step in steps[:done]:
            play.do(step)
        play.wait_for(steps[done])
        yield {
            "name": f"{course['name']}, sesudah {done} dari {len(steps)}",
            "state": play.state.decode(),
            "ready": play.ready,
            "form": play.form,
            "facts": play.facts,
            "rows": course.get("rows", {}),
            "visits": play.visits,
            "to_do": steps[done:],
            "end": course["end"],
        }


if __name__ == "__main__":
    main(sys.argv[1])
