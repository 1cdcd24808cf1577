"""What each new element looks like, and what is said of it to who cannot see it."""

from lxml import etree

from tests.workflows.definitions import TIMER
from tests.workflows.elements.making import (
    FAILS,
    HEARS,
    MANY,
    WORK,
    drawing,
    field,
    files,
    on_edge,
    sop,
)
from workflows.drawing import diagram
from workflows.drawing.diagram_layout import ERROR, MESSAGE, SENT, Box, Shape
from workflows.drawing.diagram_shapes import event, gateway, task
from workflows.drawing.diagram_signs import bolt, envelope, event_sign, gateway_sign
from workflows.drawing.sop_flow import flow_of
from workflows.drawing.sop_sheet import sheet_on_paper, sheet_on_screen

ELEMENTS = {
    "nilai": "U",
    "pilah": "O",
    "panggil": "A",
    "rusak": "B",
    "minta": "T",
    "satu": "O",
    "mana": "R",
    "dijawab": "C",
    "sehari": "C",
    "kirim": "sendTask",
    "dengar": "receiveTask",
    "ditarik": "B",
    "batal": "E",
}
FLOWS = [
    "mulai>nilai",
    "nilai>pilah",
    "pilah>panggil if facts.perlu",
    "pilah>minta",
    "panggil>satu",
    "minta>satu",
    "rusak>satu",
    "satu>mana",
    "mana>dijawab",
    "mana>sehari",
    "dijawab>kirim",
    "kirim>dengar",
    "dengar>selesai",
    "sehari>batal",
    "ditarik>batal",
]
STEPS = {
    "nilai": 'number = 1\nrows = { use = "tests.rows" }',
    "panggil": 'serves = "nilai"',
    "minta": 'serves = "nilai"',
    "dijawab": 'serves = "nilai"',
    "sehari": 'serves = "nilai"',
    "kirim": WORK.replace("tests.print", "processes.send_message"),
    "dengar": "",
    "ditarik": "",
    "selesai": "",
}
EVERYTHING = sop(
    files(
        drawing(
            ELEMENTS,
            FLOWS,
            inside={
                "mulai": HEARS, "nilai": MANY, "rusak": FAILS, "minta": HEARS, "dijawab": HEARS,
                "sehari": TIMER, "selesai": HEARS, "ditarik": HEARS,
            },
            attributes={
                "panggil": 'calledElement="izin"', "pilah": 'default="pilah__minta"',
                "rusak": 'attachedToRef="panggil"', "kirim": 'messageRef="pesan"',
                "dengar": 'messageRef="pesan"', "ditarik": on_edge("nilai"),
            },
        ),
        STEPS,
        head='[facts.perlu]\nuse = "tests.fact"',
        forms={"nilai": field("catatan")},
    )
)  # fmt: skip
BOX = Box(0, 0, 36, 36)


def titles() -> dict[str, str]:
    root = etree.fromstring(diagram.draw(EVERYTHING))
    groups = (group for group in root.iter("{*}g") if group.get("data-step"))
    return {str(group.get("data-step")): group.findtext("{*}title") or "" for group in groups}


def test_the_picture_says_what_its_signs_show() -> None:
    said = titles()
    assert said["nilai"].endswith("sekali per baris")
    assert said["panggil"].endswith("menjalankan SOP izin")
    assert said["rusak"].endswith("bila gagal")
    for waits in ("dijawab", "dengar", "ditarik"):
        assert said[waits].endswith("menunggu pesan surat_masuk")
    for sends in ("minta", "kirim", "selesai"):
        assert said[sends].endswith("mengirim pesan surat_masuk")
    assert said["sehari"] == "Langkah sehari"


def test_a_message_is_a_letter_dark_where_it_is_sent() -> None:
    for element, sign in (("startEvent", MESSAGE), ("intermediateThrowEvent", SENT)):
        drawn = event(Shape("x", element, "", BOX, sign=sign), "")
        colour = "#15803d" if sign == MESSAGE else "#475569"
        assert envelope(18, 18, 11, colour, is_sent=sign == SENT) in drawn
    waited, sent = (envelope(0, 0, 9, "#000000", is_sent=sent) for sent in (False, True))
    assert waited != sent
    assert 'fill="#000000"' in sent
    assert 'fill="#000000"' not in waited


def test_events_between_have_two_lines_and_a_failure_a_bolt() -> None:
    drawn = event(Shape("x", "boundaryEvent", "", BOX, sign=ERROR), "")
    assert drawn.count("<circle") == 2
    assert bolt(18, 18, 11, "#475569") in drawn
    assert event_sign("", 18, 18, 11, "#475569") == ""
    assert event(Shape("x", "endEvent", "", BOX), "").count("<circle") == 1


def test_each_kind_of_gateway_has_its_own_sign() -> None:
    kinds = ["exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"]
    assert len({gateway_sign(kind, 20, 20, 8) for kind in kinds}) == len(kinds)
    for kind in kinds:
        drawn = gateway(Shape("x", kind, "Apa?", Box(0, 0, 50, 50)))
        assert gateway_sign(kind, 25, 25, 8.5) in drawn


def test_a_task_per_row_has_three_bars_and_a_call_a_thick_line() -> None:
    box = Box(0, 0, 110, 70)
    plain = task(Shape("x", "userTask", "Nilai", box), "", None)
    rows = task(Shape("x", "userTask", "Nilai", box, per_row=True), "", None)
    assert "v9" in rows
    assert "v9" not in plain
    called = task(Shape("x", "callActivity", "Izin", box), "", None)
    assert 'stroke-width="3.5"' in called
    assert 'stroke-width="3.5"' not in plain
    etree.fromstring(f"<svg>{rows}{called}</svg>")


def test_the_sheet_tells_messages_calls_and_lists_below_its_table() -> None:
    notes = flow_of(EVERYTHING).notes
    assert "Prosedur dimulai oleh pesan “surat masuk”." in notes
    for sentence in (
        "Pada tahap 1 dikerjakan untuk setiap baris daftarnya: Langkah nilai.",
        "Pada tahap 1 dijalankan SOP izin: Langkah panggil.",
        "Pada tahap 1 dikirim pesan “surat masuk”: Langkah minta.",
        "Pada tahap 1 ditunggu pesan “surat masuk”: Langkah dijawab.",
        "Di antara tahap ditunggu pesan “surat masuk”: Langkah dengar.",
    ):
        assert sentence in notes
    assert sheet_on_paper(EVERYTHING).notes == sheet_on_screen(EVERYTHING).notes == notes
