"""What is known only at issue takes the place of its mark, everywhere, and nothing else changes."""

import io
import zipfile

import pytest
from docx import Document as WordFile

from documents.filling import fill_template
from documents.issue.stamping import CODE_MARK, DATA_MARK, MARKS, NUMBER_MARK, stamp
from tests.documents.renderer_words import HOSTILE, part, saved
from tests.documents.words import text_of

TEXTS = {NUMBER_MARK: "800/012/KOMINFO/IV/2026", CODE_MARK: "AB12-CD34", DATA_MARK: "5f5f5f5f"}


def issued_template() -> bytes:
    word = WordFile()
    word.add_paragraph("Nomor: {{ nomor|upper }}")
    word.add_paragraph("{{ alasan }}")
    word.sections[0].header.paragraphs[0].text = "Surat {{ nomor }}"
    word.sections[0].footer.paragraphs[0].text = "Kode {{ kode }}, data {{ sidik }}"
    return saved(word)


def rendered(reason: str = "sakit") -> bytes:
    context = {"nomor": NUMBER_MARK, "kode": CODE_MARK, "sidik": DATA_MARK, "alasan": reason}
    return fill_template(issued_template(), context, name="uji.docx")


def test_marks_are_replaced_in_body_header_and_footer() -> None:
    word = WordFile(io.BytesIO(stamp(rendered(), TEXTS)))
    assert word.paragraphs[0].text == "Nomor: 800/012/KOMINFO/IV/2026"
    assert word.sections[0].header.paragraphs[0].text == "Surat 800/012/KOMINFO/IV/2026"
    assert word.sections[0].footer.paragraphs[0].text == "Kode AB12-CD34, data 5f5f5f5f"


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_number_is_text(hostile: str) -> None:
    content = stamp(rendered(), TEXTS | {NUMBER_MARK: hostile})
    assert text_of(content)[0] == f"Nomor: {hostile}"
    assert len(text_of(content)) == 2


@pytest.mark.parametrize(
    "typed",
    ["\ue000nomor\ue001", "\ue0001\ue001", NUMBER_MARK[:-1]],
    ids=["a word", "a digit", "a mark but for its end"],
)
def test_signs_of_a_mark_that_somebody_typed_stay(typed: str) -> None:
    assert text_of(stamp(rendered(typed), TEXTS))[1] == typed


def test_the_same_letter_and_marks_give_the_same_bytes() -> None:
    assert stamp(rendered(), TEXTS) == stamp(rendered(), TEXTS)


def test_parts_without_a_mark_are_copied_as_they_lie() -> None:
    before, after = rendered(), stamp(rendered(), TEXTS)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert new.testzip() is None
        assert new.namelist() == old.namelist()
        same = [name for name in old.namelist() if old.read(name) == new.read(name)]
    changed = set(old.namelist()) - set(same)
    assert changed == {"word/document.xml", "word/header1.xml", "word/footer1.xml"}


def test_marks_cannot_be_guessed_and_no_filter_for_letters_changes_them() -> None:
    assert len(set(MARKS)) == 3
    for mark in MARKS:
        assert mark.upper() == mark.lower() == mark.title() == mark
        assert sum(sign.isdigit() for sign in mark) > 30


def test_nothing_to_stamp_leaves_every_part() -> None:
    content = rendered()
    assert part(stamp(content, {})) == part(content)
