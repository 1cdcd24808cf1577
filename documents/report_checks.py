"""`manage.py check` for the reports of the catalogue: every name they say is offered by a room."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks

from documents.catalogue import FOLDER, Report, ReportFileError, reports
from documents.exceptions import DocumentError
from documents.periods import DAY, MONTH, WEEK
from documents.template_guard import check_template
from organization.permissions import CAPABILITIES
from workflows.registry import report_context, subject_kinds

FILES = ("report.docx", "sample.json")
LOOKING = ".view"  # how capabilities end that change nothing


@checks.register("documents")
def check_reports(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Return a message for each report that cannot be read, or names what no room offers."""
    try:
        found = reports()
    except ReportFileError as error:
        return [_error(str(error), "documents/reports")]
    return [
        _error(text, f"documents/reports/{report.key}")
        for report in found.values()
        for text in _faults(report)
    ]


def _faults(report: Report) -> Iterator[str]:
    for name in FILES:
        if not (FOLDER / report.key / name).is_file():
            yield f"berkas {name} tidak ada"
            return
    try:
        check_template(report.template, name=report.template_key)
    except DocumentError as error:
        yield str(error)
    if report.subject not in (DAY, WEEK, MONTH, *subject_kinds()):
        yield f"subject '{report.subject}' tidak dikenal"
    if report.permission not in CAPABILITIES:
        yield f"permission '{report.permission}' tidak diberikan kepada peran mana pun"
    if report.numbered and report.permission.endswith(LOOKING):
        yield f"bernomor, padahal permission '{report.permission}' hanya untuk melihat"
    for name in report.contexts:
        if name not in report_context.names():
            yield f"context '{name}' tidak dikenal"


def _error(text: str, place: str) -> checks.Error:
    return checks.Error(text, hint="Perbaiki report.toml.", obj=place, id="documents.E004")
