"""docs/sop-baru.md, followed to the letter: a clerk adds a SOP, restarts, and it is there whole.

The files are those that the guide shows and the commands those that it tells to type, in an
installation of its own. Then people do the SOP by HTTP, from the first appointment to the archive.
"""

import csv
import hashlib
import io
import os
import re
import subprocess
import time
import tomllib
from pathlib import Path

import pytest

from config.demo.people import invent_people
from tests.documents.words import text_of
from tests.e2e.installation import Installation, clean_copy, running
from tests.guide import ROOT, steps
from tests.visitor import PATIENCE, Visitor

pytestmark = [pytest.mark.xdist_group("guide"), pytest.mark.long, pytest.mark.timeout(1200)]

GUIDE = ROOT / "docs" / "sop-baru.md"
KEY, TITLE, SUBJECT = "surat_masuk", "Pengelolaan Surat Masuk", "Undangan rapat koordinasi"
FOLDER = f"var/sops/{KEY}"
CHOSEN = "sandi-pilihan-sendiri-7"
APPOINT = "/pegawai/petugas/tunjuk/"
AGENDA = {
    "nomor_agenda": "17/2026",
    "pengirim": "Badan Kepegawaian Daerah",
    "nomor_surat": "005/112/BKD/2026",
    "tanggal_surat": "2026-09-28",
    "perihal_surat": SUBJECT,
}
STANDARDS = {
    "agendakan_surat": 5 * 60,
    "disposisikan_surat": 30 * 60,
    "tindaklanjuti_surat": 2 * 3600,
    "arsipkan_surat": 10 * 60,
}


def test_a_clerk_adds_a_sop_by_the_guide_alone(tmp_path: Path) -> None:
    copy = clean_copy(tmp_path / "sopan")
    before = python_files(copy)
    data = copy / "var"
    with running(copy, data, demo="start", clock="2026-10-01T08:00"):
        follow(copy)
    assert python_files(copy) == before
    with running(copy, data, demo="start", clock="2026-10-01T09:00") as office:
        kadis = Visitor(office.url)
        kadis.sign_in("kadis", office.password)
        first, second = [p.name for p in invent_people()[11:] if p.status == "PNS"][:2]
        clerk = appointed(kadis, office, "Agendaris", first)
        worker = appointed(kadis, office, "Pelaksana", second)
        started(kadis)
        recorded(clerk)
        decided(kadis)
        followed_up(worker)
        filed(clerk)
        finished(kadis)
        audited(kadis)
        drawn_as_a_sheet(kadis)


def test_no_file_of_the_guide_is_python() -> None:
    files = [step.path for step in steps(GUIDE) if step.path]
    assert {Path(path).suffix for path in files} == {".bpmn", ".toml", ".docx"}
    assert all(path.startswith(f"{FOLDER}/") for path in files)


def test_every_code_that_the_guide_explains_is_one_that_the_check_may_say() -> None:
    told = set(re.findall(r"`((?:workflows|documents)\.E\d{3})`", GUIDE.read_text("utf-8")))
    assert len(told) > 15
    for code in told:
        room, number = code.split(".")
        sources = "".join(path.read_text() for path in (ROOT / room).rglob("*.py"))
        assert f'"{number}"' in sources, code


def test_every_line_of_the_sheet_that_the_guide_shows_is_explained_there() -> None:
    text = GUIDE.read_text("utf-8")
    (sop,) = [step.text for step in steps(GUIDE) if step.path.endswith("/sop.toml")]
    table = tomllib.loads(sop)
    keys = {key for key in table if key != "steps"}
    keys |= {key for step in table["steps"].values() for key in step}
    explained = {
        word
        for line in text.splitlines()
        if line.startswith("| `")
        for word in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    }
    assert keys <= explained


# Following ---------------------------------------------------------------------------------------


