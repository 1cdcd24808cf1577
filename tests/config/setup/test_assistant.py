"""The assistant of an empty installation: who may open it, step by step, closed for good."""

from collections.abc import Iterator
from io import StringIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from foundation import ledger
from foundation.models import Event
from organization.models import Agency, Appointment, Employee, PublicHoliday, User
from organization.permissions import may
from organization.services import issue_setup_code
from tests.cast import NOW, Cast, make_nip

pytestmark = pytest.mark.django_db

STAFF = (
    "nama;nip;jabatan\n"
    f"Kornelis Ndun;{make_nip(1)};Kepala Dinas\nMagdalena Rihi;{make_nip(2)};Sekretaris\n"
)
OFFICE = {
    "name": "Dinas Pariwisata", "code": "dispar", "government": "Pemerintah Provinsi",
    "city": "Kupang", "time_zone": "Asia/Makassar",
}  # fmt: skip
LETTER = {"capacity": "definitive", "letter_number": "821.2/1/2026", "valid_from": "2026-04-20"}


@pytest.fixture(autouse=True)
def today(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner() -> Client:
    """A browser in which the code of the terminal was typed."""
    client = Client()
    client.post("/mulai/", {"code": issue_setup_code(now=NOW)})
    return client


def staff_file(text: str = STAFF) -> SimpleUploadedFile:
    return SimpleUploadedFile("pegawai.csv", text.encode())


def prepared(owner: Client) -> str:
    """Take every step that cannot wait; return the head's first password."""
    owner.post("/mulai/perangkat-daerah/", OFFICE)
    owner.post("/mulai/pegawai/", {"file": staff_file()})
    head = Employee.objects.get(name="Kornelis Ndun")
    told = owner.post("/mulai/pimpinan/", {**LETTER, "role": "Kadis", "employee": head.pk})
    owner.post("/mulai/kalender/")
    return told.content.decode().partition('<code class="figure">')[2].partition("<")[0]


def test_from_nothing_to_a_head_who_signs_in_and_chooses_his_password(owner: Client) -> None:
    password = prepared(owner)
    account = User.objects.get()
    assert may(account, "processes.start", Agency.objects.get(), NOW)
    assert PublicHoliday.objects.filter(on__year=2026).exists()
    assert list(ledger.verify()) == []
    assert owner.post("/mulai/selesai/").headers["Location"] == "/accounts/login/"
    window, fields = Client(), {"username": account.username, "password": password}
    signed_in = window.post("/accounts/login/", fields)
    assert signed_in.status_code == 302
    assert window.get("/").headers["Location"] == "/accounts/password/"


def test_each_write_of_it_names_who_did_it(owner: Client) -> None:
    prepared(owner)
    assert set(Event.objects.values_list("actor_name", flat=True)) == {"Penyiapan pertama"}


def test_without_the_code_every_page_leads_to_where_it_is_asked_for() -> None:
    issue_setup_code(now=NOW)
    stranger = Client()
    pages = ("perangkat-daerah", "pegawai", "pimpinan", "pejabat", "kalender", "mesin")
    for page in pages:
        assert stranger.get(f"/mulai/{page}/").headers["Location"] == "/mulai/"
        answer = stranger.post(f"/mulai/{page}/", OFFICE)
        assert answer.status_code == 405 or answer.headers["Location"] == "/mulai/"
    stranger.post("/mulai/selesai/")
    assert stranger.post("/mulai/", {"code": "aaaa-bbbb-cccc"}).status_code == 422
    assert not Agency.objects.exists()


def test_it_goes_on_where_it_was_left_in_the_same_browser(owner: Client) -> None:
    owner.post("/mulai/perangkat-daerah/", OFFICE)
    page = owner.get("/mulai/").content.decode()
    assert "Dinas Pariwisata" in page
    assert 'button--large" href="/mulai/pegawai/"' in page


def test_it_is_not_closed_before_what_cannot_wait_is_there(owner: Client) -> None:
    owner.post("/mulai/perangkat-daerah/", OFFICE)
    assert owner.post("/mulai/selesai/").headers["Location"] == "/mulai/pegawai/"
    assert owner.get("/mulai/mesin/").status_code == 200


def test_a_wrong_file_names_its_lines_and_writes_nothing(owner: Client) -> None:
    owner.post("/mulai/perangkat-daerah/", OFFICE)
    answer = owner.post("/mulai/pegawai/", {"file": staff_file("nama;nip\nKornelis;123\n")})
    assert answer.status_code == 422
    assert "Tidak ada yang disimpan" in answer.content.decode()
    assert not Employee.objects.exists()


def test_a_wrong_agency_keeps_what_was_typed(owner: Client) -> None:
    answer = owner.post("/mulai/perangkat-daerah/", {**OFFICE, "code": "Dinas Pariwisata!"})
    assert answer.status_code == 422
    assert "Kode terdiri atas huruf" in answer.content.decode()
    assert 'value="Dinas Pariwisata"' in answer.content.decode()


def test_others_are_appointed_one_after_the_other_and_the_head_only_there(owner: Client) -> None:
    prepared(owner)
    person = Employee.objects.get(name="Magdalena Rihi").pk
    head = owner.post("/mulai/pejabat/", {**LETTER, "role": "Kadis", "employee": person})
    assert head.status_code == 422
    for role in ("Pengelola", "Auditor"):
        answer = owner.post("/mulai/pejabat/", {**LETTER, "role": role, "employee": person})
        assert answer.status_code == 200
    assert Appointment.objects.filter(user__employee=person).count() == 2


def test_once_an_account_is_its_owners_the_assistant_is_closed(owner: Client, cast: Cast) -> None:
    assert owner.get("/mulai/").headers["Location"] == "/accounts/login/"
    assert owner.get("/mulai/pegawai/").headers["Location"] == "/mulai/"
    assert "masih kosong" not in Client().get("/accounts/login/").content.decode()


def test_the_terminal_shows_the_code_and_the_sign_in_page_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOPAN_DEMO", "none")
    out = StringIO()
    call_command("prepare", stdout=out)
    code = out.getvalue().partition("kode ")[2].partition(",")[0]
    assert "masih kosong" in Client().get("/accounts/login/").content.decode()
    assert Client().post("/mulai/", {"code": code}).headers["Location"] == "/mulai/"
