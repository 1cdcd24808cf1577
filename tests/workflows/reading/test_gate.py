"""What the gate keeps out, told by `manage.py check` with id and reason."""

from pathlib import Path

import pytest
from lxml import etree
from pytest_django import Settings

from tests.workflows.hostile_bpmn import Hostile, hostile_files
from tests.workflows.sop_files import KEY, draw, run_check, sop_files, write_folder
from workflows import repository
from workflows.files.findings import DefinitionError, Findings
from workflows.reading import gate, vocabulary

HOSTILE = list(hostile_files())


def codes(content: bytes) -> list[str]:
    findings = Findings("process.bpmn")
    gate.open_gate(content, findings)
    return [finding.code for finding in findings]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
@pytest.mark.fault("F23", "F31")
def test_a_hostile_file_is_refused_with_id_and_reason(
    hostile: Hostile, tmp_path: Path, settings: Settings
) -> None:
    files = sop_files(hostile.content)
    write_folder(tmp_path, files)
    settings.SOP_ROOTS = [tmp_path]

    said = run_check()

    place = f"{KEY}/process.bpmn" + (f" [{hostile.element}]" if hostile.element else "")
    lines = [line for line in said.splitlines() if line.startswith(f"{place}: ")]
    assert any(
        f"(workflows.{hostile.code})" in line and hostile.reason in line for line in lines
    ), said
    with pytest.raises(DefinitionError):
        repository.load(files, KEY)
    assert repository.all() == ()


def test_every_hostile_file_has_a_name_of_its_own() -> None:
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE)
    assert not Path("/tmp/sopan-was-here").exists()  # noqa: S108


def test_a_plain_file_passes_untouched() -> None:
    findings = Findings("process.bpmn")
    root = gate.open_gate(draw().encode(), findings)
    assert findings == []
    assert root is not None
    assert root.tag == vocabulary.tag("definitions")


def test_what_modelers_write_by_themselves_passes() -> None:
    content = (
        draw(attributes={"diterima": 'default="tolak" gatewayDirection="Diverging"',
                         "ajukan": 'startQuantity="1" isForCompensation="false"'})
        .replace("<definitions ", '<definitions exporter="bpmn-js" exporterVersion="18.0" ')
        .replace("<bpmndi:BPMNShape ",
                 '<bpmndi:BPMNShape xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" '
                 'bioc:stroke="#205022" ', 1)
        .replace("</process>",
                 '<textAnnotation id="t"><text>Catatan</text></textAnnotation>'
                 '<association id="as" sourceRef="ajukan" targetRef="t"/></process>')
        .replace("<process ", '<!-- catatan --><process ')
    )  # fmt: skip
    assert codes(content.encode()) == []
    assert codes(b"\xef\xbb\xbf" + content.encode()) == []


def test_what_the_schema_forbids_is_named_with_its_line() -> None:
    content = draw().replace('sourceRef="mulai" ', "", 1)
    findings = Findings("process.bpmn")
    assert gate.open_gate(content.encode(), findings) is None
    (finding,) = findings
    assert finding.code == "E017"
    assert finding.element == "a1"
    assert "sourceRef" in finding.text


def test_every_mistake_is_named_not_only_the_first() -> None:
    content = draw(extra='<scriptTask id="satu"/><subProcess id="dua"/><dataObject id="tiga"/>')
    findings = Findings("process.bpmn")
    gate.open_gate(content.encode(), findings)
    assert [finding.element for finding in findings] == ["satu", "dua", "tiga"]


def test_the_limit_of_size_is_exact() -> None:
    plain = draw()
    room = gate.MAXIMUM_BYTES - len(plain.encode()) - len("<!---->")
    fits = plain.replace("</process>", f"<!--{'x' * room}--></process>").encode()
    assert len(fits) == gate.MAXIMUM_BYTES
    assert codes(fits) == []
    assert codes(fits + b"\n") == ["E003"]


def test_the_limit_of_elements_is_exact() -> None:
    here = sum(1 for _ in etree.fromstring(draw().encode()).iter())
    notes = [f'<textAnnotation id="n{n}"/>' for n in range(gate.MAXIMUM_ELEMENTS - here)]
    assert codes(draw(extra="".join(notes)).encode()) == []
    assert codes(draw(extra="".join(notes) + '<textAnnotation id="m"/>').encode()) == ["E013"]


def test_the_gate_imports_nothing_of_the_engine() -> None:
    source = Path(gate.__file__).read_text()
    assert "import SpiffWorkflow" not in source
    assert "from SpiffWorkflow" not in source
