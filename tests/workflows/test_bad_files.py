"""Files that nobody thought of: whatever they hold, they are examined and never crash."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.elements.making import HEARS, MANY, drawing, files
from tests.workflows.sop_files import FORM_AJUKAN, FORM_PUTUSKAN, KEY, SOP, draw, sop_files
from workflows import checks, repository

BPMN = draw().encode()
values = st.recursive(
    st.one_of(
        st.text(max_size=8),
        st.integers(-5, 10**20),
        st.booleans(),
        st.floats(),
        st.sampled_from(["PT5M", "ajukan", "tests.print", "2026-02-30", "../x", "choice", "file"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["use", "name", "kind", "value", "x"]), inner, max_size=3),
    ),
    max_leaves=5,
)


def examine(files: dict[str, bytes]) -> None:
    """A file is taken or refused with a reason; anything else is an exception and fails here."""
    examination = repository.examine(files, KEY)
    list(checks.unknown_names(examination.sop, examination.forms))
    errors = [finding for finding in examination.findings if finding.is_error]
    assert (examination.definition is None) == bool(errors)
    assert all(finding.text and finding.file for finding in examination.findings)


def written(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(v)}" for key, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        escaped = "".join(f"\\U{ord(c):08x}" for c in value if not 0xD800 <= ord(c) < 0xE000)
        return f'"{escaped}"'
    return repr(value)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_any_value_at_any_key_of_a_sop_is_examined(data: st.DataObject) -> None:
    where = data.draw(st.sampled_from(["sop", "ajukan", "putuskan"]))
    text = {"sop": SOP, "ajukan": FORM_AJUKAN, "putuskan": FORM_PUTUSKAN}[where]
    lines = text.splitlines()
    keyed = [number for number, line in enumerate(lines) if " = " in line]
    for number in data.draw(st.lists(st.sampled_from(keyed), min_size=1, max_size=3)):
        key = lines[number].split(" = ")[0]
        lines[number] = f"{key} = {written(data.draw(values))}"
    changed = "\n".join(lines)
    tomllib.loads(changed)
    examine(sop_files(sop=changed) if where == "sop" else sop_files(**{where: changed}))


@given(values)
@settings(max_examples=60, deadline=None)
def test_any_parameter_of_a_call_is_examined(value: Any) -> None:
    for name in ("template", "contexts", "fact", "fields"):
        call = f'operation = {{ use = "tests.print", {name} = {written(value)} }}'
        old = next(line for line in SOP.splitlines() if line.startswith("operation"))
        examine(sop_files(sop=SOP.replace(old, call)))


@given(st.sampled_from(["rows", "correlates", "subject", "results", "operation"]), values)
@settings(max_examples=100, deadline=None)
def test_any_value_at_the_keys_of_messages_calls_and_rows_is_examined(key: str, value: Any) -> None:
    for step in ("tunggu", "panggil", "kirim", "nilai"):
        examine(sop_of_every_kind({step: f"{key} = {written(value)}"}))


def sop_of_every_kind(steps: dict[str, str]) -> dict[str, bytes]:
    bpmn = drawing(
        {"tunggu": "C", "panggil": "A", "kirim": "T", "nilai": "U"},
        ["mulai>tunggu", "tunggu>panggil", "panggil>kirim", "kirim>nilai", "nilai>selesai"],
        inside={"tunggu": HEARS, "kirim": HEARS, "nilai": MANY},
        attributes={"panggil": 'calledElement="izin"'},
    )
    rows = {"nilai": 'rows = { use = "tests.rows" }'}
    return files(bpmn, {"tunggu": "", "panggil": "", "kirim": "", **rows, **steps})


@given(st.data())
@settings(max_examples=100, deadline=None)
@pytest.mark.fault("F23")
def test_a_damaged_diagram_is_examined(data: st.DataObject) -> None:
    content = bytearray(BPMN)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.one_of(
                st.binary(max_size=3),
                st.sampled_from([b'"', b"<", b">", b"/>", b"&amp;", b"&#0;", b"]]>", b"<!--"]),
            )
        )
        content[place : place + data.draw(st.integers(0, 30))] = piece
    examine(sop_files(bytes(content)))


words = st.sampled_from(
    ["ajukan", "putuskan", "cetak", "diterima", "tenggang", "mulai", "selesai", "a1", "terima",
     "userTask", "serviceTask", "exclusiveGateway", "parallelGateway", "endEvent", "startEvent",
     "inclusiveGateway", "eventBasedGateway", "receiveTask", "callActivity", "boundaryEvent",
     "Staf", "Kepala", "lane0", "proses", "PT1H", "", "NaN"]
)  # fmt: skip


@given(st.lists(st.tuples(words, words, st.integers(0, 6)), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_diagram_with_words_exchanged_is_examined(swaps: list[tuple[str, str, int]]) -> None:
    text = BPMN.decode()
    for old, new, skip in swaps:
        parts = text.split(old) if old else [text]
        if len(parts) > skip + 1:
            text = old.join(parts[: skip + 1]) + new + old.join(parts[skip + 1 :])
    examine(sop_files(text))


@given(
    st.dictionaries(st.text(max_size=20), st.binary(max_size=40), max_size=4), st.text(max_size=9)
)
@settings(max_examples=60, deadline=None)
def test_any_folder_is_examined(files: dict[str, bytes], key: str) -> None:
    examination = repository.examine({**sop_files(), **files}, key)
    assert examination.findings or not files


def test_a_mark_that_notepad_puts_in_front_of_a_file_is_passed_over() -> None:
    files = {
        name: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
        for name, content in sop_files().items()
    }
    assert repository.examine(files, KEY).findings == repository.examine(sop_files(), KEY).findings
