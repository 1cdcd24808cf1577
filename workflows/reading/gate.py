"""The gate for BPMN files. BPMN is code to an engine, so only what is on the list comes in.

The bytes are refused before they are parsed (size, encoding, DTD), the tree before it is read
(elements, attributes, ids, the BPMN 2.0 schema). What the diagram says is `reader`'s part.
"""

import importlib.util
import re
import threading
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from workflows.files.findings import Findings
from workflows.reading.vocabulary import (
    ALLOWED,
    BPMN,
    DRAWING,
    EXPRESSIONS,
    HINTS,
    PAINT,
    PLACES,
    TEXT_ONLY,
    XSI,
    is_element,
    local,
    tag,
)

MAXIMUM_BYTES = 1024 * 1024
MAXIMUM_ELEMENTS = 5000
MAXIMUM_ID, MAXIMUM_NAME, MAXIMUM_LANE_NAME = 120, 250, 80

# Ids become names of files and of the engine's own nodes.
ID_PATTERN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
ENGINE_NAMES = {"Start", "End", "Root"}
DECLARED_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")

_validating = threading.Lock()  # a schema keeps the log of its last run


def open_gate(content: bytes, findings: Findings) -> etree._Element | None:
    """Return the root of a BPMN file that may be read, or note why not and return None."""
    if not _check_bytes(content, findings):
        return None
    root = _parse(content, findings)
    if root is None:
        return None
    before = len(findings)
    elements = list(root.iter())
    if len(elements) > MAXIMUM_ELEMENTS:
        findings.note(
            "E013",
            f"memuat {len(elements)} unsur; paling banyak {MAXIMUM_ELEMENTS}",
            hint="Bagi SOP menjadi beberapa proses.",
        )
        return None
    for element in elements:
        _check_element(element, findings)
    _check_ids(elements, findings)
    if len(findings) == before:
        _check_schema(root, findings)
    return root if len(findings) == before else None


