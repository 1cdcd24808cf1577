"""A template of the short SOP that an office changes, and its look through by a worker."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from documents.models import OfficeTemplate
from documents.office import jobs
from documents.office.listing import Offered, offered_template
from documents.office.versions import upload_template
from documents.renditions.office import OfficeMissing
from foundation.uploads import Kind, check_bytes
from organization.models import Agency
from tests.cast import NOW, Cast
from tests.documents.conftest import SOPS
from tests.documents.words import make_template

KEY = "surat_singkat/surat.docx"
Upload = Callable[..., OfficeTemplate]


@pytest.fixture(autouse=True)
def no_office_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice is slow and not what these tests are about."""

    def missing() -> None:
        raise OfficeMissing

    monkeypatch.setattr("documents.office.jobs.slot", missing)


@pytest.fixture
def offered(settings: LazySettings) -> Offered:
    settings.SOP_ROOTS = [SOPS]
    return offered_template(KEY)


@pytest.fixture
def upload(cast: Cast, offered: Offered) -> Upload:
    """Upload a template that says this, and let the worker look it through."""

    def do(
        *paragraphs: str,
        minutes: int = 0,
        agency: Agency | None = None,
        now: datetime = NOW,
        is_checked: bool = True,
    ) -> OfficeTemplate:
        version = upload_template(
            offered=offered,
            agency=agency or cast.agency,
            upload=check_bytes(
                make_template(*paragraphs), name="surat baru.docx", allowed={Kind.DOCX}
            ),
            note="kop baru",
            user=cast.outsider if agency else cast.admin,
            now=now + timedelta(minutes=minutes),
        )
        if is_checked:
            jobs.check({"template": version.pk})
            version.refresh_from_db()
        return version

    return do
