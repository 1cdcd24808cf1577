"""Browsers keep styles and scripts for a year, since their address names their content."""

import gzip
import os
from pathlib import Path

import pytest
from django.templatetags.static import static
from django.test import Client

from config import static_files
from config.static_files import KEPT, version_of
from tests.cast import Cast
from tests.pages import browser

NAME = "sopan/base.css"


def test_an_address_carries_the_version_of_the_file() -> None:
    assert static(NAME) == f"/static/{NAME}?v={version_of(NAME)}"
    assert len(version_of(NAME)) == static_files.LENGTH
    assert static("sopan/tidak-ada.css") == "/static/sopan/tidak-ada.css"


def test_another_content_has_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "lain.css"
    file.write_text("a {}")
    monkeypatch.setattr(static_files, "_path", lambda name: file)
    before = version_of("lain.css")
    file.write_text("b {}")
    os.utime(file, (1, 1))
    assert version_of("lain.css") != before


@pytest.mark.parametrize(
    ("query", "is_kept"), [(f"?v={version_of(NAME)}", True), ("?v=lama", False), ("", False)]
)
def test_only_what_is_asked_for_by_its_own_version_is_kept(query: str, is_kept: bool) -> None:
    response = Client().get(f"/static/{NAME}{query}")
    assert response.status_code == 200
    assert (response["Cache-Control"] == KEPT) is is_kept


def test_pages_and_styles_go_out_packed_to_who_can_unpack(cast: Cast) -> None:
    client = browser(cast.kadis)
    plain = client.get("/tugas/")
    packed = client.get("/tugas/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content).startswith(b"<!DOCTYPE html>")
    assert len(packed.content) < len(plain.content) / 3
    style = client.get(static(NAME), headers={"Accept-Encoding": "gzip"})
    assert style["Content-Encoding"] == "gzip"


def test_files_that_are_packed_already_go_out_as_they_are(cast: Cast) -> None:
    answer = browser(cast.kadis).get("/tugas/daftar/saya.xlsx", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer
