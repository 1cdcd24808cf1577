"""Word out of a template: guards it, checks the data, has it rendered in a process beside us."""

from collections.abc import Mapping
from typing import Any

from documents.exceptions import NotPlain, RendererAway, RenderingError
from documents.renderer.client import RENDERER, Killed, Oversized, TimedOut, Unavailable
from documents.renderer.uses import Examination, Inspection, Slip, Use
from documents.renderer.wire import Limits
from documents.template_guard import check_template

__all__ = [
    "Examination", "Inspection", "Slip", "Use", "examine_template", "fill_template",
    "inspect_template", "plain",
]  # fmt: skip

CPU_SECONDS, MOST_CPU_SECONDS, READING_CPU_SECONDS = 10, 60, 5
WALL_TIMES = 3  # the machine is shared: a second of work may take three
MAX_DEPTH = 20
SIMPLE = frozenset({str, int, float, bool, type(None)})
TEXTS = frozenset({str})
NO_IMAGES: Mapping[str, bytes] = {}

REASONS = {
    "missing": "meminta '{detail}', tetapi data tidak memilikinya{place}. Perbaiki nama itu di "
    "templat.",
    "forbidden": "memakai perintah yang tidak diizinkan ({detail}){place}. Pakai hanya nama data, "
    "if, for, set, dan saringan biasa.",
    "syntax": "salah tulis: {detail}{place}. Perbaiki tanda {{{{ }}}} atau {{% %}} di tempat itu.",
    "value": "memakai data dengan cara yang tidak cocok{place}, misalnya menghitung dengan teks. "
    "Perbaiki tanda di tempat itu.",
    "field": "memakai bidang Word yang tidak diizinkan ({detail}). Hapus bidang itu di Word.",
    "image": "memerlukan gambar yang tidak dapat dibaca. Unggah logo sebagai PNG atau JPEG.",
    "broken": "menghasilkan berkas Word yang rusak. Periksa tanda {{% %}} di dalam tabel.",
    "too_big": "memerlukan terlalu banyak memori. Sederhanakan perulangan di templat.",
    "other": "tidak dapat diisi ({detail}). Buka templat di Word, simpan ulang, lalu coba lagi.",
}


def fill_template(
    template: bytes,
    context: Mapping[str, Any],
    *,
    name: str,
    images: Mapping[str, bytes] = NO_IMAGES,
    cpu_seconds: int = CPU_SECONDS,
) -> bytes:
    """Return the filled Word file; the same template, context and images give the same bytes.

    `name` is the template's file name for messages. `images` (PNG or JPEG) take the places that the
    template keeps for `logo` and `qr`; a place without an image is taken out. `cpu_seconds` is what
    the rendering may use, at most 60. Raises TemplateRefused, NotPlain or RenderingError. Never in
    a transaction or a web request.
    """
    check_template(template, name=name)
    head = {
        "task": "fill",
        "template": len(template),
        "images": {key: len(image) for key, image in images.items()},
        "context": context if _is_plain(context) else plain(context),
    }
    return _run(head, [template, *images.values()], name, cpu_seconds)[1]


def inspect_template(template: bytes, *, name: str) -> Inspection:
    """Return what a template asks for and where. Raises TemplateRefused or RenderingError.

    Nothing of the template is run. A slip in a tag is told with its place.
    """
    check_template(template, name=name)
    order = {"task": "inspect", "template": len(template)}
    head, _ = _run(order, [template], name, READING_CPU_SECONDS)
    return Inspection(tuple(Use(path, place) for path, place in head["uses"]))


def examine_template(template: bytes, *, name: str) -> Examination:
    """Return what a template asks for and all that is wrong with its tags, each with its place.

    Nothing of the template is run. Raises TemplateRefused, or RenderingError where it cannot be
    read at all.
    """
    check_template(template, name=name)
    order = {"task": "examine", "template": len(template)}
    head, _ = _run(order, [template], name, READING_CPU_SECONDS)
    return Examination(
        tuple(Use(path, place) for path, place in head["uses"]),
        tuple(Slip(*fault) for fault in head["faults"]),
        frozenset(head["pictures"]),
    )


def plain(value: Any, path: str = "data", depth: int = 0) -> Any:
    """Return a copy of the value if it is made of str, int, float, bool, None, list and dict alone.

    A model or a method in a context could be asked for anything by whoever edits the template.
    Raises NotPlain with the place.
    """
    if depth > MAX_DEPTH:
        raise NotPlain(f"Data dokumen terlalu dalam di {path}.")
    if type(value) in SIMPLE:
        return value
    if type(value) in (list, tuple):
        if SIMPLE.issuperset(map(type, value)):
            return list(value)
        return [plain(row, f"{path}[{i}]", depth + 1) for i, row in enumerate(value, start=1)]
    if isinstance(value, Mapping):
        for key in value:
            if type(key) is not str:
                raise NotPlain(f"Data dokumen memakai kunci bukan teks di {path}.")
        return {key: plain(row, f"{path}.{key}", depth + 1) for key, row in value.items()}
    raise NotPlain(f"Data dokumen memuat {type(value).__name__} di {path}; pakai teks atau angka.")


def _is_plain(value: Any, depth: int = 0) -> bool:
    """Tell quickly whether `plain` would only copy this dict or list."""
    if type(value) is dict:
        if not TEXTS.issuperset(map(type, value)):
            return False
        value = value.values()
    elif type(value) is not list:
        return False
    if depth >= MAX_DEPTH:
        return False
    if SIMPLE.issuperset(map(type, value)):
        return True
    return all(type(row) in SIMPLE or _is_plain(row, depth + 1) for row in value)


def _run(
    head: Mapping[str, Any], blobs: list[bytes], name: str, cpu_seconds: int
) -> tuple[dict[str, Any], bytes]:
    seconds = min(cpu_seconds, MOST_CPU_SECONDS)
    limits = Limits(cpu_seconds=seconds, wall_seconds=WALL_TIMES * seconds)
    try:
        answer, content = RENDERER.run(dict(head), blobs, limits)
    except TimedOut:
        raise RenderingError(
            f"Templat Word '{name}' tidak selesai diisi dalam {limits.wall_seconds} detik. "
            "Sederhanakan perulangan di templat."
        ) from None
    except (Killed, Oversized):
        raise RenderingError(
            f"Templat Word '{name}' melampaui batas waktu atau memori. "
            "Sederhanakan perulangan di templat."
        ) from None
    except Unavailable:
        raise RendererAway(
            f"Templat Word '{name}' belum dapat diisi: pengolah dokumen tidak dapat dijalankan. "
            "Coba lagi sebentar."
        ) from None
    if "error" in answer:
        place = f" ({answer['place']})" if answer["place"] else ""
        reason = REASONS[answer["error"]].format(detail=answer["detail"], place=place)
        raise RenderingError(f"Templat Word '{name}' {reason}")
    return answer, content
