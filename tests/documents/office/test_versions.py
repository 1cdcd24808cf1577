"""An office's versions: uploaded once, used when chosen, pinned to what runs, never changed."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from documents.exceptions import DocumentError, TemplateRefused
from documents.issue.steps import template_of
from documents.models import Document, OfficeTemplate, TemplateChoice
from documents.office.choosing import template_for
from documents.office.listing import Offered
from documents.office.versions import choose_template, upload_template
from documents.renderer.client import RENDERER, Unavailable
from documents.storage import stored_path
from foundation import outbox
from foundation.models import Event
from foundation.uploads import Kind, check_bytes
from organization.models import User
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.conftest import work
from tests.documents.office.conftest import KEY, Upload
from tests.documents.renderer_words import with_part
from tests.documents.words import make_template, text_of

State = OfficeTemplate.State
HOUR = timedelta(hours=1)


def choose(
    cast: Cast,
    offered: Offered,
    version: OfficeTemplate | None,
    *,
    now: datetime = NOW,
    for_running: bool = False,
    user: User | None = None,
) -> TemplateChoice:
    return choose_template(
        offered=offered,
        agency=cast.agency,
        version=version,
        for_running=for_running,
        user=user or cast.admin,
        now=now,
    )


def holds(cast: Cast, offered: Offered, started_at: datetime | None = None) -> int:
    found = template_for(KEY, agency=cast.agency, standard=offered.standard, started_at=started_at)
    return found.version


def stored() -> set[Path]:
    """Return all files of templates."""
    return set(stored_path("templates").rglob("*.*"))


def test_each_upload_is_the_next_version_and_is_looked_through(cast: Cast, upload: Upload) -> None:
    first, second = upload("{{ isi }}"), upload("{{ is }}", minutes=1)
    assert [first.version, second.version] == [1, 2]
    assert [first.state, second.state] == [State.GOOD, State.REFUSED]
    assert "Rapat koordinasi" in text_of(stored_path(first.preview.name or "").read_bytes())
    assert second.findings[0]["todo"].startswith("Maksudnya isi?")
    assert not second.preview
    verbs = list(Event.objects.filter(verb__startswith="template_").values_list("verb", flat=True))
    assert verbs.count("template_uploaded") == 2
    assert verbs.count("template_checked") == 2


def test_agencies_count_by_themselves(cast: Cast, upload: Upload) -> None:
    assert upload("{{ isi }}").version == 1
    assert upload("{{ isi }}", agency=cast.other_agency).version == 1


def test_the_same_file_sent_twice_is_one_version(cast: Cast, upload: Upload) -> None:
    first, before = upload("{{ isi }}"), stored()
    assert upload("{{ isi }}", minutes=1) == first
    assert OfficeTemplate.objects.count() == 1
    assert stored() == before


def test_an_upload_alone_changes_no_document(cast: Cast, offered: Offered, upload: Upload) -> None:
    upload("{{ isi }}")
    assert holds(cast, offered) == 0


def test_a_chosen_version_is_used_for_what_begins_afterwards(
    cast: Cast, offered: Offered, upload: Upload
) -> None:
    choose(cast, offered, upload("{{ isi }}"), now=NOW)
    assert holds(cast, offered) == 1
    assert holds(cast, offered, NOW + HOUR) == 1
    assert holds(cast, offered, NOW - HOUR) == 0


def test_what_runs_keeps_its_template_unless_the_choice_is_for_it_too(
    cast: Cast, offered: Offered, upload: Upload
) -> None:
    before = NOW - HOUR
    one, two = upload("{{ isi }}"), upload("{{ isi }}!", minutes=1)
    choose(cast, offered, one, now=NOW)
    choose(cast, offered, two, now=NOW + HOUR, for_running=True)
    assert holds(cast, offered, before) == 2
    assert holds(cast, offered, NOW) == 2
    choose(cast, offered, None, now=NOW + 2 * HOUR)
    assert holds(cast, offered) == 0
    assert holds(cast, offered, before) == 2
    assert holds(cast, offered, NOW + 3 * HOUR) == 0
    choose(cast, offered, None, now=NOW + 4 * HOUR, for_running=True)
    assert holds(cast, offered, before) == 0


def test_a_running_instance_writes_with_what_it_began_with(
    cast: Cast, instance: Instance, offered: Offered, upload: Upload
) -> None:
    choose(cast, offered, upload("KANTOR {{ isi }}"), now=instance.started_at + HOUR)
    assert template_of(instance, "surat.docx").version == 0
    choose(cast, offered, OfficeTemplate.objects.get(), now=NOW + 2 * HOUR, for_running=True)
    work(instance)
    document = Document.objects.get(kind="surat")
    assert document.template_version == 1
    first_line = text_of(stored_path(document.file.name or "").read_bytes())[0]
    assert first_line.startswith("KANTOR")


def test_chosen_twice_is_one_choice(cast: Cast, offered: Offered, upload: Upload) -> None:
    version = upload("{{ isi }}")
    assert choose(cast, offered, version) == choose(cast, offered, version, now=NOW + HOUR)
    wider = choose(cast, offered, version, now=NOW + HOUR, for_running=True)
    assert TemplateChoice.objects.count() == 2
    assert choose(cast, offered, version, now=NOW + 2 * HOUR) == wider
    assert Event.objects.filter(verb="template_chosen").count() == 2


def test_a_version_with_errors_or_not_looked_through_cannot_be_chosen(
    cast: Cast, offered: Offered, upload: Upload
) -> None:
    for version in (upload("{{ is }}"), upload("{{ isi }}", minutes=1, is_checked=False)):
        with pytest.raises(DocumentError, match="belum dapat dipakai"):
            choose(cast, offered, version)


def test_a_version_of_another_agency_cannot_be_chosen(
    cast: Cast, offered: Offered, upload: Upload
) -> None:
    with pytest.raises(DocumentError, match="templat lain"):
        choose(cast, offered, upload("{{ isi }}", agency=cast.other_agency))


def test_a_file_that_was_changed_on_disk_is_neither_chosen_nor_used(
    cast: Cast, offered: Offered, upload: Upload
) -> None:
    version = upload("{{ isi }}")
    choose(cast, offered, version)
    stored_path(version.file.name or "").write_bytes(make_template("PALSU"))
    with pytest.raises(DocumentError, match="berubah di penyimpanan"):
        holds(cast, offered)
    choose(cast, offered, None, now=NOW + HOUR)
    assert holds(cast, offered) == 0
    with pytest.raises(DocumentError, match="berubah di penyimpanan"):
        choose(cast, offered, version, now=NOW + 2 * HOUR)


def test_a_file_that_was_changed_before_it_was_looked_through_is_refused(
    cast: Cast, upload: Upload
) -> None:
    version = upload("{{ isi }}", is_checked=False)
    stored_path(version.file.name or "").write_bytes(make_template("PALSU"))
    outbox.drain()
    version.refresh_from_db()
    assert version.state == State.REFUSED
    assert "berubah di penyimpanan" in version.findings[0]["text"]


def test_a_hostile_file_is_refused_and_nothing_is_kept(cast: Cast, offered: Offered) -> None:
    hostile = check_bytes(make_template("x"), name="x.docx", allowed={Kind.DOCX})
    hostile = type(hostile)(
        kind=hostile.kind,
        label=hostile.label,
        content=with_part(hostile.content, "word/media/a.emf", b"x"),
        sha256="",
        stored_name="",
    )
    before = stored()
    with pytest.raises(TemplateRefused, match=r"a\.emf"):
        upload_template(
            offered=offered, agency=cast.agency, upload=hostile, note="", user=cast.admin, now=NOW
        )
    assert not OfficeTemplate.objects.exists()
    assert stored() == before


def test_only_who_manages_templates_uploads_and_chooses(
    cast: Cast, offered: Offered, upload: Upload
) -> None:
    version = upload("{{ isi }}")
    content = check_bytes(make_template("y"), name="x.docx", allowed={Kind.DOCX})
    for user in (cast.operator, cast.employee, cast.outsider):
        with pytest.raises(PermissionDenied):
            choose(cast, offered, version, user=user)
        with pytest.raises(PermissionDenied):
            upload_template(
                offered=offered, agency=cast.agency, upload=content, note="", user=user, now=NOW
            )
    assert OfficeTemplate.objects.count() == 1
    assert not TemplateChoice.objects.exists()


def test_a_renderer_that_is_away_is_tried_again_and_then_told(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object) -> None:
        raise Unavailable

    monkeypatch.setattr(outbox, "MAX_ATTEMPTS", 1)
    with monkeypatch.context() as patch:
        patch.setattr(RENDERER, "run", away)
        version = upload("{{ isi }}", is_checked=False)
        outbox.drain()
    version.refresh_from_db()
    assert version.state == State.FAILED
    assert "tidak dapat dijalankan" in version.findings[0]["text"]
    again = upload("{{ isi }}", minutes=1)
    assert (again.version, again.state) == (2, State.GOOD)
