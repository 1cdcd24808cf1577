"""The heat map: five levels told by colour, texture, number and table alike."""

import re
from typing import Any

import pytest
from django.urls import reverse
from lxml import html as lxml_html

from processes.audit.questions.heat import Measure, heat_of, level_of
from tests.cast import Cast
from tests.processes.audit.measured import audited, scope_of, visited
from tests.processes.audit.pages import open_page, table, words

RETURN: dict[str, Any] = {"outcome_kind": "return", "returned_to": "input_ketidakhadiran"}


@pytest.fixture
def played(cast: Cast) -> Cast:
    """Step 5 quick but long waited for, step 6 at its standard, step 7 over it, and one return."""
    for number in range(5):
        instance = audited(cast)
        visited(
            instance, "input_ketidakhadiran", cast.operator, handling=2, waiting=200, standard=5
        )
        visited(instance, "cetak_resume", cast.operator, handling=10, waiting=10, standard=10)
        more = RETURN if number == 0 else {}
        visited(instance, "teliti_resume", cast.kadis, handling=50, waiting=30, standard=20, **more)
    visited(instance, "rekam_sidik_jari", cast.operator, handling=90, standard=60, count=12)
    return cast


def heat(cast: Cast, **parameters: str) -> lxml_html.HtmlElement:
    return open_page(cast.kadis, reverse("audit:heat"), **parameters)


def chosen(page: lxml_html.HtmlElement) -> str:
    (link,) = page.xpath("//nav[@aria-label='Ukuran']//a[@aria-current]")
    return words(link)


def told(cast: Cast, measure: Measure) -> dict[int | None, tuple[int, str]]:
    found = heat_of(scope_of(cast.kadis), measure)
    assert found is not None
    return {step.number: (step.level, step.plate) for step in found.steps if step.n}


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        # p90 / standard: 2/5, 10/10, 50/20, 90/60.
        (Measure.HANDLING, {3: (3, "1,5× baku"), 5: (1, "0,4× baku"),  # noqa: RUF001
                            6: (2, "1× baku"), 7: (5, "2,5× baku")}),  # noqa: RUF001
        # 0/60, 200/5, 10/10, 30/20.
        (Measure.WAITING, {3: (1, "0× baku"), 5: (4, "40× baku"),  # noqa: RUF001
                           6: (1, "1× baku"), 7: (2, "1,5× baku")}),  # noqa: RUF001
        # One of five, from 7 into 5.
        (Measure.RETURNS, {3: (1, "0 %"), 5: (3, "20 %"), 6: (1, "0 %"), 7: (3, "20 %")}),
        (Measure.COUNT, {3: (1, "1"), 5: (5, "5"), 6: (5, "5"), 7: (5, "5")}),
    ],
)  # fmt: skip
def test_each_measure_has_its_figure_and_its_level(
    played: Cast, measure: Measure, expected: dict[int, tuple[int, str]]
) -> None:
    assert told(played, measure) == expected


def test_a_limit_belongs_to_the_level_below_it() -> None:
    limits = Measure.HANDLING.limits
    assert [level_of(value, limits) for value in (None, 0, 0.5, 0.51, 1, 1.5, 2, 2.01)] == [
        0, 1, 1, 2, 2, 3, 4, 5,
    ]  # fmt: skip


def test_each_visit_is_measured_by_its_own_standard(played: Cast) -> None:
    # Ten more recordings for one person each, at their standard: 90/60 is one of eleven.
    for _ in range(10):
        visited(
            audited(played), "rekam_sidik_jari", played.operator, handling=5, standard=5, count=1
        )
    assert told(played, Measure.HANDLING)[3] == (2, "1× baku")  # noqa: RUF001


def test_the_diagram_tells_by_number_texture_and_words_and_leads_to_the_rows(played: Cast) -> None:
    page = heat(played)
    (group,) = page.xpath("//g[@data-step='teliti_resume']")
    assert "bpmn-node--heat-5" in group.get("class")
    assert "2,5× baku" in words(group)  # noqa: RUF001
    assert "sangat tinggi, 5 kunjungan" in group.findtext("title")
    assert group.xpath("./path[@class='bpmn-texture']")
    link = group.getparent()
    assert link.tag == "a"
    assert "langkah=teliti_resume&saring=people&urut=-kerja" in link.get("href")
    looks = {path.get("d") for path in page.xpath("//path[@class='bpmn-texture']")}
    assert len(looks) >= 4


def test_few_data_and_no_data_look_otherwise(played: Cast) -> None:
    page = heat(played)
    (few,) = page.xpath("//g[@data-step='rekam_sidik_jari']")
    assert "bpmn-node--heat-3-few" in few.get("class")
    assert "data sedikit" in few.findtext("title")
    (none,) = page.xpath("//g[@data-step='arsipkan_rekapan']")
    assert "tanpa data" in words(none)
    assert none.getparent().tag != "a"


@pytest.mark.parametrize("measure", list(Measure))
def test_the_table_says_what_the_picture_says(played: Cast, measure: Measure) -> None:
    page = heat(played, ukuran=str(measure))
    rows = {row["No."]: row for row in table(page, "tabel-peta")}
    assert len(rows) == 9
    for number, (level, plate) in told(played, measure).items():
        row = rows[str(number)]
        assert row[measure.label] == plate
        assert row["Tingkat"].startswith(f"{level} · ")
        (group,) = page.xpath(f"//g[@data-step][title[starts-with(., 'Tahap {number}:')]]")
        assert plate in words(group)
    assert chosen(page) == measure.label


def test_the_rows_behind_a_returning_step_are_those_from_and_into_it(played: Cast) -> None:
    for step in ("teliti_resume", "input_ketidakhadiran"):
        rows = open_page(played.kadis, reverse("audit:rows"), langkah=step, saring="turned")
        assert len(table(rows, "baris")) == 1


def test_the_measure_stays_in_the_address_and_an_unknown_one_is_handling(played: Cast) -> None:
    page = heat(played, ukuran="tunggu")
    assert page.xpath("//form//input[@name='ukuran']/@value") == ["tunggu"]
    links = page.xpath("//nav[@aria-label='Ukuran']//a/@href")
    assert len(links) == 4
    assert all("dari=2026-01" in link for link in links)
    wrong = heat(played, ukuran="x")
    assert chosen(wrong) == "Kerja"


def test_the_picture_carries_no_style_and_no_script(played: Cast) -> None:
    (svg,) = heat(played).xpath("//svg[contains(@class, 'bpmn-diagram')]")
    assert svg.get("role") == "group"  # it has links
    for element in svg.iter():
        assert element.tag in {
            "svg", "g", "a", "title", "desc", "rect", "circle", "path", "polygon", "text", "tspan",
        }  # fmt: skip
        assert not [name for name in element.attrib if re.match(r"style$|on|src", name)]


def test_a_scope_without_visits_says_so(cast: Cast) -> None:
    audited(cast)
    assert "Belum ada kunjungan yang selesai" in words(heat(cast))
