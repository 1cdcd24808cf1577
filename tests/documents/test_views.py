"""Pages of documents and archives: who sees what, and how a file is handed out."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Archive, Document
from documents.services import archive_instance
from documents.storage import stored_path
from foundation.actors import SYSTEM
from organization.models import User
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.test_services import issue


@pytest.fixture
def document(instance: Instance) -> Document:
    return issue(instance)


@pytest.fixture
def archive(instance: Instance, document: Document) -> Archive:
    return archive_instance(instance=instance, actor=SYSTEM, now=NOW)


def login(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pages(document: Document, archive: Archive) -> list[str]:
    return [
        reverse("dokumen:document", args=[document.pk]),
        reverse("dokumen:download", args=[document.pk]),
        reverse("dokumen:archive", args=[archive.pk]),
        reverse("dokumen:check", args=[archive.pk]),
    ]


def test_a_file_is_handed_out_as_an_attachment_under_its_name(
    document: Document, cast: Cast
) -> None:
    response = login(cast.kadis).get(reverse("dokumen:download", args=[document.pk]))
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="Surat April 2026.docx"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert body == stored_path(document.file.name or "").read_bytes()


@pytest.mark.parametrize("who", ["kadis", "secretary"])
def test_a_file_whose_bytes_changed_is_handed_to_nobody_and_the_page_says_so(
    document: Document, cast: Cast, who: str
) -> None:
    client, address = login(getattr(cast, who)), document.get_absolute_url()
    assert "berubah atau hilang" not in client.get(address).content.decode()
    path = stored_path(document.file.name or "")
    path.write_bytes(path.read_bytes() + b"x")
    response = client.get(f"{address}unduh/")
    assert response.status_code == 409
    assert "tidak diserahkan kepada siapa pun" in response.content.decode()
    assert "Content-Disposition" not in response
    assert "Berkas Word berubah atau hilang" in client.get(address).content.decode()
    path.unlink()
    assert client.get(f"{address}unduh/").status_code == 404
    assert "Berkas Word berubah atau hilang" in client.get(address).content.decode()


@pytest.mark.parametrize("who", ["kadis", "admin", "operator", "secretary"])
def test_roles_of_the_agency_that_may_see_documents_see_them(
    document: Document, archive: Archive, cast: Cast, who: str
) -> None:
    client = login(getattr(cast, who))
    assert [client.get(page).status_code for page in pages(document, archive)] == [200] * 4
    assert document.file_name in client.get(reverse("dokumen:index")).content.decode()
    assert archive.number in client.get(reverse("dokumen:archives")).content.decode()


@pytest.mark.parametrize("who", ["outsider", "employee", "superior"])
def test_others_find_nothing_there(
    document: Document, archive: Archive, cast: Cast, who: str
) -> None:
    client = login(getattr(cast, who))
    assert [client.get(page).status_code for page in pages(document, archive)] == [404] * 4
    assert document.file_name not in client.get(reverse("dokumen:index")).content.decode()
    assert archive.number not in client.get(reverse("dokumen:archives")).content.decode()


def test_who_had_a_task_in_the_instance_sees_its_documents(
    document: Document, instance: Instance, cast: Cast
) -> None:
    instance.tasks.update(owner=cast.employee)
    page = login(cast.employee).get(reverse("dokumen:document", args=[document.pk]))
    assert page.status_code == 200


def test_a_visitor_is_sent_to_the_login(document: Document, archive: Archive) -> None:
    for page in pages(document, archive):
        assert Client().get(page).status_code == 302


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_pages_only_read(document: Document, archive: Archive, cast: Cast, method: str) -> None:
    client = login(cast.kadis)
    for page in pages(document, archive):
        assert getattr(client, method)(page).status_code == 405


def test_the_document_page_tells_number_hash_and_writer(document: Document, cast: Cast) -> None:
    html = login(cast.kadis).get(document.get_absolute_url()).content.decode()
    assert document.number in html
    assert document.sha256 in html
    assert "Sistem" in html


def test_checking_an_archive_says_whole_or_names_the_file(archive: Archive, cast: Cast) -> None:
    client, page = login(cast.kadis), reverse("dokumen:check", args=[archive.pk])
    assert "Utuh." in client.get(page).content.decode()
    file = archive.location / archive.files[0]["path"]
    file.unlink()
    html = client.get(page).content.decode()
    assert "Arsip tidak utuh." in html
    assert archive.files[0]["path"] in html


def test_documents_are_found_by_words_and_numbers(document: Document, cast: Cast) -> None:
    client = login(cast.kadis)
    for words, found in [
        ("surat", True),
        ("001 surat", True),
        ("tidak-ada", False),
    ]:
        html = client.get(reverse("dokumen:index"), {"cari": words}).content.decode()
        assert (document.file_name in html) is found


def test_a_list_costs_the_same_few_queries_however_long_it_is(
    instance: Instance, cast: Cast
) -> None:
    first, client = issue(instance), login(cast.kadis)
    few = _queries_of_the_list(client)
    for visit in range(2, 30):
        Document.objects.create(
            agency=instance.agency,
            instance=instance,
            kind="surat",
            round=visit,
            title="Surat",
            file=first.file.name,
            file_name=f"Surat {visit}.docx",
            sha256=first.sha256,
            size=first.size,
            template_name="surat.docx",
            template_sha256=first.template_sha256,
            written_at=NOW,
            written_by="Sistem",
        )
    assert _queries_of_the_list(client) == few


def _queries_of_the_list(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("dokumen:index")).status_code == 200
    return len(captured)
