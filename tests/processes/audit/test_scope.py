"""Which part of the record is looked at when the address does not say."""

import pytest

from organization.models import Agency
from processes.audit.scope import read_scope
from processes.definitions import keep
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.processes.audit.measured import KEY, audited
from workflows import repository

pytestmark = pytest.mark.django_db

OTHER = "presensi_harian_tapin"


def ran(agency: Agency, key: str) -> None:
    definition = keep(repository.get(key), now=NOW)
    Instance.objects.create(
        definition=definition,
        definition_key=key,
        definition_version=definition.version,
        agency=agency,
        title="Berkas",
        state=b"{}",
        started_at=NOW,
    )


def test_an_office_begins_with_the_sop_that_it_ran_first(cast: Cast) -> None:
    audited(cast, agency=cast.other_agency)
    ran(cast.agency, OTHER)
    audited(cast)
    assert read_scope(cast.kadis, {}, now=NOW).definition_key == OTHER
    assert read_scope(cast.kadis, {"sop": KEY}, now=NOW).definition_key == KEY


def test_an_office_that_ran_nothing_begins_with_what_ran_first_anywhere(cast: Cast) -> None:
    audited(cast, agency=cast.other_agency)
    ran(cast.other_agency, OTHER)
    assert read_scope(cast.kadis, {}, now=NOW).definition_key == KEY
