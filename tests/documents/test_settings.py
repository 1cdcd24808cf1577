"""Kop, number pattern and retention: what an office sets for itself."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from documents.archive.keeping import keeping, keeping_of
from documents.issue.letterhead import images_of, letterhead_of
from documents.issue.logos import EDGE, prepare_logo
from documents.models import Letterhead, LetterPattern, RetentionRule
from documents.services import remove_retention, set_retention, verify_archive
from documents.services.retention import RetentionData, RetentionRefused
from documents.storage import stored_path
from foundation.actors import SYSTEM
from foundation.models import Event
from foundation.uploads import UploadRefused
from processes.models import Instance
from tests import files
from tests.cast import NOW, Cast
from tests.documents.test_services import issue

RULE: dict[str, Any] = {
    "kind": "",
    "active_years": 2,
    "inactive_years": 3,
    "fate": "musnah",
    "source": "Keputusan Kepala Dinas 12/2025",
}


def login(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(cast: Cast, name: str, body: dict[str, Any], who: str = "admin") -> Any:
    return login(getattr(cast, who)).post(reverse(f"dokumen:{name}"), body)


# Kop --------------------------------------------------------------------------------------------


def test_a_logo_is_drawn_anew_small_and_with_nothing_but_pixels() -> None:
    picture = Image.new("RGBA", (2000, 1000), (0, 0, 0, 0))
    target = io.BytesIO()
    picture.save(target, "PNG", icc_profile=b"secret profile")
    made = prepare_logo(target.getvalue(), label="logo.png")
    with Image.open(io.BytesIO(made)) as logo:
        assert (logo.format, logo.size, logo.mode) == ("PNG", (EDGE, EDGE // 2), "RGBA")
        assert "icc_profile" not in logo.info
    for wrong in (files.image(size=(10, 10)), files.image()[:80], files.image("PNG", (6000, 6000))):
        with pytest.raises(UploadRefused):
            prepare_logo(wrong, label="logo.png")


@pytest.mark.django_db
def test_the_admin_sets_contact_paper_and_logo(cast: Cast) -> None:
    logo = SimpleUploadedFile("logo.jpg", files.image(size=(90, 90)))
    body = {"contact": "Telepon  (0380) 123", "paper": "F4", "logo": logo}
    assert post(cast, "letterhead", body).status_code == 302
    row = letterhead_of(cast.agency)
    assert (row.contact, row.paper) == ("Telepon (0380) 123", "F4")
    assert images_of(cast.agency, "0" * 12)["logo"].startswith(b"\x89PNG")
    assert login(cast.admin).get(reverse("dokumen:logo"))["Content-Type"] == "image/png"
    assert list(verify_archive()) == []
    assert post(cast, "letterhead", {"contact": "", "paper": "A4"}).status_code == 302
    assert letterhead_of(cast.agency).logo
    assert post(cast, "letterhead", {"paper": "A4", "without_logo": "on"}).status_code == 302
    assert not letterhead_of(cast.agency).logo
    assert Event.objects.filter(verb="letterhead_set").count() == 3


@pytest.mark.django_db
def test_what_is_no_picture_is_refused_in_words_and_leaves_no_file(cast: Cast) -> None:
    before = set(stored_path("").rglob("*"))
    for content in (files.pdf(), b"<svg/>", files.image(size=(10, 10))):
        body = {"paper": "A4", "logo": SimpleUploadedFile("logo.png", content)}
        answer = post(cast, "letterhead", body)
        assert answer.status_code == 422
        assert "errorlist" in answer.content.decode()
    assert set(stored_path("").rglob("*")) == before
    assert not Letterhead.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["kadis", "operator", "employee", "outsider"])
def test_nobody_else_sets_them(cast: Cast, who: str) -> None:
    for name in ("letterhead", "letter_pattern", "retention"):
        assert post(cast, name, {"pd": cast.agency.code}, who).status_code in (403, 404)


# Numbers ----------------------------------------------------------------------------------------


def test_a_pattern_is_shown_by_its_next_number_before_it_is_set(
    instance: Instance, cast: Cast
) -> None:
    issue(instance)
    page = login(cast.admin).get(reverse("dokumen:letterhead")).content.decode()
    assert "Nomor berikutnya" in page
    body = {"pattern": "{letter_code}.{serial}/{year}", "contoh": "1"}
    assert "DISKOMINFO." in post(cast, "letter_pattern", body).content.decode()
    assert not LetterPattern.objects.exists()
    del body["contoh"]
    assert post(cast, "letter_pattern", body).status_code == 302
    assert LetterPattern.objects.get().pattern == body["pattern"]


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", ["800/{year}", "{serial", "{serial}/{year}/{nama}", ""])
def test_a_pattern_that_cannot_work_is_refused_on_the_page(cast: Cast, pattern: str) -> None:
    answer = post(cast, "letter_pattern", {"pattern": pattern})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not LetterPattern.objects.exists()


# Retention --------------------------------------------------------------------------------------


def test_years_count_from_the_end_of_the_year_in_which_it_was_written() -> None:
    rule = RetentionRule(active_years=2, inactive_years=3, fate="musnah", source="Keputusan 1")
    kept = keeping(date(2026, 1, 1), rule)
    assert (kept.active_until, kept.until) == (date(2028, 12, 31), date(2031, 12, 31))
    assert str(kept).startswith("Disimpan sampai 31 Desember 2031 (aktif sampai 31 Desember 2028)")


def test_nothing_is_decided_until_the_office_does(instance: Instance, cast: Cast) -> None:
    document = issue(instance)
    page = document.get_absolute_url()
    assert keeping_of(document) is None
    assert "Jangka simpan belum ditetapkan." in login(cast.kadis).get(page).content.decode()
    assert post(cast, "retention", RULE).status_code == 302
    assert "Disimpan sampai 31 Desember 2031" in login(cast.kadis).get(page).content.decode()
    assert post(cast, "retention", RULE | {"kind": "surat", "active_years": 9}).status_code == 302
    kept = keeping_of(document)
    assert kept is not None
    assert kept.until == date(2038, 12, 31)
    assert post(cast, "retention_forget", {"jenis": "surat"}).status_code == 302
    assert post(cast, "retention_forget", {"jenis": ""}).status_code == 302
    assert keeping_of(document) is None
    assert Event.objects.filter(verb="retention_removed").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"source": " "}, {"fate": "dibakar"}, {"active_years": 101}, {"inactive_years": -1},
     {"active_years": 0, "inactive_years": 0}],
)  # fmt: skip
def test_a_rule_without_years_fate_or_source_is_refused(cast: Cast, wrong: Any) -> None:
    data = RetentionData(**(RULE | wrong))
    with pytest.raises(RetentionRefused):
        set_retention(agency=cast.agency, data=data, actor=SYSTEM, now=NOW)
    assert post(cast, "retention", RULE | wrong).status_code == 422


@pytest.mark.django_db
def test_a_rule_that_is_set_again_is_changed_and_told(cast: Cast) -> None:
    for years in (2, 5):
        data = RetentionData(**(RULE | {"active_years": years}))
        rule = set_retention(agency=cast.agency, data=data, actor=SYSTEM, now=NOW)
    assert RetentionRule.objects.get().active_years == 5
    assert Event.objects.filter(verb="retention_set").latest("pk").before["active_years"] == 2
    remove_retention(rule=rule, actor=SYSTEM, now=NOW)
