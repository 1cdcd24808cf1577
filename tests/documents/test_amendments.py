"""Ralat and later rounds: what replaces a document names it, and the old one says so."""

from datetime import timedelta

import pytest
from django.test import Client

from documents.exceptions import DocumentError
from documents.filling import fill_template
from documents.issue import issuing
from documents.models import Document, LetterNumber
from documents.office.choosing import Template
from documents.services import issue_document, verify_archive, withdraw_document
from foundation.actors import SYSTEM, Actor
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.test_services import issue, lines_of, wanted
from tests.documents.words import make_template

RALAT = Template(
    "uji/surat.docx",
    make_template(
        "{% if ralat %}RALAT ke-{{ ralat.ke }}: {{ ralat.nomor }}, {{ ralat.tanggal }}{% endif %}"
    ),
)


def test_a_ralat_names_what_it_replaces_and_counts_on(instance: Instance) -> None:
    first = issue(instance, template=RALAT)
    second = issue(instance, template=RALAT, replaces=first, now=NOW + timedelta(days=1))
    third = issue(instance, template=RALAT, replaces=second)
    assert lines_of(first)[0] == ""
    assert lines_of(second)[0] == f"RALAT ke-1: {first.number}, 20 April 2026"
    assert lines_of(third)[0].startswith(f"RALAT ke-2: {second.number}, ")
    assert second.file_name == "Surat April 2026 - ralat 1.docx"
    assert [row.state for row in Document.objects.order_by("id")] == [
        Document.State.REPLACED,
        Document.State.REPLACED,
        Document.State.STANDING,
    ]
    assert list(verify_archive()) == []


def test_the_same_ralat_asked_for_twice_is_one_document(instance: Instance) -> None:
    first = issue(instance)
    assert issue(instance, replaces=first) == issue(instance, replaces=first)
    assert LetterNumber.objects.get(series="surat").last == 2


def test_what_was_replaced_is_not_replaced_again(instance: Instance) -> None:
    first = issue(instance)
    second = issue(instance, replaces=first)
    with pytest.raises(DocumentError, match=f"sudah digantikan oleh nomor {second.number}"):
        issue(instance, kind="lain", replaces=first)
    assert LetterNumber.objects.get(series="surat").last == 2


def test_of_two_replacements_at_once_one_wins_and_the_other_is_told(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is stored while this one is being rendered."""
    first = issue(instance)
    fill, raced = fill_template, list[Document]()

    def fill_and_be_slow(*arguments: object, **more: object) -> bytes:
        monkeypatch.setattr(issuing, "fill_template", fill)
        raced.append(issue(instance, kind="saingan", replaces=first))
        return fill(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(issuing, "fill_template", fill_and_be_slow)
    with pytest.raises(DocumentError, match="sudah digantikan oleh nomor"):
        issue_document(wanted(instance, kind="lain", replaces=first))
    first.refresh_from_db()
    assert first.successor == raced[0]
    assert LetterNumber.objects.get(series="surat").last == 2
    assert list(verify_archive()) == []


def test_a_later_round_replaces_the_earlier_without_being_a_ralat(instance: Instance) -> None:
    first = issue(instance, template=RALAT)
    other = issue(instance, item_key="1")
    second = issue(instance, template=RALAT, visit=2)
    third = issue(instance, template=RALAT, visit=3)
    assert (second.replaces, third.replaces) == (first, second)
    assert second.amendment == 0
    assert lines_of(second)[0] == ""
    other.refresh_from_db()
    assert other.successor is None


def test_a_later_round_replaces_the_ralat_of_the_earlier(instance: Instance) -> None:
    ralat = issue(instance, replaces=issue(instance))
    assert issue(instance, visit=2).replaces == ralat


# Pages ------------------------------------------------------------------------------------------


def html_of(cast: Cast, address: str) -> str:
    client = Client()
    client.force_login(cast.kadis)
    return " ".join(client.get(address).content.decode().split())


def test_page_and_list_say_that_a_document_was_replaced(instance: Instance, cast: Cast) -> None:
    first = issue(instance)
    second = issue(instance, replaces=first)
    old, new = (html_of(cast, row.get_absolute_url()) for row in (first, second))
    assert f'<strong>Digantikan</strong> oleh <a href="{second.get_absolute_url()}">' in old
    assert "(ralat ke-1)" in old
    assert f'<a href="{first.get_absolute_url()}">{first.number}</a>' in new
    assert "Digantikan" not in new
    listed = html_of(cast, "/dokumen/?keadaan=digantikan")
    assert first.file_name in listed
    assert second.file_name not in listed


def test_the_page_says_that_nothing_stands_where_the_ralat_was_withdrawn(
    instance: Instance, cast: Cast
) -> None:
    first = issue(instance)
    second = issue(instance, replaces=first)
    asked = html_of(cast, f"{second.get_absolute_url()}cabut/")
    assert f"Yang digantikannya, nomor {first.number}" in asked
    assert "tidak berlaku kembali" in asked
    assert "tidak berlaku kembali" not in html_of(cast, f"{first.get_absolute_url()}cabut/")
    withdraw_document(document=second, reason="angkanya salah semua", actor=SYSTEM, now=NOW)
    page = html_of(cast, first.get_absolute_url())
    assert "Tidak ada yang berlaku." in page
    assert f'<a href="{second.get_absolute_url()}">nomor {second.number}' in page
    assert "<strong>Digantikan</strong>" not in page


def test_a_title_after_the_name_of_who_withdrew_makes_no_two_dots(
    instance: Instance, cast: Cast
) -> None:
    document = issue(instance)
    titled = Actor(user_id=cast.kadis.pk, name="Ratna Seran, M.Si.")
    withdraw_document(document=document, reason="angkanya salah semua", actor=titled, now=NOW)
    page = html_of(cast, f"{document.get_absolute_url()}cabut/")
    assert "sudah dicabut oleh Ratna Seran, M.Si. pada 20 April 2026." in page
    with pytest.raises(DocumentError, match=r"oleh Ratna Seran, M\.Si\. pada 20 April 2026\.$"):
        withdraw_document(document=document, reason="angkanya salah semua", actor=titled, now=NOW)


def test_a_withdrawn_document_says_so_with_the_reason(instance: Instance, cast: Cast) -> None:
    document = issue(instance)
    withdraw_document(document=document, reason="angkanya salah semua", actor=SYSTEM, now=NOW)
    page = html_of(cast, document.get_absolute_url())
    assert "<strong>Dicabut</strong>" in page
    assert "angkanya salah semua" in page
    assert "Cabut dokumen" not in page
    assert document.file_name in html_of(cast, "/dokumen/?keadaan=dicabut")
    assert document.file_name not in html_of(cast, "/dokumen/?keadaan=berlaku")