def _check_bytes(content: bytes, findings: Findings) -> bool:
    if len(content) > MAXIMUM_BYTES:
        findings.note("E003", "lebih besar dari 1 MiB", hint="Bagi SOP menjadi beberapa proses.")
        return False
    declared = DECLARED_ENCODING.search(content.removeprefix(b"\xef\xbb\xbf"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    # A DTD could otherwise hide from the search below in an encoding that the parser knows.
    if "\0" in text or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        findings.note("E010", "bukan UTF-8", hint="Simpan kembali sebagai XML UTF-8.")
        return False
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        findings.note(
            "E011", "memuat DOCTYPE atau ENTITY", hint="Hapus; BPMN tidak membutuhkan DTD."
        )
        return False
    return True


def _parse(content: bytes, findings: Findings) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        findings.note(
            "E012",
            f"bukan XML yang utuh pada baris {line}, kolom {column} (kata pembacanya: {error.msg})",
            hint="Simpan ulang dari modeler.",
        )
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        findings.note("E011", "memuat DOCTYPE", hint="Hapus; BPMN tidak membutuhkan DTD.")
        return None
    if root.tag != tag("definitions"):
        findings.note("E014", f"akar berkas '{local(root)}', seharusnya 'definitions' BPMN 2.0")
        return None
    return root


def _name_of(element: etree._Element) -> str:
    """Return the id of the element or of the nearest one around it."""
    around: etree._Element | None = element
    while around is not None:
        if around.get("id"):
            return str(around.get("id"))
        around = around.getparent()
    return ""


def _check_element(element: etree._Element, findings: Findings) -> None:
    where = _name_of(element)
    if not is_element(element):
        parent = element.getparent()
        if isinstance(element, etree._Comment):
            if parent is not None and local(parent) in TEXT_ONLY:
                findings.note("E018", f"komentar di dalam {local(parent)}", element=where)
        else:
            findings.note("E011", "memuat instruksi pemrosesan atau entitas", element=where)
        return
    name, namespace = local(element), etree.QName(element).namespace or ""
    if name in DRAWING.get(namespace, ()):
        allowed = None  # the schema knows them all
    elif namespace == BPMN and name in ALLOWED:
        allowed = ALLOWED[name]
    else:
        shown = name if namespace == BPMN else element.tag
        findings.note(
            "E014",
            f"unsur '{shown}' (baris {element.sourceline}) belum didukung",
            element=where,
            hint=HINTS.get(name, "Hapus atau ganti dengan unsur yang didukung."),
        )
        return
    if namespace == BPMN and name in TEXT_ONLY and len(element):
        findings.note("E018", f"unsur lain di dalam {name}", element=where)
    places, hint = PLACES.get(name, ((), ""))
    if places and not _inside(element, places):
        findings.note("E014", f"{name} di sini belum didukung", element=where, hint=hint)
    _check_attributes(element, allowed, findings)


def _inside(element: etree._Element, parent_names: Iterable[str]) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in {tag(name) for name in parent_names}


def _check_attributes(
    element: etree._Element, allowed: dict[str, str | None] | None, findings: Findings
) -> None:
    for full_name, value in element.attrib.items():
        name = etree.QName(str(full_name))
        if not name.namespace:
            known = allowed is None or (
                name.localname in allowed and allowed[name.localname] in (None, value)
            )
        elif name.namespace == XSI:
            known = _is_harmless_type(element, name.localname, str(value))
        else:
            known = name.namespace in PAINT and allowed is None
        if not known:
            findings.note(
                "E015",
                f"atribut '{name.localname}' pada {local(element)} belum didukung",
                element=_name_of(element),
                hint="Hapus atribut ini" + (f" ({name.namespace})." if name.namespace else "."),
            )


def _is_harmless_type(element: etree._Element, name: str, value: str) -> bool:
    """xsi:type turns one element into another: only the usual one on expressions may stand."""
    if name == "schemaLocation":
        return True
    return (
        name == "type"
        and local(element) in EXPRESSIONS
        and value.rpartition(":")[2] in ("tFormalExpression", "tExpression")
    )


def _check_ids(elements: list[etree._Element], findings: Findings) -> None:
    ids = [str(e.get("id")) for e in elements if is_element(e) and e.get("id") is not None]
    for identifier, count in Counter(ids).items():
        if count > 1:
            findings.note(
                "E016", f"id dipakai {count} kali", element=identifier[:MAXIMUM_ID],
                hint="Setiap id hanya boleh dipakai sekali.",
            )  # fmt: skip
        if len(identifier) > MAXIMUM_ID or not ID_PATTERN.fullmatch(identifier):
            findings.note(
                "E019", "id tidak dapat dipakai", element=identifier[:MAXIMUM_ID],
                hint=f"Huruf, angka, _ dan - saja, diawali huruf, paling panjang {MAXIMUM_ID}.",
            )  # fmt: skip
        elif identifier in ENGINE_NAMES:
            findings.note(
                "E019", "id ini dipakai oleh mesin alur sendiri", element=identifier,
                hint="Pilih id lain, misalnya dalam huruf kecil.",
            )  # fmt: skip
    for element in elements:
        if is_element(element) and etree.QName(element).namespace == BPMN:
            limit = MAXIMUM_LANE_NAME if local(element) == "lane" else MAXIMUM_NAME
            if len(element.get("name") or "") > limit:
                findings.note(
                    "E019", f"nama lebih panjang dari {limit} huruf", element=_name_of(element)
                )


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    # The schema files lie in SpiffWorkflow's folder; they are data and nothing is imported.
    spec = importlib.util.find_spec("SpiffWorkflow")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(
            "SpiffWorkflow tidak terpasang; jalankan: pip install -r requirements.txt"
        )
    folder = Path(next(iter(spec.submodule_search_locations)), "bpmn", "parser", "schema")
    return etree.XMLSchema(etree.parse(folder / "BPMN20.xsd"))


def _check_schema(root: etree._Element, findings: Findings) -> None:
    with _validating:
        schema = _schema()
        if schema.validate(root):
            return
        log: Any = schema.error_log
        entries = [(entry.line, entry.message) for entry in log]
    by_line = {e.sourceline: e for e in root.iter() if e.sourceline is not None}
    for line, message in entries[:50]:
        element = by_line.get(line)
        findings.note(
            "E017",
            f"baris {line} tidak sesuai skema BPMN 2.0: {re.sub(r'{[^}]*}', '', message)[:300]}",
            element="" if element is None else _name_of(element),
        )
