"""What workers do with an uploaded template: look it through, and make a PDF of its preview."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from documents.exceptions import DocumentError
from documents.models import OfficeTemplate
from documents.office.checking import IN_WORD, Checked, Finding, check_version
from documents.office.choosing import content_of
from documents.office.listing import UnknownTemplate, newest_data, offered_template
from documents.office.versions import CHECK_JOB, PDF_JOB, fail_check, keep_findings
from documents.renditions.office import AllBusy, OfficeMissing, slot
from documents.storage import stored_path, write_file
from foundation.outbox import Postponed, handles, on_incident

BUSY_SECONDS = timedelta(seconds=5)


@handles(CHECK_JOB)
def check(payload: Mapping[str, Any]) -> None:
    """Look a version through and keep what was found."""
    version = OfficeTemplate.objects.select_related("agency").get(pk=payload["template"])
    keep_findings(version=version, checked=_checked(version), now=timezone.now())


def _checked(version: OfficeTemplate) -> Checked:
    try:
        offered, content = offered_template(version.key), content_of(version)
    except (UnknownTemplate, DocumentError) as error:
        return Checked((Finding("", str(error), IN_WORD),))
    newest = newest_data(offered, version.agency)
    return check_version(content, offered, agency=version.agency, newest=newest)


@on_incident(CHECK_JOB)
def fail(payload: Mapping[str, Any], error: str) -> None:
    fail_check(version_id=payload["template"], error=error)


@handles(PDF_JOB)
def make_pdf(payload: Mapping[str, Any]) -> None:
    """Make a PDF of the preview; nothing where there is no LibreOffice or it cannot."""
    version = OfficeTemplate.objects.get(pk=payload["template"])
    if version.preview_pdf or not version.preview:
        return
    word = stored_path(version.preview.name or "").read_bytes()
    try:
        with slot() as free:
            made = free.convert({"contoh": word}).made
    except OfficeMissing:
        return
    except AllBusy:
        raise Postponed("Menunggu LibreOffice yang sedang dipakai.", BUSY_SECONDS) from None
    if "contoh" in made:
        name = f"templates/{version.agency_id}/{uuid.uuid4().hex}-contoh.pdf"
        write_file(stored_path(name), made["contoh"])
        OfficeTemplate.objects.filter(pk=version.pk).update(preview_pdf=name)
