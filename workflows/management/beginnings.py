"""The files of a first SOP folder: small, sound, and with notes that teach how to go on.

What they say lies in skeleton/; here lanes and a title are put in.
"""

import io
import json
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Any
from xml.sax.saxutils import escape

from workflows.management.drawing import Drawing, Flow, Node

SKELETON = Path(__file__).with_name("skeleton")
LONG_AGO = (2020, 1, 1, 0, 0, 0)  # the same call writes the same bytes
MAXIMUM_KIND = 60


def first_files(key: str, title: str, lanes: Sequence[str]) -> dict[str, bytes]:
    """Return what `manage.py new_sop` writes, by relative path.

    The first lane prepares, every lane between looks at it, the last one decides: it approves, and
    the system writes a letter, or it sends the work back.
    """
    drawn = tomllib.loads(_read("process.toml"))
    diagram = _drawing(key, title, lanes, drawn)
    between = [node for node in diagram.nodes if 0 < node.lane < len(lanes) - 1]
    steps = [
        _filled("between.toml", step=node.id, number=str(number))
        for number, node in enumerate(between, start=2)
    ]
    sop = _filled(
        "sop.toml",
        title=_quoted(title),
        middle="".join(steps),
        last=str(len(between) + 2),
        separation=drawn["separation"].strip() + "\n" if len(lanes) > 1 else "",
        kind=f"surat_{key}"[:MAXIMUM_KIND],
        decider=_quoted(lanes[-1]),
    )
    passed = "".join(f'  {{ task = "{node.id}" }},\n' for node in between)
    texts = {
        "process.bpmn": diagram.xml(),
        "sop.toml": sop,
        "scenarios.toml": _filled("scenarios.toml", middle=passed),
        **dict(_forms(diagram, drawn)),
        "docx/surat.json": _read("docx/surat.json"),
    }
    word = _word(_read("docx/surat.txt").splitlines())
    return {path: text.encode() for path, text in texts.items()} | {"docx/surat.docx": word}


def _read(name: str) -> str:
    return (SKELETON / name).read_text("utf-8")


def _filled(name: str, **values: str) -> str:
    return Template(_read(name)).substitute(values)


def _drawing(key: str, title: str, lanes: Sequence[str], drawn: Mapping[str, Any]) -> Drawing:
    nodes: list[Node] = []
    for row in drawn["nodes"]:
        words = {name: value for name, value in row.items() if name != "lane"}
        for number in _lanes_of(row["lane"], len(lanes)):
            told = words if row["lane"] != "between" else {**words, "id": f"{row['id']}_{number}"}
            nodes.append(Node(**told, lane=number, column=len(nodes)))
    own = [Flow(**row) for row in drawn["flows"]]
    led = {flow.source for flow in own}
    chain = [
        Flow(f"ke_{after.id}", before.id, after.id)
        for before, after in pairwise(nodes)
        if before.id not in led
    ]
    return Drawing(key, title, lanes, nodes, [*chain, *own])


def _lanes_of(place: str, count: int) -> Sequence[int]:
    return {"first": [0], "between": range(1, count - 1), "last": [count - 1]}[place]


def _forms(diagram: Drawing, drawn: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = {row["id"]: row["name"] for row in drawn["nodes"]}
    for file in sorted((SKELETON / "forms").glob("*.toml")):
        for node in diagram.nodes:
            if node.name == names[file.stem]:
                yield f"forms/{node.id}.toml", _filled(f"forms/{file.name}", step=node.id)


def _quoted(text: str) -> str:
    """Return a text as TOML writes it; its letters stay readable."""
    return json.dumps(text, ensure_ascii=False)


def _word(lines: Sequence[str]) -> bytes:
    """Return the smallest Word file with these paragraphs; the office makes it look its own."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{relations}">'
            f'<Relationship Id="r1" Type="{kind}" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": (
            f'<w:document xmlns:w="{words}"><w:body>{body}<w:sectPr/></w:body></w:document>'
        ),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), head + text)
    return target.getvalue()
