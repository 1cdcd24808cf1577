"""Documents are issued once, numbered without gaps, and stored whole."""

import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
from docx import Document as WordFile

from documents import filling
from documents.exceptions import DocumentError, RenderingError
from documents.issue import issuing, numbering
from documents.models import Document, LetterNumber
from documents.office.choosing import Template
from documents.services import Wanted, issue_document, set_letter_pattern
from documents.storage import stored_path
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.models import Appointment
from processes.models import Instance, Task
from tests.cast import NOW, Cast, appoint
from tests.documents.conftest import work
from tests.documents.words import make_template, text_of

TEMPLATE = make_template("{{ nomor }}|{{ ttd.jabatan }}|{{ ttd.nama }}|{{ ttd.nip }}")


def issue(instance: Instance, /, **changes: Any) -> Document:
    return issue_document(wanted(instance, **changes))


def wanted(instance: Instance, /, **changes: Any) -> Wanted:
    values: dict[str, Any] = {
        "agency": instance.agency,
        "instance": instance,
        "subject": instance.subject,
        "kind": "surat",
        "title": "Surat",
        "template": Template("uji/surat.docx", TEMPLATE),
        "numbered": True,
        "signatory": "Kadis",
        "actor": SYSTEM,
        "now": NOW,
    }
    return Wanted(**(values | changes))


def content_of(document: Document) -> bytes:
    return stored_path(document.file.name or "").read_bytes()


def lines_of(document: Document) -> list[str]:
    return text_of(content_of(document))


def test_a_document_is_stored_with_number_hash_context_and_event(instance: Instance) -> None:
    document = issue(instance)
    assert document.number == "800/001/DISKOMINFO/IV/2026"
    assert lines_of(document)[0].startswith("800/001/DISKOMINFO/IV/2026|Kepala Dinas|Ratna Seran|")
    assert document.sha256 == hashlib.sha256(content_of(document)).hexdigest()
    assert document.context["periode"]["label"] == "April 2026"
    event = Event.objects.get(verb="document_issued")
    assert event.after["sha256"] == document.sha256
    assert event.stream == instance.stream
    assert list(ledger.verify()) == []


def test_the_nip_is_printed_in_its_groups(instance: Instance, cast: Cast) -> None:
    assert cast.kadis.employee is not None
    assert (
        " ".join(lines_of(issue(instance))[0].rsplit("|", 1)[1].split()) == "19850312 201001 1 001"
    )


def test_a_second_try_returns_the_first_document_and_takes_no_number(instance: Instance) -> None:
    first = issue(instance)
    assert issue(instance, now=NOW + timedelta(hours=1)) == first
    assert LetterNumber.objects.get(series="surat").last == 1
    assert Document.objects.count() == 1


def test_another_round_writes_another_document(instance: Instance) -> None:
    first, second = issue(instance), issue(instance, visit=2)
    assert first.number != second.number
    assert second.file_name == "Surat April 2026 - putaran 2.docx"


def test_a_failed_rendering_takes_no_number_and_leaves_no_file(instance: Instance) -> None:
    folder = stored_path("documents")
    before = set(folder.rglob("*.docx"))
    with pytest.raises(RenderingError, match="'tidak_ada'"):
        issue(instance, template=Template("uji/surat.docx", make_template("{{ tidak_ada }}")))
    assert issue(instance).number.startswith("800/001/")
    assert len(set(folder.rglob("*.docx")) - before) == 1