def follow(copy: Path) -> None:
    """Write and type what the guide says, in its order; the last command finds no mistake."""
    names = ("SOPAN_", "DJANGO_", "DATABASE_URL", "CELERY_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(names)}
    said = ""
    for step in steps(GUIDE):
        if step.path:
            (copy / step.path).parent.mkdir(parents=True, exist_ok=True)
            (copy / step.path).write_bytes(step.content)
            continue
        typed = subprocess.run(
            ["bash", "-ec", step.text], cwd=copy, env=environment, capture_output=True, text=True,
            timeout=300,
        )  # fmt: skip
        assert typed.returncode == 0, f"{step.text}{typed.stdout}{typed.stderr}"
        said = typed.stdout + typed.stderr
    assert "System check identified no issues" in said


def python_files(copy: Path) -> dict[str, str]:
    """Return the hash of every Python file of an installation."""
    found = (path for path in copy.rglob("*.py") if ".venv" not in path.parts)
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


# The people --------------------------------------------------------------------------------------


def appointed(kadis: Visitor, office: Installation, role: str, name: str) -> Visitor:
    """The head gives somebody a role of the SOP and a first password; he chooses his own."""
    kadis.get("/pegawai/")
    kadis.get(kadis.link("/petugas/", "Petugas"))
    kadis.get(kadis.link(APPOINT, "Tunjuk untuk SOP"))
    assert f"{role} ({TITLE})" in kadis.words
    said = kadis.submit(
        APPOINT, role=role, employee=kadis.choice("employee", name), letter_number="800/9/2026"
    )
    assert f"{name} bertugas sebagai {role}" in said
    (row,) = [row for row in kadis.tree.iter("tr") if name in row.text_content()]
    (form,) = [form for form in row.iter("form") if form.get("action").endswith("/sandi/")]
    kadis.submit(str(form.get("action")))
    (username,), (given,) = kadis.tree.xpath("//dd/strong/text()"), kadis.tree.xpath("//dd/code")
    person, password = Visitor(office.url), given.text_content()
    person.sign_in(str(username), password)
    assert person.address.endswith("/accounts/password/")
    person.submit(
        "/accounts/password/", old_password=password, new_password1=CHOSEN, new_password2=CHOSEN
    )
    assert "sudah diganti" in person.words
    return person


def started(kadis: Visitor) -> None:
    kadis.get("/proses/")
    kadis.get(kadis.link("/proses/mulai/", "Mulai berkas baru"))
    kadis.get(kadis.link(f"/proses/mulai/{KEY}/", TITLE))
    said = kadis.submit(f"/proses/mulai/{KEY}/", subject=SUBJECT)
    assert f"{TITLE} - {SUBJECT} dimulai." in said


def taken(person: Visitor, task: str) -> str:
    """Take a task out of the queue; return the address of its form."""
    person.wait_for("/tugas/antrean/", task)
    path = person.link("/tugas/", task)
    person.get(path)
    person.submit(f"{path}ambil/")
    assert task in person.get("/tugas/")  # now it lies in his inbox
    person.get(path)
    return f"{path}selesai/"


def recorded(clerk: Visitor) -> None:
    form = taken(clerk, "Menerima dan mengagendakan surat")
    assert {*AGENDA, "pindaian_surat"} <= clerk.names_in(form)
    for label in ("Nomor agenda", "Surat dari", "Tanggal surat", "Perihal surat"):
        assert label in clerk.words
    clerk.submit(form, **AGENDA)


def decided(kadis: Visitor) -> None:
    form = taken(kadis, "Memberi disposisi")
    buttons = [" ".join(b.text_content().split()) for b in kadis.tree.iter("button")]
    for label in ("Teruskan", "Simpan saja", "Kembalikan"):
        assert label in buttons
    kadis.submit(form, disposisi="teruskan", isi_disposisi="Hadiri dan laporkan.")


def followed_up(worker: Visitor) -> None:
    form = taken(worker, "Menindaklanjuti surat")
    assert "Lembar Disposisi" in worker.words  # the panel of the letters
    worker.submit(form, hasil_tindak_lanjut="Rapat dihadiri pada 1 Oktober 2026.")


def filed(clerk: Visitor) -> None:
    form = taken(clerk, "Mengarsipkan surat")
    clerk.submit(form, tempat_arsip="Lemari 3, map biru")


# What is there afterwards ------------------------------------------------------------------------


def finished(kadis: Visitor) -> None:
    """The instance has ended; its Word file says what the people answered."""
    assert SUBJECT in kadis.wait_for(f"/proses/?sop={KEY}&status=finished", SUBJECT)
    kadis.get(kadis.link("/proses/", SUBJECT))
    page = kadis.link("/dokumen/", "Lembar Disposisi")
    kadis.get(page)
    written = "\n".join(text_of(kadis.download(kadis.link("/unduh/"))))
    assert "LEMBAR DISPOSISI" in written
    assert "Nomor surat: 005/112/BKD/2026, tanggal 28 September 2026" in written
    assert "Nomor agenda: 17/2026" in written
    assert "Disposisi: Teruskan" in written
    assert "Isi: Hadiri dan laporkan." in written
    assert "{" not in written


def audited(kadis: Visitor) -> None:
    """Every step stands in the audit beside the standard of the sheet."""
    end = time.monotonic() + PATIENCE
    while len(told := standards(kadis)) < len(STANDARDS) and time.monotonic() < end:
        time.sleep(2)  # the clock has the timings measured
    assert told == STANDARDS
    kadis.get(f"/audit/?sop={KEY}")
    page = kadis.get(kadis.link("/audit/baris/", "Kunjungan"))
    for task in ("Menerima dan mengagendakan surat", "Memberi disposisi", "Menindaklanjuti surat"):
        assert task in page


def standards(kadis: Visitor) -> dict[str, int]:
    """Return the standard in seconds of each task that the audit lists, where it has one."""
    content = kadis.download(f"/audit/baris.csv?sop={KEY}").decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(content), delimiter=";" if ";" in content else ",")
    return {r["kode_kegiatan"]: int(r["baku_detik"]) for r in rows if r["baku_detik"]}


def drawn_as_a_sheet(kadis: Visitor) -> None:
    kadis.get("/audit/")
    assert TITLE in kadis.get(kadis.link("/audit/sop/", "Lembar SOP"))
    told = kadis.get(f"/audit/sop/{KEY}/")
    for words in ("Agendaris", "Pelaksana", "Memberi disposisi", "Surat tercatat di agenda"):
        assert words in told
    assert kadis.tree.xpath("//*[local-name()='svg']")
