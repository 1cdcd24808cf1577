"""Word out of a template: guards it, checks the data, runs `rendering.py` beside itself."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents.exceptions import NotPlain, RenderingError
from documents.template_guard import check_template

SCRIPT = Path(__file__).with_name("rendering.py")
WALL_SECONDS = 30
MAX_DEPTH = 20

REASONS = {
    "missing": "meminta '{detail}', tetapi data tidak memilikinya. Perbaiki nama itu di templat.",
    "forbidden": "memakai perintah yang tidak diizinkan. Pakai hanya nama data, if dan for.",
    "syntax": "salah tulis: {detail}. Perbaiki tanda {{{{ }}}} atau {{% %}} di tempat itu.",
    "broken": "menghasilkan berkas Word yang rusak. Periksa tanda {{% %}} di dalam tabel.",
    "too_big": "memerlukan terlalu banyak memori. Sederhanakan perulangan di templat.",
    "other": "tidak dapat diisi ({detail}). Buka templat di Word, simpan ulang, lalu coba lagi.",
}


def plain(value: Any, path: str = "data", depth: int = 0) -> Any:
    """Return the value if it is made of str, int, float, bool, None, list and dict alone.

    A model or a method in a context could be asked for anything by whoever edits the template.
    Raises NotPlain with the place.
    """
    if depth > MAX_DEPTH:
        raise NotPlain(f"Data dokumen terlalu dalam di {path}.")
    if type(value) in (str, int, float, bool, type(None)):
        return value
    if type(value) in (list, tuple):
        return [plain(row, f"{path}[{i}]", depth + 1) for i, row in enumerate(value, start=1)]
    if isinstance(value, Mapping):
        for key in value:
            if type(key) is not str:
                raise NotPlain(f"Data dokumen memakai kunci bukan teks di {path}.")
        return {key: plain(row, f"{path}.{key}", depth + 1) for key, row in value.items()}
    raise NotPlain(f"Data dokumen memuat {type(value).__name__} di {path}; pakai teks atau angka.")


def fill_template(template: bytes, context: Mapping[str, Any], *, name: str) -> bytes:
    """Return the filled Word file. Raises TemplateRefused, NotPlain or RenderingError.

    `name` is the template's file name for messages. Takes about half a second: never in a
    transaction or a web request.
    """
    check_template(template, name=name)
    return _run({"context": plain(context)}, template, name)[1]


def template_names(template: bytes, *, name: str) -> list[str]:
    """Return the top-level names a template asks for. Raises as `fill_template`."""
    check_template(template, name=name)
    return list(_run({"check": True}, template, name)[0]["names"])


def _run(order: Mapping[str, Any], template: bytes, name: str) -> tuple[dict[str, Any], bytes]:
    text = json.dumps(order).encode()
    job = struct.pack(">Q", len(text)) + text + template
    try:
        # No environment of ours: the child needs no secret.
        child = subprocess.run(
            [sys.executable, "-I", str(SCRIPT)],
            input=job,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RenderingError(
            f"Templat Word '{name}' tidak selesai diisi dalam {WALL_SECONDS} detik. "
            "Sederhanakan perulangan di templat."
        ) from None
    line, _, content = child.stdout.partition(b"\n")
    if child.returncode != 0 or not line:
        raise RenderingError(
            f"Templat Word '{name}' melampaui batas waktu atau memori. "
            "Sederhanakan perulangan di templat."
        )
    head: dict[str, Any] = json.loads(line)
    if "error" in head:
        reason = REASONS[head["error"]].format(detail=head["detail"])
        raise RenderingError(f"Templat Word '{name}' {reason}")
    return head, content
