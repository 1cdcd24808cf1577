"""The package beside the form of whoever receives it: its files, hashes, figures and rounds."""

from collections.abc import Mapping
from typing import Any

from attendance import links
from attendance.models import Handover, HandoverPackage
from attendance.offered.handover_steps import handover_of_step
from attendance.recaps.handover_texts import badge_of, figures_text, follows, title_of
from workflows.registry import StepContext, panel


@panel("attendance.handover", template="attendance/panels/handover.html")
def handover(context: StepContext) -> Mapping[str, Any]:
    """What a step needs to receive a package, or to answer why it came back."""
    return {**told_of(handover_of_step(context)), "link_shown": True}


def told_of(row: Handover) -> dict[str, Any]:
    """Return what panel and page show of a handover."""
    packages = list(row.packages.select_related("document", "returned_by"))
    return {
        "handover": row,
        "zone": row.agency.time_zone,
        "title": title_of(row),
        "follows": follows(row),
        "badge": badge_of(row),
        "rounds": [_line(package, row) for package in reversed(packages)],
        "replaces": row.replaces,
        "replaces_link": links.handover(row.replaces_id) if row.replaces_id else "",
        "link": links.handover(row.pk),
        "headline": f"{title_of(row)}.",
    }


def _line(package: HandoverPackage, row: Handover) -> dict[str, Any]:
    package.handover = row
    return {
        "package": package,
        "figures": figures_text(package),
        "file_link": links.handover_file(package.pk),
        "document": package.document,
    }
