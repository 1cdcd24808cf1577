"""BPMN files that must never run: code in disguise, bombs, and diagrams that cannot end."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.workflows.sop_files import FLOWS, NODES, TIMER, draw

ATTACK = "__import__('os').system('touch /tmp/sopan-was-here')"
WALK = "().__class__.__base__.__subclasses__()"
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


@dataclass(frozen=True)
class Hostile:
    """A file, the check that must name it, the BPMN id it must name and a word of the reason."""

    name: str
    content: bytes
    code: str
    element: str
    reason: str


def hostile_files() -> Iterator[Hostile]:
    yield from _code()
    yield from _parts_not_supported()
    yield from _hidden()
    yield from _edges()
    yield from _bombs()
    yield from _flaws()


def _made(name: str, content: str | bytes, code: str, element: str, reason: str) -> Hostile:
    raw = content.encode() if isinstance(content, str) else content
    return Hostile(name, raw, code, element, reason)


def _with_condition(condition: str) -> str:
    flows = [(*f[:3], condition) if f[0] == "terima" else f for f in FLOWS]
    return draw(flows=flows)


def _code() -> Iterator[Hostile]:
    for name, condition in {
        "condition imports": ATTACK,
        "condition walks the subclasses": WALK,
        "condition opens a file": "open('/etc/passwd')",
        "condition is a lambda": "(lambda: True)()",
        "condition comprehends": "[x for x in (1,)]",
        "condition burns the processor": "9**9**9 == form.hasil",
        "condition fills the memory": "'a'*10**9 == form.hasil",
        "condition formats": "f'{form.hasil}' == 'lanjut'",
        "condition goes two levels deep": "form.hasil.real == 1",
        "condition reads a dunder": "form.__class__ == 1",
        "condition reads a name of its own": "hasil == 'lanjut'",
        "condition subscripts": "form['hasil'] == 'lanjut'",
        "condition assigns": "(form := 1) == 1",
        "condition is always true": "'lanjut'",
        "condition hides its end in a comment": "form.hasil == 'lanjut' # or more",
        "condition is no Python": "${form.hasil}",
    }.items():
        yield _made(name, _with_condition(condition), "E027", "terima", "kondisi")
    script = f'<scriptTask id="skrip"><script>{ATTACK}</script></scriptTask>'
    yield _made("script task", draw(extra=script), "E014", "skrip", "scriptTask")
    rule = '<businessRuleTask id="aturan"/>'
    yield _made("business rule", draw(extra=rule), "E014", "aturan", "businessRuleTask")
    many = (
        '<multiInstanceLoopCharacteristics id="kali"><loopCardinality>'
        f"{ATTACK}</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    yield _made(
        "loop cardinality", draw(inside={"ajukan": many}), "E014", "kali", "loopCardinality"
    )
    again = f'<standardLoopCharacteristics id="lagi"><loopCondition>{ATTACK}</loopCondition>'
    yield _made(
        "standard loop",
        draw(inside={"ajukan": f"{again}</standardLoopCharacteristics>"}),
        "E014", "lagi", "standardLoop",
    )  # fmt: skip
    pre_script = (
        '<extensionElements><x:preScript xmlns:x="http://spiffworkflow.org/bpmn/schema/1.0/core">'
        f"{ATTACK}</x:preScript></extensionElements>"
    )
    yield _made(
        "script before a user task", draw(inside={"ajukan": pre_script}), "E014", "ajukan",
        "extensionElements",
    )  # fmt: skip
    listener = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:expression="${x}"'
    yield _made(
        "engine attribute", draw(attributes={"diterima": 'default="tolak"', "cetak": listener}),
        "E015", "cetak", "expression",
    )  # fmt: skip
    for name, inner in {
        "duration runs code": f"<timeDuration>{ATTACK}</timeDuration>",
        "duration is a month": "<timeDuration>P1M</timeDuration>",
        "duration never ends": "<timeDuration>P99999999D</timeDuration>",
        "duration is an expression": "<timeDuration>form.lama</timeDuration>",
    }.items():
        timer = f"<timerEventDefinition>{inner}</timerEventDefinition>"
        yield _made(name, draw(inside={"tenggang": timer}), "E031", "tenggang", "waktu")
    for element in ("timeCycle", "timeDate"):
        timer = (
            f'<timerEventDefinition id="jam"><{element}>{ATTACK}</{element}></timerEventDefinition>'
        )
        yield _made(element, draw(inside={"tenggang": timer}), "E014", "jam", element)


def _parts_not_supported() -> Iterator[Hostile]:
    for element in (
        "subProcess", "transaction", "adHocSubProcess", "task", "complexGateway", "dataObject",
    ):  # fmt: skip
        extra = f'<{element} id="asing"/>'
        yield _made(element, draw(extra=extra), "E014", "asing", "belum didukung")
    for where, definition in (
        ("mulai", "signalEventDefinition"),
        ("mulai", "timerEventDefinition"),
        ("tenggang", "conditionalEventDefinition"),
        ("tenggang", "linkEventDefinition"),
        ("selesai", "errorEventDefinition"),
        ("selesai", "terminateEventDefinition"),
        ("selesai", "escalationEventDefinition"),
    ):
        event = f'<{definition} id="peristiwa"/>'
        yield _made(
            f"{definition} at {where}", draw(inside={where: event}), "E014", "peristiwa",
            "belum didukung",
        )  # fmt: skip
    for element in ("signal", "error", "dataStore", "interface"):
        top = f'<{element} id="atas" name="x"/>'
        yield _made(f"{element} above", draw(top=top), "E014", "atas", "belum didukung")
    reach = '<import importType="x" location="http://192.0.2.1/x.bpmn" namespace="urn:x"/>'
    yield _made("import of another file", draw(top=reach), "E014", "akar", "import")
    default = 'default="tolak"'
    for identifier, attribute, word in (
        ("cetak", 'operationRef="x"', "operationRef"),
        ("cetak", 'implementation="http://192.0.2.1/"', "implementation"),
        ("ajukan", 'isForCompensation="true"', "isForCompensation"),
        ("ajukan", 'startQuantity="2"', "startQuantity"),
        ("ajukan", 'default="a2"', "default"),
    ):
        content = draw(attributes={"diterima": default, identifier: attribute})
        yield _made(f"attribute {attribute}", content, "E015", identifier, word)


def _hidden() -> Iterator[Hostile]:
    plain = draw()
    smuggled = '<documentation><scriptTask id="tersembunyi"/></documentation>'
    yield _made(
        "element inside a documentation", draw(inside={"ajukan": smuggled}), "E014",
        "tersembunyi", "scriptTask",
    )  # fmt: skip
    flow = '<documentation><sequenceFlow id="gelap" sourceRef="mulai" targetRef="selesai"/>'
    yield _made(
        "flow inside a documentation", draw(inside={"ajukan": f"{flow}</documentation>"}),
        "E018", "ajukan", "documentation",
    )  # fmt: skip
    split = "<conditionExpression>facts.lengkap<!-- --> or True</conditionExpression>"
    yield _made("condition cut by a comment", draw(inside={"terima": split}), "E018", "terima",
                "komentar")  # fmt: skip
    inner = (
        "<conditionExpression>facts.lengkap<documentation>x</documentation></conditionExpression>"
    )
    yield _made("condition with an element", draw(inside={"terima": inner}), "E018", "terima",
                "conditionExpression")  # fmt: skip
    typed = {"diterima": 'default="tolak"', "ajukan": 'xsi:type="tScriptTask"'}
    yield _made("another type by xsi:type", draw(attributes=typed), "E015", "ajukan", "type")
    foreign = '<x:scriptTask xmlns:x="urn:x" id="luar"/>'
    yield _made("element of an unknown namespace", draw(extra=foreign), "E014", "luar", "urn:x")
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    yield _made("xinclude", draw(extra=include), "E014", "proses", "XInclude")
    yield _made("two elements of one id", draw(extra='<textAnnotation id="ajukan"/>'), "E016",
                "ajukan", "2 kali")  # fmt: skip
    for name in ("Start", "End", "Root"):
        content = plain.replace('"tenggang', f'"{name}').replace(">tenggang<", f">{name}<")
        yield _made(f"a node named {name}", content, "E019", name, "mesin alur")
    path = plain.replace('"ajukan"', '"../ajukan"').replace(">ajukan<", ">../ajukan<")
    yield _made("an id that is a path", path, "E019", "../ajukan", "id tidak dapat dipakai")
    long_name = plain.replace("Langkah ajukan", "x" * 251)
    yield _made("an endless name", long_name, "E019", "ajukan", "250")
    for value in ("INF", "-INF", "NaN", "1e300"):
        content = plain.replace('x="120"', f'x="{value}"', 1)
        yield _made(f"drawn at {value}", content, "E034", "lane1", value)


def _edges() -> Iterator[Hostile]:
    """Events on the edge of a task that are no timers of a person's task."""

    def made(name: str, code: str, element: str, reason: str, **written: str) -> Hostile:
        nodes = [
            *NODES,
            ("boundaryEvent", "batas", written.get("lane", "Kepala")),
            ("serviceTask", "ingatkan", "Kepala"),
            ("endEvent", "diingatkan", "Kepala"),
        ]
        flows = [*FLOWS, ("b1", "batas", "ingatkan", ""), ("b2", "ingatkan", "diingatkan", "")]
        told = written.get("told", 'attachedToRef="putuskan" cancelActivity="false"')
        attributes = {"diterima": 'default="tolak"', "batas": told}
        inside = {"batas": written.get("inside", TIMER)}
        content = draw(nodes, flows, attributes=attributes, inside=inside)
        return _made(f"edge: {name}", content, code, element, reason)

    for definition in (
        "signalEventDefinition", "escalationEventDefinition", "cancelEventDefinition",
        "compensateEventDefinition", "conditionalEventDefinition",
    ):  # fmt: skip
        event = f'<{definition} id="peristiwa"/>'
        yield made(definition, "E014", "peristiwa", "belum didukung", inside=event)
    yield made("no event at all", "E031", "batas", "bukan pewaktu", inside="")
    yield made("two timers in one", "E031", "batas", "bukan pewaktu", inside=TIMER * 2)
    for element in ("timeCycle", "timeDate"):
        timer = f'<timerEventDefinition id="jam"><{element}>R/PT1S</{element}>'
        yield made(element, "E014", "jam", element, inside=f"{timer}</timerEventDefinition>")
    code = f"<timerEventDefinition><timeDuration>{ATTACK}</timeDuration></timerEventDefinition>"
    yield made("duration runs code", "E031", "batas", "waktu", inside=code)
    for host in (
        "cetak",
        "tenggang",
        "diterima",
        "mulai",
        "batas",
        "tidak_ada",
        "lane0",
        "dc:putuskan",
    ):
        told = f'attachedToRef="{host}" cancelActivity="false"'
        yield made(f"attached to {host}", "E037", "batas", "bukan tugas orang", told=told)
    yield made("another lane", "E037", "batas", "lane lain", lane="Staf")
    yield made(
        "attached to nothing", "E017", "batas", "attachedToRef", told='cancelActivity="false"'
    )
    odd = 'attachedToRef="putuskan" cancelActivity="0"'
    yield made("a zero for false", "E037", "batas", "cancelActivity", told=odd)
    joined = 'attachedToRef="putuskan" cancelActivity="false" parallelMultiple="true"'
    yield made("waits for several", "E015", "batas", "parallelMultiple", told=joined)
    spoken = 'attachedToRef="putuskan" cancelActivity="false" default="b1"'
    yield made("a way by default", "E015", "batas", "default", told=spoken)


