"""An office uploads a template, a worker looks it through, and somebody chooses the one to use."""

import uuid
from datetime import datetime

from django.db import transaction

from documents.exceptions import DocumentError
from documents.models import OfficeTemplate, TemplateChoice
from documents.office.checking import Checked
from documents.office.choosing import content_of
from documents.office.listing import Offered
from documents.storage import sha256_of, stored_path, write_file
from documents.template_guard import check_template
from foundation import ledger, outbox
from foundation.actors import SYSTEM
from foundation.archives import MIB
from foundation.uploads import CheckedUpload
from organization.models import Agency, User
from organization.permissions import actor_allowed

MANAGE = "templates.manage"
LARGEST = 5 * MIB
CHECK_JOB, PDF_JOB = "documents.check_template", "documents.template_pdf"
State = OfficeTemplate.State


def upload_template(
    *,
    offered: Offered,
    agency: Agency,
    upload: CheckedUpload,
    note: str,
    user: User,
    now: datetime,
) -> OfficeTemplate:
    """Keep a file as the next version of the office's template and have it looked through.

    The same file twice in a row is one version. It is used only once somebody chooses it. Raises
    PermissionDenied, and TemplateRefused where the file is more than text and pictures.
    """
    actor_allowed(user, MANAGE, agency, now)
    check_template(upload.content, name=upload.label)
    path = stored_path(f"templates/{agency.pk}/{uuid.uuid4().hex}.docx")
    write_file(path, upload.content)
    version = None
    try:
        version = _next_version(offered, agency, upload, path.name, note, user, now)
    finally:
        if version is None or version.file.name != _stored(agency, path.name):
            path.unlink(missing_ok=True)
    return version


@transaction.atomic
def _next_version(
    offered: Offered,
    agency: Agency,
    upload: CheckedUpload,
    file: str,
    note: str,
    user: User,
    now: datetime,
) -> OfficeTemplate:
    ledger.lock(agency)
    actor = actor_allowed(user, MANAGE, agency, now)
    newest = OfficeTemplate.objects.filter(agency=agency, key=offered.key).first()
    if newest is not None and newest.sha256 == upload.sha256 and newest.state != State.FAILED:
        return newest
    version = OfficeTemplate.objects.create(
        agency=agency,
        key=offered.key,
        version=newest.version + 1 if newest else 1,
        file=_stored(agency, file),
        sha256=upload.sha256,
        size=upload.size,
        original_name=upload.label,
        note=note.strip()[:300],
        uploaded_by=user,
        uploaded_at=now,
    )
    ledger.record(
        stream=agency,
        actor=actor,
        verb="template_uploaded",
        subject=f"documents.officetemplate:{version.pk}",
        after={
            "key": version.key,
            "version": version.version,
            "sha256": version.sha256,
            "note": version.note,
        },
        now=now,
    )
    outbox.enqueue(
        kind=CHECK_JOB,
        key=f"office-template:{version.pk}",
        payload={"template": version.pk},
        run_after=now,
    )
    return version


def _stored(agency: Agency, name: str) -> str:
    return f"templates/{agency.pk}/{name}"


def keep_findings(*, version: OfficeTemplate, checked: Checked, now: datetime) -> None:
    """Note what a look through a version came to; once. Run by a worker."""
    if version.state not in (State.CHECKING, State.FAILED):
        return
    preview = ""
    if checked.preview:
        preview = _stored(version.agency, f"{uuid.uuid4().hex}-contoh.docx")
        write_file(stored_path(preview), checked.preview)
    if not _settle(version, checked, preview, now) and preview:
        stored_path(preview).unlink(missing_ok=True)


@transaction.atomic
def _settle(version: OfficeTemplate, checked: Checked, preview: str, now: datetime) -> bool:
    """Return whether this was the first to say something of the version."""
    ledger.lock(version.agency)
    row = OfficeTemplate.objects.select_for_update(no_key=True).get(pk=version.pk)
    if row.state not in (State.CHECKING, State.FAILED):
        return False
    row.state = State.GOOD if checked.is_good else State.REFUSED
    row.checked_at = now
    row.findings = [finding.as_row() for finding in checked.findings]
    row.preview, row.preview_of = preview, checked.preview_of[:200]
    row.save(update_fields=["state", "checked_at", "findings", "preview", "preview_of"])
    ledger.record(
        stream=row.agency,
        actor=SYSTEM,
        verb="template_checked",
        subject=f"documents.officetemplate:{row.pk}",
        after={"state": row.state, "findings": len(row.findings), "sha256": row.sha256},
        now=now,
    )
    if preview:
        outbox.enqueue(
            kind=PDF_JOB,
            key=f"office-template-pdf:{row.pk}",
            payload={"template": row.pk},
            run_after=now,
        )
    return True


@transaction.atomic
def fail_check(*, version_id: int, error: str) -> None:
    """Show that a version could not be looked through; a later try may still do it."""
    row = {"place": "", "text": error[:500], "todo": "Unggah sekali lagi.", "is_error": True}
    OfficeTemplate.objects.filter(pk=version_id, state=State.CHECKING).update(
        state=State.FAILED, findings=[row]
    )


def choose_template(
    *,
    offered: Offered,
    agency: Agency,
    version: OfficeTemplate | None,
    for_running: bool,
    user: User,
    now: datetime,
) -> TemplateChoice:
    """Let the office use a version from now on, or the standard template (None).

    Instances that run already keep what they began with, unless `for_running`. What is chosen
    already is not chosen again. Raises PermissionDenied, and DocumentError where the version was
    not found good or its file is not what was uploaded.
    """
    actor_allowed(user, MANAGE, agency, now)
    if version is not None:
        _check_choice(offered, agency, version)
    return _choose(offered, agency, version, for_running, user, now)


def _check_choice(offered: Offered, agency: Agency, version: OfficeTemplate) -> None:
    if (version.agency_id, version.key) != (agency.pk, offered.key):
        raise DocumentError("Versi ini milik templat lain.")
    if version.state != State.GOOD:
        raise DocumentError(
            f"Versi {version.version} belum dapat dipakai: {version.get_state_display().lower()}."
        )
    content_of(version)


@transaction.atomic
def _choose(
    offered: Offered,
    agency: Agency,
    version: OfficeTemplate | None,
    for_running: bool,
    user: User,
    now: datetime,
) -> TemplateChoice:
    ledger.lock(agency)
    actor = actor_allowed(user, MANAGE, agency, now)
    earlier = TemplateChoice.objects.filter(agency=agency, key=offered.key).first()
    if earlier and earlier.template == version and earlier.for_running >= for_running:
        return earlier
    choice = TemplateChoice.objects.create(
        agency=agency,
        key=offered.key,
        template=version,
        for_running=for_running,
        chosen_by=user,
        chosen_at=now,
    )
    before = earlier.template.version if earlier and earlier.template else 0
    ledger.record(
        stream=agency,
        actor=actor,
        verb="template_chosen",
        subject=f"documents.templatechoice:{choice.pk}",
        before={"version": before},
        after={
            "key": offered.key,
            "version": version.version if version else 0,
            "sha256": version.sha256 if version else sha256_of(offered.standard),
            "for_running": for_running,
        },
        now=now,
    )
    return choice
