"""`manage.py check` names what is wrong with the Word templates of a SOP."""

import shutil
from pathlib import Path

import pytest
from django.conf import LazySettings

from documents.checks import check_tags, check_templates
from tests.documents.conftest import SOPS
from tests.documents.words import make_template


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    """A copy of the short SOP that a test may spoil."""
    shutil.copytree(SOPS, tmp_path / "sops")
    settings.SOP_ROOTS = [tmp_path / "sops"]
    return tmp_path / "sops" / "surat_singkat"


def ids() -> list[str]:
    return [str(message.id) for message in check_templates()]


def test_a_sound_sop_has_nothing_to_tell(folder: Path) -> None:
    assert check_templates() == check_tags() == []


def test_parameters_that_lack_are_named(folder: Path) -> None:
    sop = folder / "sop.toml"
    sop.write_text(sop.read_text().replace('kind = "surat", ', ""))
    (message,) = check_templates()
    assert message.id == "documents.E001"
    assert message.obj == "surat_singkat/sop.toml [tulis_surat]"
    assert "kind" in message.msg


def test_a_file_that_is_no_word_file_is_named(folder: Path) -> None:
    (folder / "docx" / "surat.docx").write_bytes(b"bukan Word")
    assert ids() == ["documents.E002"]


def test_a_slip_in_a_tag_is_found_before_anybody_needs_the_letter(folder: Path) -> None:
    (folder / "docx" / "surat.docx").write_bytes(make_template("{% if x %}tanpa akhir"))
    assert ids() == []
    (message,) = check_tags()
    assert message.id == "documents.E003"
    assert "surat.docx" in message.msg