def _bombs() -> Iterator[Hostile]:
    plain = draw()
    header, body = plain.split("\n", 1)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    laughs = f'<!DOCTYPE definitions [<!ENTITY l0 "ha">{laughs}]>'
    outside = '<!DOCTYPE definitions [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield _made("billion laughs", f"{header}{laughs}{body}", "E011", "", "DOCTYPE")
    yield _made("external entity", f"{header}{outside}{body}", "E011", "", "DOCTYPE")
    yield _made("lower case doctype", f"{header}<!doctype x>{body}", "E011", "", "DOCTYPE")
    remote = '<!DOCTYPE definitions SYSTEM "http://192.0.2.1/x.dtd">'
    yield _made("external DTD", f"{header}{remote}{body}", "E011", "", "DOCTYPE")
    wide = f"{header.replace('UTF-8', 'UTF-16')}{outside}{body}"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7"):
        text = wide.replace("UTF-16", encoding.upper())
        yield _made(f"doctype in {encoding}", text.encode(encoding), "E010", "", "UTF-8")
    disguised = wide.replace("UTF-16", "IBM037").encode("cp037")
    yield _made("doctype in EBCDIC", disguised, "E010", "", "UTF-8")
    instruction = plain.replace("</process>", "<?php system('id') ?></process>")
    yield _made("processing instruction", instruction, "E011", "proses", "instruksi")
    heavy = plain.replace("</process>", f"<!--{'x' * 2**20}--></process>")
    yield _made("more than a mebibyte", heavy, "E003", "", "1 MiB")
    notes = "".join(f'<textAnnotation id="n{n}"/>' for n in range(5000))
    yield _made("more than 5000 elements", draw(extra=notes), "E013", "", "5000")
    deep = "<documentation>" * 300 + "</documentation>" * 300
    yield _made("nested without end", draw(extra=deep), "E012", "", "XML")
    yield _made("empty", b"", "E012", "", "XML")
    yield _made("cut off", plain[: len(plain) // 2], "E012", "", "XML")
    yield _made("no XML", b"PK\x03\x04", "E012", "", "XML")
    yield _made("bytes of a picture", b"\x89PNG\r\n\x1a\n\x00\xff", "E010", "", "UTF-8")
    yield _made("a page", "<html><body/></html>", "E014", "", "html")
    yield _made("BPMN of an older standard", plain.replace(MODEL, "urn:old"), "E014", "",
                "definitions")  # fmt: skip


def _flaws() -> Iterator[Hostile]:
    yield _made("no start", draw(NODES[1:], FLOWS[1:]), "E021", "", "awal")
    second = [*NODES, ("startEvent", "mulai2", "Staf")]
    yield _made("two starts", draw(second, [*FLOWS, ("b", "mulai2", "ajukan", "")]), "E021",
                "mulai, mulai2", "2 awal")  # fmt: skip
    yield _made("no end", draw(NODES[:-1], FLOWS[:-1]), "E022", "", "akhir")
    orphan = [*NODES, ("userTask", "yatim", "Staf")]
    yield _made("a task nobody reaches", draw(orphan), "E028", "yatim", "tidak pernah tercapai")
    yield _made(
        "a dead end", draw(orphan, [*FLOWS, ("b", "diterima", "yatim", "facts.lengkap")]),
        "E029", "yatim", "ke akhir",
    )  # fmt: skip
    yield _made("a flow to nowhere", draw(flows=[*FLOWS, ("b", "ajukan", "hilang", "")]), "E023",
                "b", "hilang")  # fmt: skip
    yield _made("a flow to a lane", draw(flows=[*FLOWS, ("b", "ajukan", "lane0", "")]), "E023",
                "b", "lane0")  # fmt: skip
    yield _made("a decision without default", draw(attributes={}), "E025", "tolak", "kondisi")
    elsewhere = draw(attributes={"diterima": 'default="a1"'})
    yield _made("a default of another gateway", elsewhere, "E025", "diterima", "a1")
    twice = [("tolak", "diterima", "ajukan", FLOWS[4][3]) if f[0] == "tolak" else f for f in FLOWS]
    yield _made("one condition twice", draw(flows=twice, attributes={}), "E025", "diterima",
                "2 alur")  # fmt: skip
    bound = [("a2", "ajukan", "cetak", "facts.lengkap") if f[0] == "a2" else f for f in FLOWS]
    yield _made("a condition behind a task", draw(flows=bound), "E026", "a2", "gerbang")
    split = [*FLOWS, ("b", "ajukan", "putuskan", "")]
    yield _made("two ways out of a task", draw(flows=split), "E032", "ajukan", "tanpa gerbang")
    homeless = [(e, i, "" if i == "cetak" else lane) for e, i, lane in NODES]
    yield _made("a task in no lane", draw(homeless), "E024", "cetak", "tidak berada di lane")
    both = draw().replace(
        "<flowNodeRef>putuskan<", "<flowNodeRef>cetak</flowNodeRef><flowNodeRef>putuskan<"
    )
    yield _made("a task in two lanes", both, "E024", "cetak", "lebih dari satu lane")
    nameless = draw().replace('name="Kepala"', 'name="  "')
    yield _made("a lane without a name", nameless, "E024", "lane1", "tidak bernama")
    yield _made("two processes", draw().replace("</process>", '</process><process id="p2"/>'),
                "E020", "", "2 proses")  # fmt: skip
    yield from _loops()
    yield from _parallel()


def _loops() -> Iterator[Hostile]:
    nodes = [*NODES, ("exclusiveGateway", "putar", "Kepala")]
    flows = [f for f in FLOWS if f[0] != "tolak"]
    flows += [("tolak", "diterima", "putar", ""), ("balik", "putar", "diterima", "facts.lengkap"),
              ("lepas", "putar", "ajukan", "")]  # fmt: skip
    marks = {"diterima": 'default="tolak"', "putar": 'default="lepas"'}
    yield _made("gateways in a circle", draw(nodes, flows, attributes=marks), "E030", "diterima",
                "berputar")  # fmt: skip
    back = [("tolak", "diterima", "cetak", "") if f[0] == "tolak" else f for f in FLOWS]
    direct = [f for f in back if f[0] not in ("a3", "a4")] + [("b", "cetak", "diterima", "")]
    direct += [("c", "diterima", "putuskan", "not facts.lengkap"), ("e", "putuskan", "selesai", "")]
    yield _made("machines in a circle", draw(flows=direct), "E030", "cetak", "otomatis berputar")


def _parallel() -> Iterator[Hostile]:
    nodes = [
        ("startEvent", "mulai", "Staf"), ("exclusiveGateway", "pilih", "Staf"),
        ("userTask", "kiri", "Staf"), ("userTask", "kanan", "Staf"),
        ("parallelGateway", "tunggu", "Staf"), ("endEvent", "selesai", "Staf"),
    ]  # fmt: skip
    flows = [
        ("a", "mulai", "pilih", ""), ("b", "pilih", "kiri", "facts.lengkap"),
        ("c", "pilih", "kanan", ""), ("d", "kiri", "tunggu", ""), ("e", "kanan", "tunggu", ""),
        ("f", "tunggu", "selesai", ""),
    ]  # fmt: skip
    yield _made(
        "a join that waits in vain", draw(nodes, flows, attributes={"pilih": 'default="c"'}),
        "E033", "tunggu", "tidak akan pernah tiba",
    )  # fmt: skip
    swapped = [("parallelGateway" if i == "pilih" else e, i, on) for e, i, on in nodes]
    swapped = [("userTask" if i == "tunggu" else e, i, on) for e, i, on in swapped]
    plain = [(*f[:3], "") for f in flows]
    yield _made("branches that overtake each other", draw(swapped, plain, attributes={}), "E033",
                "selesai", "dua kali")  # fmt: skip
