"""LibreOffice itself: it converts many at once, is refused nonsense, killed, and works again."""

import io
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from documents.filling import fill_template
from documents.renditions import office
from tests.documents.renditions.conftest import StandIn
from tests.documents.samples import recap, template_path
from tests.documents.words import make_template

WORDS = {str(n): make_template(f"Surat {n} untuk Ratna Seran") for n in range(3)}


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def office_processes(folder: Path) -> Iterator[int]:
    """Yield the processes of the LibreOffice whose profile lies in this folder."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in command:
                yield int(entry.name)


@pytest.mark.soffice
def test_one_start_makes_all_but_the_broken(data_folder: Path) -> None:
    with office.slot() as slot:
        batch = slot.convert(WORDS | {"rusak": b"PK bukan Word"})
    assert batch.is_whole
    assert sorted(batch.made) == sorted(WORDS)
    assert "Surat 1 untuk Ratna Seran" in text_of(batch.made["1"])


@pytest.mark.soffice
def test_in_the_matrix_everybody_stands_once_and_the_pages_run_through(data_folder: Path) -> None:
    context = recap(employees=90)
    for part in context["matriks"]:
        part["pegawai"] = [one | {"nama": f"Pegawai-{one['no']:03}."} for one in part["pegawai"]]
    template = template_path("laporan_rekapitulasi.docx").read_bytes()
    with office.slot() as slot:
        words = {"1": fill_template(template, context, name="matriks.docx")}
        pages = pypdf.PdfReader(io.BytesIO(slot.convert(words).made["1"])).pages

    texts = [page.extract_text() for page in pages]
    found = re.findall(r"Pegawai-(\d{3})\.", " ".join(texts))
    assert [int(number) for number in found] == list(range(1, 91))
    for number, text in enumerate(texts, start=1):
        assert f"Halaman {number} dari {len(texts)}" in text


@pytest.mark.soffice
def test_killed_in_the_middle_it_is_said_and_the_next_start_works(data_folder: Path) -> None:
    big = {"0": make_template(*[f"Baris {n}" for n in range(20_000)])}
    with office.slot() as slot:
        done: list[office.Batch] = []
        thread = threading.Thread(target=lambda: done.append(slot.convert(big)))
        thread.start()
        deadline = time.monotonic() + 30
        while not (found := _worker(data_folder)) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(found, signal.SIGKILL)
        thread.join()
        assert not done[0].is_whole
        assert not done[0].made
        assert slot.convert(WORDS).made.keys() == WORDS.keys()
    assert not list(office_processes(data_folder))


def _worker(folder: Path) -> int:
    """Return the process that does the work, 0 while there is none."""
    for process in office_processes(folder):
        try:
            if Path(f"/proc/{process}/comm").read_text().startswith("soffice.bin"):
                return process
        except OSError:
            continue
    return 0


def test_past_its_time_the_whole_group_is_gone(stand_in: StandIn, data_folder: Path) -> None:
    stand_in("os.fork()\nos.fork()\ntime.sleep(60)\n")
    with office.slot() as slot:
        batch = slot.convert({"1": b"x"}, seconds=1)
    assert batch.timed_out
    assert not list(office_processes(data_folder))
    with office.slot() as slot:  # nobody is left who holds it
        assert slot.folder.name == "slot-0"


def test_it_hears_of_no_secret_and_little_memory(
    stand_in: StandIn, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOPAN_SECRET_KEY", "rahasia")
    monkeypatch.setenv("DATABASE_URL", "postgres://rahasia")
    stand_in(
        "import resource\n"
        "text = f'{resource.getrlimit(resource.RLIMIT_AS)[0]} {sorted(os.environ)}'\n"
        "(target / '1.pdf').write_bytes(b'%PDF-' + text.encode() + b'%%EOF')\n"
    )
    with office.slot() as slot:
        told = slot.convert({"1": b"x"}).made["1"].decode()
    assert str(office.MEMORY_BYTES) in told
    assert "SECRET" not in told
    assert "DATABASE_URL" not in told


def test_its_profile_lets_no_macro_run_and_follows_no_link(
    stand_in: StandIn, data_folder: Path
) -> None:
    stand_in("make(files[0])\n")
    with office.slot() as slot:
        slot.convert({"1": b"x"})
        choices = (slot.folder / "profile/user/registrymodifications.xcu").read_text()
    assert 'oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value>' in choices
    assert 'oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value>' in choices
    assert 'oor:name="Link" oor:op="fuse"><value>2</value>' in choices


@pytest.mark.soffice
def test_it_spends_no_start_on_testing_how_it_draws(data_folder: Path) -> None:
    with office.slot() as slot:
        assert slot.convert({"1": WORDS["1"]}).made
        assert not list(slot.folder.rglob("GraphicsRenderTests.log"))


def test_after_a_fall_the_profile_is_made_anew(stand_in: StandIn, data_folder: Path) -> None:
    stand_in("os.abort()\n")
    with office.slot() as slot:
        assert not slot.convert({"1": b"x"}).is_whole
        assert not (slot.folder / "profile").exists()
        assert not list(slot.folder.glob("work-*"))
