"""Deliberately wrong SOP files: `manage.py check` names each mistake with file, place and hint."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.workflows.sop_files import (
    FLOWS,
    FORM_AJUKAN,
    FORM_PUTUSKAN,
    KEY,
    NODES,
    SOP,
    draw,
    registered_names,
    run_check,
    sop_files,
    write_folder,
)
from workflows import repository
from workflows.files.findings import DefinitionError

Files = dict[str, bytes]
SOPS_OF_THE_TESTS = Path(__file__).parents[1] / "sops"


@pytest.fixture(autouse=True)
def names() -> Iterator[None]:
    with registered_names():
        yield


def said_about(files: Files, root: Path, settings: Settings, key: str = KEY) -> str:
    write_folder(root, files, key)
    settings.SOP_ROOTS = [root]
    return run_check()


def sop(old: str, new: str) -> Files:
    assert old in SOP
    return sop_files(sop=SOP.replace(old, new))


def form(name: str, old: str, new: str) -> Files:
    text = {"ajukan": FORM_AJUKAN, "putuskan": FORM_PUTUSKAN}[name]
    assert old in text
    return sop_files(**{name: text.replace(old, new)})


def condition(text: str) -> Files:
    return sop_files(draw(flows=[(*f[:3], text) if f[0] == "terima" else f for f in FLOWS]))


def without(path: str) -> Files:
    return {name: content for name, content in sop_files().items() if name != path}


def early_gateway() -> Files:
    """A gateway that reads the decision before anybody could take it."""
    nodes = [*NODES, ("exclusiveGateway", "cepat", "Staf")]
    flows = [f for f in FLOWS if f[0] != "a1"] + [
        ("a1", "mulai", "cepat", ""),
        ("lompat", "cepat", "putuskan", "form.hasil == 'lanjut'"),
        ("biasa", "cepat", "ajukan", ""),
    ]
    marks = {"diterima": 'default="tolak"', "cepat": 'default="biasa"'}
    return sop_files(draw(nodes, flows, attributes=marks))


FIELD = '[[fields]]\nname = "x"\nlabel = "X"\ntype = "text"\n'
OUTCOME = (
    '[[fields]]\nname = "kedua"\nlabel = "K"\ntype = "outcome"\n'
    '[[fields.options]]\nvalue = "a"\nlabel = "A"\nkind = "approve"\n'
)

WRONG: list[tuple[str, Files, str, str]] = [
    # names that no room offers
    ("fact", sop('"tests.complete"', '"tests.completed"'), "E070", "sop.toml [lengkap]"),
    ("multiplier", sop('"tests.count"', '"tests.counts"'), "E070", "sop.toml [ajukan]"),
    ("guard", sop('"tests.guard"', '"tests.guards"'), "E070", "sop.toml [ajukan]"),
    ("panel", sop('"tests.panel"', '"tests.panels"'), "E070", "sop.toml [ajukan]"),
    ("operation", sop('"tests.print"', '"tests.prints"'), "E070", "sop.toml [cetak]"),
    ("context", sop('"tests.context"', '"tests.contexts"'), "E070", "sop.toml [cetak]"),
    ("one context", sop('["tests.context"]', '"tests.contexts"'), "E070", "sop.toml [cetak]"),
    (
        "performer",
        sop("[steps.ajukan]", '[lanes.Staf]\nperformer = { use = "tests.x" }\n[steps.ajukan]'),
        "E070",
        "sop.toml [Staf]",
    ),
    (
        "deadline",
        sop("may_start_early = true", 'deadline = { use = "tests.x" }'),
        "E070",
        "sop.toml [tenggang]",
    ),
    ("choices", form("ajukan", "tests.people", "tests.nobody"), "E070", "ajukan.toml [petugas]"),
    # sop.toml against the diagram
    ("step not drawn", sop("[steps.cetak]", "[steps.cetaklah]"), "E043", "sop.toml [cetaklah]"),
    ("step not told", sop("[steps.cetak]", "[steps.cetaklah]"), "E044", "sop.toml [cetak]"),
    ("step is a gateway", sop("[steps.cetak]", "[steps.diterima]"), "E043", "sop.toml [diterima]"),
    ("unknown lane", sop("[steps.ajukan]", "[lanes.Stap]\n[steps.ajukan]"), "E049", "[Stap]"),
    ("key of another kind", sop("serves", "panels = []\nserves"), "E045", "sop.toml [cetak]"),
    ("operation of a person", sop("number = 2", 'operation = { use = "tests.print" }'), "E045",
     "sop.toml [putuskan]"),
    ("nothing to do", sop('operation = { use = "tests.print", template = "surat.docx", '
                          'contexts = ["tests.context"] }', ""), "E046", "sop.toml [cetak]"),
    ("serves nobody", sop('serves = "ajukan"\nmay', 'serves = "siapa"\nmay'), "E047", "[tenggang]"),
    ("serves another lane", sop('serves = "ajukan"\nmay', 'serves = "putuskan"\nmay'), "E047",
     "sop.toml [tenggang]"),
    ("serves a helper", sop('serves = "ajukan"\nmay', 'serves = "cetak"\nmay'), "E047",
     "sop.toml [tenggang]"),
    ("same as itself", sop('as = "ajukan"', 'as = "putuskan"'), "E047", "sop.toml [putuskan]"),
    ("same as a machine", sop('as = "ajukan"', 'as = "cetak"'), "E047", "sop.toml [putuskan]"),
    ("number twice", sop("number = 2", "number = 1"), "E048", "sop.toml [putuskan]"),
    ("two clocks", sop("may_start", 'deadline = { use = "tests.x" }\nmay_start'), "E031",
     "sop.toml [tenggang]"),
    ("no clock", sop_files(draw(inside={"tenggang": "<timerEventDefinition/>"})), "E031",
     "sop.toml [tenggang]"),
    ("a factor without a norm", sop('standard = "PT5M"', ""), "E046", "sop.toml [ajukan]"),
    # sop.toml by itself
    ("no TOML", sop("title =", "title"), "E040", "sop.toml"),
    ("bottomless", sop_files(sop="a=" + "[" * 5000), "E040", "sop.toml"),
    ("no title", sop('title = "Permohonan kecil"', ""), "E042", "sop.toml"),
    ("unknown key", sop("number =", "nomor ="), "E041", "sop.toml"),
    ("unknown step key", sop("standard =", "standart ="), "E041", "sop.toml [ajukan]"),
    ("duration in words", sop('"PT5M"', '"5 menit"'), "E042", "sop.toml [ajukan]"),
    ("duration by month", sop('"PT5M"', '"P1M"'), "E042", "sop.toml [ajukan]"),
    ("number in words", sop("number = 2", 'number = "dua"'), "E042", "sop.toml [putuskan]"),
    ("number zero", sop("number = 2", "number = 0"), "E042", "sop.toml [putuskan]"),
    ("call without use", sop('{ use = "tests.count" }', '"tests.count"'), "E042", "[ajukan]"),
    ("wrong subject", sop('"month"', '"bulan"'), "E042", "sop.toml"),
    ("impossible date", sop("created_on = 2026-01-02", 'created_on = "2026-02-30"'), "E042",
     "sop.toml"),
    ("text for a list", sop('["Surat"]', '"Surat"'), "E042", "sop.toml [ajukan]"),
    ("a date as parameter", sop('roles = ["Staf", "Kepala"]', "since = 2026-01-01"), "E042",
     "sop.toml [lengkap]"),
    ("fact name", sop("[facts.lengkap]", '[facts."tidak ada"]'), "E042", "sop.toml [tidak ada]"),
    # forms
    ("form of nobody", sop_files(siapa=FIELD), "E050", "forms/siapa.toml"),
    ("form of a machine", sop_files(cetak=FIELD), "E050", "forms/cetak.toml"),
    ("no type", form("ajukan", 'type = "text"', ""), "E042", "forms/ajukan.toml [nama]"),
    ("unknown type", form("ajukan", '"text"', '"teks"'), "E042", "forms/ajukan.toml [nama]"),
    ("no label", form("ajukan", 'label = "Nama pemohon"', ""), "E042", "ajukan.toml [nama]"),
    ("unknown field key", form("ajukan", "label =", "labels ="), "E041", "ajukan.toml [nama]"),
    ("dunder field", form("ajukan", '"nama"', '"__class__"'), "E051", "ajukan.toml [__class__]"),
    ("field of the page", form("ajukan", '"nama"', '"csrfmiddlewaretoken"'), "E051", "ajukan.toml"),
    ("keyword field", form("ajukan", '"nama"', '"class"'), "E051", "ajukan.toml [class]"),
    ("capital field", form("ajukan", '"nama"', '"Nama"'), "E051", "ajukan.toml [Nama]"),
    ("field twice", form("ajukan", '"petugas"', '"nama"'), "E051", "ajukan.toml [nama]"),
    ("one name, two types", form("putuskan", '"alasan"', '"nama"'), "E051", "putuskan.toml [nama]"),
    ("choice of nothing", form("ajukan", '"text"', '"choice"'), "E052", "ajukan.toml [nama]"),
    ("text with a source", form("ajukan", '"choice"', '"text"'), "E052", "ajukan.toml [petugas]"),
    ("option twice", form("putuskan", '"ulang"', '"lanjut"'), "E052", "putuskan.toml [hasil]"),
    ("no kind of decision", form("putuskan", 'kind = "return"', ""), "E042",
     "putuskan.toml [hasil]"),
    ("unknown kind", form("putuskan", '"return"', '"kembali"'), "E042", "putuskan.toml [hasil]"),
    ("decision may be skipped", form("putuskan", 'type = "outcome"', 'type = "outcome"\n'
                                     "required = false"), "E052", "putuskan.toml [hasil]"),
    ("reason without a field", form("putuskan", '"comment"', '"text"'), "E053", "putuskan.toml"),
    ("two decisions", sop_files(putuskan=FORM_PUTUSKAN + OUTCOME), "E053", "putuskan.toml"),
    ("initial of another type", form("ajukan", 'type = "text"', 'type = "date"\ninitial = "x"'),
     "E042", "forms/ajukan.toml [nama]"),
    # conditions against forms and facts
    ("unknown field read", condition("form.hasill == 'lanjut'"), "E060", "process.bpmn [terima]"),
    ("unknown fact read", condition("facts.lengkapp"), "E061", "process.bpmn [terima]"),
    ("read before asked", early_gateway(), "E062", "process.bpmn [lompat]"),
    ("never chosen", condition("form.hasil == 'lanjutkan'"), "E063", "process.bpmn [terima]"),
    ("never chosen of many", condition("form.hasil in ('lanjut', 'x')"), "E063", "[terima]"),
    # parameters
    ("no template", without("docx/surat.docx"), "E064", "sop.toml [cetak]"),
    ("fact of note", sop('template = "surat.docx"', 'template = "surat.docx", fact = "x"'), "E065",
     "sop.toml [cetak]"),
    ("field of guard", sop('Staf = "nama"', 'Staf = "namaa"'), "E066", "sop.toml [ajukan]"),
    # the folder
    ("no diagram", without("process.bpmn"), "E001", "process.bpmn"),
    ("no sop", without("sop.toml"), "E001", "sop.toml"),
    ("unknown file", {**sop_files(), "forms/ajukan.tml": b""}, "E002", "forms/ajukan.tml"),
    ("a script", {**sop_files(), "operations.py": b"import os"}, "E002", "operations.py"),
    ("a template with macros", {**sop_files(), "docx/surat.docm": b""}, "E002", "docx/surat.docm"),
    ("a large file", {**sop_files(), "docx/x.docx": b"x" * (5 * 2**20 + 1)}, "E003", "docx/x.docx"),
    ("large TOML", sop_files(sop=SOP + "#" * 2**18), "E003", "sop.toml"),
    ("TOML of an old machine", {**sop_files(), "sop.toml": b"title = '\xe9'"}, "E010", "sop.toml"),
    ("broken scenarios", {**sop_files(), "scenarios.toml": b"[["}, "E040", "scenarios.toml"),
]  # fmt: skip


def test_the_small_sop_has_no_mistake(tmp_path: Path, settings: Settings) -> None:
    assert "no issues" in said_about(sop_files(), tmp_path, settings)


@pytest.mark.parametrize(
    ("files", "code", "place"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_a_mistake_is_named_with_its_place(
    files: Files, code: str, place: str, tmp_path: Path, settings: Settings
) -> None:
    said = said_about(files, tmp_path, settings)
    assert any(
        f"(workflows.{code})" in line and line.startswith(KEY) and place in line.split(": (")[0]
        for line in said.splitlines()
    ), said
    if code != "E070":
        with pytest.raises(DefinitionError):
            repository.load(files, KEY)


SCENARIO = """
[[scenario]]
name = "Diterima"
facts = { lengkap = true }
end = "selesai"
[[scenario.steps]]
task = "ajukan"
form = { nama = "Maria Bria", petugas = "7" }
[[scenario.steps]]
task = "putuskan"
form = { hasil = "lanjut" }
"""


def test_a_scenario_that_holds_is_no_finding(tmp_path: Path, settings: Settings) -> None:
    files = {**sop_files(), "scenarios.toml": SCENARIO.encode()}
    assert "no issues" in said_about(files, tmp_path, settings)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"selesai"', '"tamat"', "E080"),
        ('"lanjut"', '"ulang", alasan = "foto"', "E081"),
        ("lengkap = true", "lengkap = false", "E081"),
    ],
)
def test_a_scenario_that_fails_is_named(
    old: str, new: str, code: str, tmp_path: Path, settings: Settings
) -> None:
    files = {**sop_files(), "scenarios.toml": SCENARIO.replace(old, new).encode()}
    said = said_about(files, tmp_path, settings)
    assert f"{KEY}/scenarios.toml" in said
    assert f"workflows.{code}" in said


def test_a_diagram_too_long_for_the_engine_is_named(tmp_path: Path, settings: Settings) -> None:
    names = [f"t{n}" for n in range(600)]
    chain = list(zip(["mulai", *names], [*names, "selesai"], strict=True))
    content = draw(
        [NODES[0], *(("userTask", name, "Staf") for name in names), NODES[-1]],
        [(f"a{n}", source, target, "") for n, (source, target) in enumerate(chain)],
        attributes={},
    )
    files = {
        "process.bpmn": content.encode(),
        "sop.toml": ('title = "Panjang"\n' + "".join(f"[steps.{n}]\n" for n in names)).encode(),
    }
    said = said_about(files, tmp_path, settings)
    assert "(workflows.E036) Diagram terlalu panjang" in said


def test_a_name_nearly_right_gets_a_hint(tmp_path: Path, settings: Settings) -> None:
    said = said_about(sop('"tests.print"', '"tests.prints"'), tmp_path, settings)
    assert "Maksudnya 'tests.print'?" in said


def test_a_key_nearly_right_gets_a_hint(tmp_path: Path, settings: Settings) -> None:
    said = said_about(sop("standard =", "standart ="), tmp_path, settings)
    assert "Maksudnya 'standard'?" in said


@pytest.mark.parametrize("key", ["Permohonan", "1sop", "so p", "sop-2"])
def test_a_folder_needs_a_usable_name(key: str, tmp_path: Path, settings: Settings) -> None:
    assert "(workflows.E004)" in said_about(sop_files(), tmp_path, settings, key)


def test_one_key_in_two_roots_is_named(tmp_path: Path, settings: Settings) -> None:
    for root in ("satu", "dua"):
        write_folder(tmp_path / root, sop_files())
    settings.SOP_ROOTS = [tmp_path / "satu", tmp_path / "dua"]
    assert "(workflows.E005)" in run_check()


def test_what_is_only_untidy_is_a_warning(tmp_path: Path, settings: Settings) -> None:
    files = {**sop_files(), "docx/lama.docx": b"PK"}
    files["process.bpmn"] = files["process.bpmn"].replace(b'bpmnElement="a5"', b'bpmnElement="a4"')
    files["sop.toml"] = SOP.replace(
        "[facts.lengkap]", '[facts.sia]\nuse = "tests.complete"\n[facts.lengkap]'
    ).encode()
    said = said_about(files, tmp_path, settings)
    for code, place in (("W034", "[a5]"), ("W061", "[sia]"), ("W064", "sop.toml")):
        assert any(f"workflows.{code}" in line and place in line for line in said.splitlines())
    assert "ERRORS" not in said
    repository.load(files, KEY)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path, settings: Settings) -> None:
    files = sop_files(
        draw(extra='<scriptTask id="skrip"/>'),
        sop=SOP.replace("standard =", "standart =").replace('"tests.print"', '"tests.x"'),
        ajukan=FORM_AJUKAN.replace('"text"', '"teks"'),
    )
    said = said_about(files, tmp_path, settings)
    for code in ("E014", "E041", "E042", "E070"):
        assert f"workflows.{code}" in said
    with pytest.raises(DefinitionError) as refused:
        repository.load(files, KEY)
    assert {"E014", "E041", "E042"} <= {finding.code for finding in refused.value.findings}


@pytest.mark.parametrize("root", [repository.roots()[-1], SOPS_OF_THE_TESTS], ids=str)
def test_the_sops_of_this_house_have_no_mistake(root: Path, settings: Settings) -> None:
    settings.SOP_ROOTS = [root]
    said = run_check()
    assert list(repository.folders())
    assert "no issues" in said, said