def test_a_number_taken_meanwhile_is_not_given_twice_and_nothing_is_rendered_anew(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker issues a letter while this one is being rendered."""
    fill, rendered = filling.fill_template, []

    def slow_fill(*arguments: Any, **more: Any) -> bytes:
        rendered.append(arguments)
        numbering.take_serial(instance.agency, numbering.LETTERS, 2026)
        return fill(*arguments, **more)

    monkeypatch.setattr(issuing, "fill_template", slow_fill)
    document = issue(instance)
    assert document.number == "800/002/DISKOMINFO/IV/2026"
    assert lines_of(document)[0].startswith(document.number)
    assert len(rendered) == 1


def test_numbers_start_anew_each_year_and_follow_the_calendar_of_the_agency(
    instance: Instance,
) -> None:
    issue(instance)
    # 31 December 23.30 in UTC is already the new year in Kupang.
    new_year = NOW.replace(month=12, day=31, hour=23, minute=30)
    number = issue(instance, kind="lain", now=new_year).number
    assert number == "800/001/DISKOMINFO/I/2027"


def test_the_pattern_is_the_agencys_own(instance: Instance) -> None:
    set_letter_pattern(
        agency=instance.agency,
        pattern="{letter_code}.{serial}/{month}/{year}",
        actor=SYSTEM,
        now=NOW,
    )
    assert issue(instance).number == "DISKOMINFO.1/4/2026"


@pytest.mark.parametrize(
    "pattern",
    [
        "800/{year}",
        "{serial}",
        "{serial}/{year}/{rahasia}",
        "{serial.__class__}/{year}",
        "{serial:x",
        "{serial!z}/{year}",
        "{serial:099d}/{year}",
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_a_sentence(
    instance: Instance, pattern: str
) -> None:
    with pytest.raises(numbering.PatternRefused):
        set_letter_pattern(agency=instance.agency, pattern=pattern, actor=SYSTEM, now=NOW)


def test_an_acting_head_signs_as_one(instance: Instance, cast: Cast) -> None:
    appoint(cast.secretary, "Kadis", cast.agency, capacity=Appointment.Capacity.DAILY_ACTING)
    Task.objects.filter(instance=instance).update(claimed_at=None)
    document = issue(instance)
    assert document.context["ttd"]["jabatan"] == "Plh. Kepala Dinas"
    assert document.context["ttd"]["nama"] == "Anselmus Lede"


def test_of_several_holders_the_one_who_did_the_work_signs(instance: Instance, cast: Cast) -> None:
    appoint(cast.secretary, "Kadis", cast.agency, capacity=Appointment.Capacity.DAILY_ACTING)
    assert issue(instance).context["ttd"]["nama"] == "Ratna Seran"


def test_somebody_who_signs_for_the_head_says_so(instance: Instance) -> None:
    document = issue(instance, signatory="Sekretaris", on_behalf_of="Kadis")
    assert document.context["ttd"]["a_n"] == "Kepala Dinas"
    assert document.context["ttd"]["jabatan"] == "Sekretaris"


def test_nobody_in_the_role_is_told_with_agency_and_remedy(instance: Instance) -> None:
    Appointment.objects.filter(role="Kadis").update(revoked_at=NOW - timedelta(days=1))
    with pytest.raises(DocumentError, match="Lengkapi penugasannya"):
        issue(instance)


@pytest.mark.parametrize(
    ("title", "item", "name"),
    [
        ("Surat A/B", "", "Surat A-B April 2026.docx"),
        ("Pakta", "Maria Tefa, A.Md.", "Pakta April 2026 - Maria Tefa, A.Md.docx"),
        ('..\\"x"?', "Maria\u202e\x00Tefa", "--x-- April 2026 - Maria Tefa.docx"),
    ],
)
def test_file_names_are_readable_and_harmless(title: str, item: str, name: str) -> None:
    made = issuing.readable_name(title, "April 2026", item, 1)
    assert made.endswith(".docx")
    assert not set(made) & set('/\\:*?"<>|\x00\u202e')
    assert made == name


def test_the_sop_writes_its_letter_with_answers_in_words(instance: Instance) -> None:
    task = work(instance)
    document = Document.objects.get(kind="surat")
    lines = lines_of(document)
    assert "R&D <Sub Bag> {{ 7 * 7 }}" in lines
    assert "30 April 2026 / Segera sekali" in lines
    assert "2 orang; April 2026; 02/UJI/2026 5 Januari 2026" in lines
    assert task.link == document.get_absolute_url()
    assert document.task_id == task.pk
    assert document.file_name == "Surat Pemberitahuan April 2026.docx"
    assert WordFile(io.BytesIO(content_of(document))).sections


def test_each_writes_one_document_per_entry_and_again_none(instance: Instance) -> None:
    work(instance)
    work(instance)
    made = Document.objects.filter(kind="surat_orang").order_by("id")
    assert [d.item_key for d in made] == ["1", "2"]
    assert [d.file_name for d in made] == [
        "Surat April 2026 - Petrus Nahak.docx",
        "Surat April 2026 - Maria-Tefa.docx",
    ]
    assert [d.number[:7] for d in made] == ["800/002", "800/003"]
