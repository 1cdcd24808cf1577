"""Every template and every filled file keeps to the schema of WordprocessingML.

Checked by openxml-audit, which carries the schema of Microsoft's Open XML SDK: what Word itself
asks of a file, element by element and in order (ECMA-376, transitional).
"""

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from tests.documents.samples import NAMES, context_for, emptied, mapped, recap, template_path
from tests.documents.test_templates import fill

LONG = "Maria Yohana Theresia Adelheid Umbu Rambu Nahak Fernandez Jehadut, S.Kom., M.Si., M.H. "


@cache
def validator() -> OpenXmlValidator:
    """Return what checks a file. Parts that are alike in many, as the styles, are read once."""
    made = OpenXmlValidator(max_errors=20)
    schema = made._schema_validator
    check, sound = schema.validate_part, set()

    def check_once(part: Any, context: Any) -> Any:
        xml = part.xml
        content = b"" if xml is None else etree.tostring(xml)
        known, before = (part.uri, content), len(context.errors)
        if known not in sound:
            check(part, context)
            if len(context.errors) == before:
                sound.add(known)
        return context.errors

    schema.validate_part = check_once
    return made


def faults(content: bytes, tmp_path: Path) -> list[str]:
    file = tmp_path / "berkas.docx"
    file.write_bytes(content)
    return [str(error) for error in validator().validate(file).errors]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_keeps_to_the_schema(name: str, tmp_path: Path) -> None:
    assert faults(template_path(name).read_bytes(), tmp_path) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_filled_file_keeps_to_the_schema(name: str, tmp_path: Path) -> None:
    assert faults(fill(name, context_for(name)), tmp_path) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_file_filled_with_empty_lists_keeps_to_the_schema(name: str, tmp_path: Path) -> None:
    context = emptied(context_for(name)) | {"nomor": "", "mengetahui": {}, "pendamping": {}}
    assert faults(fill(name, context), tmp_path) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_file_filled_with_very_long_texts_keeps_to_the_schema(name: str, tmp_path: Path) -> None:
    context = mapped(context_for(name), lambda text: LONG * 3)
    assert faults(fill(name, context), tmp_path) == []


def test_a_month_of_many_people_keeps_to_the_schema(tmp_path: Path) -> None:
    content = fill("laporan_rekapitulasi.docx", recap(employees=85, days=31))
    assert faults(content, tmp_path) == []


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("order", lambda xml: re.sub(r"(<w:tcW [^>]*/>)(<w:shd [^>]*/>)", r"\2\1", xml, count=1)),
        ("element", lambda xml: xml.replace("<w:b/>", "<w:tebal/>", 1)),
        ("value", lambda xml: xml.replace('w:jc w:val="center"', 'w:jc w:val="tengah"', 1)),
    ],
)
def test_the_check_sees_a_fault(what: str, spoil: Callable[[str], str], tmp_path: Path) -> None:
    source, target = io.BytesIO(template_path("resume.docx").read_bytes()), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "word/document.xml":
                spoiled = spoil(content.decode()).encode()
                assert spoiled != content
                content = spoiled
            new.writestr(part, content)
    assert faults(target.getvalue(), tmp_path)
