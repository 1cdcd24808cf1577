"""The outbox handlers of renditions, and what the clock calls: thin over what makes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from documents.renditions import packages, pdf
from foundation.outbox import handles, on_incident


@handles(pdf.JOB)
def make_pdf(payload: Mapping[str, Any]) -> None:
    """Make a PDF and those that wait beside it; safe to repeat: {"copy"}."""
    pdf.make_pdf(copy_id=payload["copy"], now=timezone.now())


@on_incident(pdf.JOB)
def pdf_failed(payload: Mapping[str, Any], error: str) -> None:
    pdf.fail_pdf(copy_id=payload["copy"], reason=error)


@handles(packages.JOB)
def write_package(payload: Mapping[str, Any]) -> None:
    """Write a package that somebody asked for; safe to repeat: {"package"}."""
    packages.write_package(package_id=payload["package"], now=timezone.now())


@on_incident(packages.JOB)
def package_failed(payload: Mapping[str, Any], error: str) -> None:
    packages.fail_package(package_id=payload["package"], reason=error)


def sweep_packages(now: datetime) -> int:
    """Remove packages whose time is over; called by the clock."""
    return packages.sweep_packages(now=now)
