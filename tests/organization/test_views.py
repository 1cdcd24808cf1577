"""The pages: who may open what, what they show, and what a wrong file is told."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from foundation.models import Event
from organization.models import Appointment, Employee
from tests import files
from tests.cast import PASSWORD, Cast, appoint, make_employee, make_nip, make_user
from tests.pages import browser

NIP = make_nip(901, sex=2)


def upload(client: Client, name: str, content: bytes, file_name: str = "a.csv") -> tuple[int, str]:
    """Post one file to a page and return status and page."""
    data = {"file": SimpleUploadedFile(file_name, content)}
    response = client.post(reverse(f"pegawai:{name}"), data)
    return response.status_code, response.content.decode()


# Who may open what


def statuses(client: Client, employee: Employee) -> dict[str, int]:
    return {
        "list": client.get("/pegawai/").status_code,
        "detail": client.get(f"/pegawai/{employee.pk}/").status_code,
        "import": client.get("/pegawai/impor/").status_code,
        "example": client.get("/pegawai/impor/contoh.csv").status_code,
        "photos": client.get("/pegawai/foto/").status_code,
        "officers": client.get("/pegawai/petugas/").status_code,
    }


def test_every_page_opens_to_those_whose_role_allows_it_and_to_nobody_else(cast: Cast) -> None:
    staff = cast.secretary.employee
    assert staff is not None
    everything = dict.fromkeys(["list", "detail", "import", "example", "photos", "officers"], 200)
    closed = {"import": 403, "example": 403, "photos": 403}
    expected = {
        cast.admin: everything,
        cast.kadis: everything | closed,
        cast.secretary: everything | closed,
        cast.operator: everything | closed,
        cast.employee: everything | closed | {"officers": 403, "detail": 404},
        cast.outsider: everything | {"detail": 404},
    }
    for user, wanted in expected.items():
        assert statuses(browser(user), staff) == wanted, user.username


def test_a_guest_is_sent_to_the_login(cast: Cast) -> None:
    response = Client().get("/pegawai/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/pegawai/"


CHANGES = ["upload_photo", "superior", "retire", "account"]


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_refused_to_those_who_only_look(cast: Cast, name: str) -> None:
    person = make_employee(cast.agency, photo="")
    path = reverse(f"pegawai:{name}", args=[person.pk])
    assert browser(cast.operator).post(path).status_code == 403
    assert browser(cast.outsider).post(path).status_code == 404
    assert browser(cast.employee).post(path).status_code == 404
    assert browser(cast.admin).get(path).status_code == 405
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", CHANGES)
def test_changes_need_the_token_against_forged_requests(cast: Cast, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.admin)
    person = make_employee(cast.agency)
    assert client.post(reverse(f"pegawai:{name}", args=[person.pk])).status_code == 403


def test_without_a_role_one_sees_oneself_and_ones_staff(cast: Cast) -> None:
    page = browser(cast.superior).get("/pegawai/").content.decode()
    assert "Joko Tallo" in page
    assert "Maria Tefa" in page
    assert "Anselmus Lede" not in page
    own = cast.employee.employee
    assert own is not None
    assert browser(cast.employee).get(f"/pegawai/{own.pk}/").status_code == 200


def test_a_foreign_agency_in_the_address_is_not_found(cast: Cast) -> None:
    assert browser(cast.admin).get("/pegawai/impor/?pd=dinkes").status_code == 404
    appoint(cast.admin, "Admin", cast.other_agency)
    assert browser(cast.admin).get("/pegawai/impor/?pd=dinkes").status_code == 200


# The list and one employee


def test_the_list_is_searched_filtered_and_marks_who_lacks_what(cast: Cast) -> None:
    make_employee(cast.agency, "Rambu Lede", photo="", number="HNR-7", status="HONORER")
    client = browser(cast.admin)
    assert "Belum ada foto" in client.get("/pegawai/").content.decode()
    for query in ("?q=rambu", "?lengkap=belum", "?status=HONORER", "?q=hnr-7"):
        page = client.get(f"/pegawai/{query}").content.decode()
        assert "Rambu Lede" in page, query
        assert "Joko Tallo" not in page, query
    assert cast.employee.employee is not None
    spaced = "19850312 201001 1 007"
    assert cast.employee.employee.number == spaced.replace(" ", "")
    assert "Joko Tallo" in client.get("/pegawai/", {"q": spaced}).content.decode()


@pytest.mark.parametrize("query", ["?page=99", "?page=x", "?bidang=x", "?status=x", "?bidang=²"])
def test_odd_addresses_of_the_list_are_borne(cast: Cast, query: str) -> None:
    assert browser(cast.admin).get(f"/pegawai/{query}").status_code == 200


def test_the_page_of_an_employee_escapes_what_people_typed(cast: Cast) -> None:
    person = make_employee(cast.agency, "<script>alert(1)</script>")
    page = browser(cast.admin).get(f"/pegawai/{person.pk}/").content.decode()
    assert "<script>alert" not in page


def test_a_photo_is_stored_shown_to_those_who_may_and_hidden_from_others(cast: Cast) -> None:
    person = make_employee(cast.agency, photo="")
    client = browser(cast.admin)
    photo = SimpleUploadedFile("../x.jpg", files.image("PNG"))
    path = reverse("pegawai:photo", args=[person.pk])
    assert client.get(path).status_code == 404
    client.post(reverse("pegawai:upload_photo", args=[person.pk]), {"photo": photo})
    person.refresh_from_db()
    response = client.get(path)
    assert response["Content-Type"] == "image/jpeg"
    assert b"".join(response.streaming_content)[:3] == b"\xff\xd8\xff"  # type: ignore[attr-defined]
    assert browser(cast.outsider).get(path).status_code == 404
    assert Path(str(person.photo.name)).parts[0] == "photos"


def test_a_photo_whose_file_is_gone_is_not_found(cast: Cast) -> None:
    person = make_employee(cast.agency)
    assert browser(cast.admin).get(reverse("pegawai:photo", args=[person.pk])).status_code == 404


def test_a_file_that_is_no_photo_is_told_so(cast: Cast) -> None:
    person = make_employee(cast.agency, photo="")
    data = {"photo": SimpleUploadedFile("foto.jpg", b"bukan gambar")}
    path = reverse("pegawai:upload_photo", args=[person.pk])
    page = browser(cast.admin).post(path, data, follow=True).content.decode()
    assert "tidak dapat diterima" in page
    page = browser(cast.admin).post(path, {}, follow=True).content.decode()
    assert "Pilih berkas foto" in page


def test_superior_retirement_and_account_are_changed_on_the_page(cast: Cast) -> None:
    person = make_employee(cast.agency, "Theresia Keraf")
    client = browser(cast.admin)
    assert cast.superior.employee is not None
    client.post(reverse("pegawai:superior", args=[person.pk]),
                {"superior": cast.superior.employee.pk})  # fmt: skip
    client.post(reverse("pegawai:account", args=[person.pk]))
    page = client.get(f"/pegawai/{person.pk}/").content.decode()
    assert "theresia.keraf" in page
    assert "Maria Tefa" in page
    client.post(reverse("pegawai:retire", args=[person.pk]), {"left_on": "2026-01-31"})
    person.refresh_from_db()
    assert person.left_on is None, "the box was not ticked"
    client.post(
        reverse("pegawai:retire", args=[person.pk]), {"left_on": "2026-01-31", "sure": "on"}
    )
    person.refresh_from_db()
    retired = Employee.objects.get(pk=person.pk)
    assert (retired.left_on, retired.superior) == (date(2026, 1, 31), cast.superior.employee)


def test_somebody_of_another_agency_cannot_be_made_superior(cast: Cast) -> None:
    person, other = make_employee(cast.agency), cast.outsider.employee
    assert other is not None
    path = reverse("pegawai:superior", args=[person.pk])
    page = browser(cast.admin).post(path, {"superior": other.pk}, follow=True).content.decode()
    assert "tidak dapat dipilih" in page
    person.refresh_from_db()
    assert person.superior is None


# Import


def test_a_good_file_is_imported_and_told(cast: Cast) -> None:
    client = browser(cast.admin)
    content = f"nama;nip;bidang\r\nYuliana Bere;{NIP};Statistik\r\n".encode("utf-16")
    response = client.post(
        "/pegawai/impor/", {"file": SimpleUploadedFile("a.csv", content)}, follow=True
    )
    page = response.content.decode()
    assert "1 pegawai baru, 0 diperbarui, 0 tidak berubah." in page
    assert "Bidang baru: Statistik." in page
    assert "Yuliana Bere" in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"nama;nip;gaji\nBere;{NIP};1".encode(), "Kolom “gaji” tidak dikenal"),
        (f"nama;nip\nBere;{NIP[:17]}".encode(), "NIP terdiri atas 17 angka"),
        (b"nama;nip\nBere;198513122010012001", "bukan tanggal lahir"),
        (b"nama;nip\nBere;1985 0312 2010 0120 01", "Spasi di dalam NIP"),
        (f"nama;nip\nBere;{NIP}\nKlau;{NIP}".encode(), "NIP sama dengan baris 2"),
        (f"nama;nip\nJos\u00e9;{NIP[:17]}".encode("latin-1"), "NIP terdiri atas 17 angka"),
        (f"nama;nip\nBere;{NIP[:17]}".encode("utf-16"), "NIP terdiri atas 17 angka"),
        (files.xlsx_bomb(), "melebihi 50 MB"),
        (b"", "kosong (0 byte)"),
        (b"nama;nip\n" + b"x" * (30 * 1024 * 1024), "berukuran 30 MB; batasnya 10 MB"),
        (files.pdf(), "unggah berkas CSV atau Excel"),
        (b"\x00\x01\x02\x03", "tidak dapat diterima di sini"),
    ],
    ids=["column", "length", "date", "spaces", "doubled", "latin1", "utf16", "bomb", "empty",
         "large", "pdf", "binary"],
)  # fmt: skip
def test_a_bad_file_is_told_what_to_do_and_writes_nothing(
    cast: Cast, content: bytes, sentence: str
) -> None:
    before = Employee.objects.count()
    status, page = upload(browser(cast.admin), "import", content)
    assert status == 422
    assert sentence in page
    assert "Tidak ada yang disimpan" in page
    assert Employee.objects.count() == before
    assert not Event.objects.exists()


def test_a_post_without_a_file_is_told_so(cast: Cast) -> None:
    response = browser(cast.admin).post("/pegawai/impor/")
    assert response.status_code == 422


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_file_can_be_imported_as_it_is(cast: Cast, kind: str) -> None:
    client = browser(cast.admin)
    example = client.get(f"/pegawai/impor/contoh.{kind}")
    assert "attachment" in example["Content-Disposition"]
    status, page = upload(client, "import", example.content, f"contoh.{kind}")
    assert status == 302, page
    assert Employee.objects.filter(name="Yuliana Bere, S.Kom.").exists()


def test_photos_are_uploaded_as_a_zip(cast: Cast) -> None:
    person = make_employee(cast.agency, photo="")
    client = browser(cast.admin)
    good = files.archive({f"{person.number}.jpg": files.image()})
    assert upload(client, "photos", good, "foto.zip")[0] == 302
    person.refresh_from_db()
    assert person.photo
    status, page = upload(client, "photos", files.archive({"x.jpg": files.image()}), "foto.zip")
    assert status == 422
    assert "Nama berkas bukan NIP" in page
    assert upload(client, "photos", files.image(), "foto.zip")[0] == 422


# Officers and passwords


def test_a_first_password_is_shown_once_and_opens_only_the_change(cast: Cast) -> None:
    new = make_user(make_employee(cast.agency, "Kornelis Ndun"), "kornelis")
    new.set_unusable_password()
    new.must_change_password = True
    new.save()
    appoint(new, "Operator", cast.agency)
    page = browser(cast.admin).post(f"/pegawai/petugas/{new.pk}/sandi/")
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    password = text.split('<code class="figure">')[1].split("<")[0]
    client = Client()
    assert client.login(username="kornelis", password=password)
    assert password not in browser(cast.admin).get("/pegawai/petugas/").content.decode()
    for path in ("/pegawai/", "/", "/tugas/", "/tidak-ada/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/accounts/password/"), path
    assert client.post("/pegawai/impor/").status_code == 302
    assert client.get("/accounts/password/").status_code == 200
    change = {"old_password": password, "new_password1": password, "new_password2": password}
    assert "harus berbeda" in client.post("/accounts/password/", change).content.decode()
    own = "sandi-milik-sendiri-7"
    change |= {"new_password1": own, "new_password2": own}
    assert client.post("/accounts/password/", change).status_code == 302
    assert client.get("/pegawai/").status_code == 200, "the session goes on"
    assert Client().login(username="kornelis", password=own)
    assert not Client().login(username="kornelis", password=password)
    verbs = list(Event.objects.values_list("verb", flat=True))
    assert verbs == ["initial_password_issued", "password_changed"]


@pytest.mark.parametrize("weak", ["pendek", "1234567890123", "kornelis.ndun", "password12"])
def test_a_weak_password_is_refused(cast: Cast, weak: str) -> None:
    user = make_user(make_employee(cast.agency, "Kornelis Ndun"), "kornelis.ndun")
    client = browser(user)
    change = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    assert client.post("/accounts/password/", change).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_signing_out_stays_possible_before_the_change(cast: Cast) -> None:
    cast.employee.must_change_password = True
    cast.employee.save()
    client = browser(cast.employee)
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert client.get("/pegawai/")["Location"].startswith("/accounts/login/")


def test_an_admin_cannot_step_into_the_account_of_the_head(cast: Cast) -> None:
    path = f"/pegawai/petugas/{cast.kadis.pk}/sandi/"
    assert browser(cast.admin).post(path).status_code == 403
    assert browser(cast.operator).post(path).status_code == 403
    assert browser(cast.outsider).post(path).status_code == 404
    cast.kadis.refresh_from_db()
    assert cast.kadis.check_password(PASSWORD)
    assert not Event.objects.exists()


def test_the_head_resets_a_forgotten_password(cast: Cast) -> None:
    response = browser(cast.kadis).post(f"/pegawai/petugas/{cast.operator.pk}/sandi/")
    assert response.status_code == 200
    cast.operator.refresh_from_db()
    assert cast.operator.must_change_password
    assert Event.objects.get().verb == "password_reset"


def test_the_page_of_officers_shows_letters_validity_and_what_ended(cast: Cast) -> None:
    appoint(cast.employee, "Sekretaris", cast.agency, capacity=Appointment.Capacity.ACTING,
            letter_number="800/55/2025", valid_from=date(2025, 1, 1),
            valid_until=date(2025, 12, 31))  # fmt: skip
    page = browser(cast.kadis).get("/pegawai/petugas/").content.decode()
    assert "800/01/UJI/2026" in page
    current, ended = page.split("sudah berakhir atau belum berlaku")
    assert "Plt. Sekretaris" not in current
    assert "Plt. Sekretaris" in ended
    assert "Umbu Tamo" not in page
