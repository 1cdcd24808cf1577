"""The flow of a SOP's sheet: a row per numbered step, arrows between rows, signs that join."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest

from workflows import repository
from workflows.definitions import ProcessDefinition
from workflows.drawing.sop_flow import END_ROW, Arrow, SopFlow, flow_of
from workflows.drawing.sop_flow_drawing import in_words, line_art_of, svg_of
from workflows.drawing.sop_flow_layout import TEXT, WIDTH, RowDrawing, Words, drawings, height_of
from workflows.drawing.sop_sheet import sheet_on_paper
from workflows.drawing.text_fitting import width_of

AULA = Path(__file__).resolve().parents[2] / "sops" / "peminjaman_aula"
LETTER = "persetujuan_ketidakhadiran"
ABSENSI = "pengelolaan_e_absensi"


def definition(name: str) -> ProcessDefinition:
    if name == "aula":
        return repository.load(repository.read_folder(AULA), AULA.name)
    return repository.get(name)


def drawn(flow: SopFlow, *breaks: int) -> tuple[RowDrawing, ...]:
    pages = frozenset(breaks)
    heights = [height_of(flow, row, breaks=pages) for row in range(len(flow.rows))]
    return drawings(flow, heights, breaks=pages)


def test_steps_follow_each_other_and_the_decision_leads_back() -> None:
    flow = flow_of(definition(ABSENSI))

    forward = [Arrow(row, row + 1) for row in (0, 1, 2, 3, 4, 5, 7)]
    decided = [Arrow(6, 7, "Ya"), Arrow(6, 4, "Tidak")]
    assert sorted(flow.arrows, key=str) == sorted([*forward, *decided, Arrow(8, END_ROW)], key=str)
    assert [row.step.number for row in flow.rows if row.decides] == [7]
    assert [row.step.number for row in flow.rows if row.begins] == [1]
    assert flow.lanes == ("Kadis", "Admin", "Operator")


def test_branches_at_once_part_and_join() -> None:
    flow = flow_of(definition("aula"))

    assert [(a.source, a.target) for a in flow.arrows if a.source < 3] == [
        (0, 1), (0, 2), (1, 3), (2, 3),
    ]  # fmt: skip
    assert flow.leaving(3) == (Arrow(3, 4, "Ya"), Arrow(3, END_ROW, "Tidak"))


def test_timers_beside_a_step_are_no_way_of_the_sheet_and_facts_are_told_below() -> None:
    flow = flow_of(definition(LETTER))

    assert flow.leaving(2) == (Arrow(2, 0, "Ya"), Arrow(2, END_ROW, "Tidak"))
    assert "Dari tahap 2 ke tahap 4: Diputuskan di luar perangkat daerah? Ya." in flow.notes
    assert "Yang diputuskan pada tahap 3: Dikembalikan?" in flow.notes


def _open_ends(row: RowDrawing) -> tuple[set[float], set[float]]:
    """Return where lines touch the upper and the lower edge of a row."""
    upper = {ax for (ax, ay), (bx, _) in row.lines if ax == bx and ay == 0}
    lower = {ax for (ax, _), (bx, by) in row.lines if ax == bx and by == row.height}
    return upper, lower


@pytest.mark.parametrize("name", [ABSENSI, LETTER, "aula"])
def test_lines_meet_at_the_edges_of_rows(name: str) -> None:
    rows = drawn(flow_of(definition(name)))

    assert _open_ends(rows[0])[0] == set()
    assert _open_ends(rows[-1])[1] == set()
    for above, below in pairwise(rows):
        assert _open_ends(above)[1] == _open_ends(below)[0] != set()


@pytest.mark.parametrize("name", [ABSENSI, LETTER, "aula"])
def test_what_is_drawn_stays_in_its_row(name: str) -> None:
    for row in drawn(flow_of(definition(name))):
        points = [point for line in row.lines for point in line] + [tip for tip, _ in row.heads]
        assert all(0 <= x <= WIDTH and 0 <= y <= row.height for x, y in points)
        for sign in row.signs:
            assert sign.width / 2 <= sign.x <= WIDTH - sign.width / 2
            assert sign.height / 2 <= sign.y <= row.height - sign.height / 2


def _box(words: Words) -> tuple[float, float, float, float]:
    """Return what a text covers: left, upper, right and lower edge."""
    width = width_of(words.text, TEXT)
    left = words.x - width if words.anchor == "end" else words.x
    return left, words.y - TEXT * 0.75, left + width, words.y + TEXT * 0.2


@pytest.mark.parametrize("name", [*sorted(one.key for one in repository.all()), "aula"])
def test_answers_stay_in_the_drawing_and_cover_no_other(name: str) -> None:
    for row in drawn(flow_of(definition(name))):
        boxes = [_box(words) for words in row.words]
        assert all(left >= 0 and right <= WIDTH for left, _, right, _ in boxes)
        for one, other in combinations(boxes, 2):
            is_apart = one[2] <= other[0] or other[2] <= one[0]
            assert is_apart or one[3] <= other[1] or other[3] <= one[1], row.words


def test_a_line_over_the_page_has_the_same_letter_at_both_ends() -> None:
    rows = drawn(flow_of(definition(ABSENSI)), 6)

    letters = [
        sorted((s.x, s.text) for s in row.signs if s.kind == "page") for row in (rows[5], rows[6])
    ]
    assert letters[0] == letters[1]
    assert sorted(text for _, text in letters[0]) == ["A", "B"]
    assert _open_ends(rows[5])[1] == set()


def test_every_arrow_has_a_head_where_it_arrives() -> None:
    rows = drawn(flow_of(definition(ABSENSI)))

    assert [len(row.heads) for row in rows] == [0, 1, 1, 1, 2, 1, 1, 1, 1]


def test_a_row_is_told_in_words_and_drawn_as_svg() -> None:
    flow = flow_of(definition(ABSENSI))
    row = drawn(flow)[6]

    words = in_words(flow, 6)
    assert words == "Kadis, keputusan, Ya: ke tahap 8 (Admin), Tidak: kembali ke tahap 5 (Operator)"
    picture = svg_of(row, words)
    assert 'role="img"' in picture
    assert "style=" not in picture
    assert ">Tidak</text>" in picture
    assert line_art_of(row).startswith("720 ")


def test_a_long_sop_breaks_over_pages_and_loses_no_row() -> None:
    short = sheet_on_paper(definition(ABSENSI))
    assert len(short.pages) == 1

    sop = definition(ABSENSI)
    longer = b"Sesuai dengan ketentuan yang berlaku dan petunjuk pimpinan perangkat daerah. " * 8
    bpmn = sop.bpmn.replace(b"</bpmn:documentation>", longer + b"</bpmn:documentation>")
    long = sheet_on_paper(repository.load({**sop.files, "process.bpmn": bpmn}, sop.key))

    assert len(long.pages) > 1
    assert [row.number for row in long.rows] == list(range(1, 10))
    assert all(page for page in long.pages)
