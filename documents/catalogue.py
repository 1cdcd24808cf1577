"""The reports that come with the application: one folder each, `report.toml` and `report.docx`.

```toml
title = "Rekap Harian Kehadiran"
kind = "rekap_harian"           # of the documents it makes
subject = "day"                 # "day", "week", "month", or a kind that a room registered
contexts = ["attendance.daily"]
permission = "recap.view"       # who may ask for it, in the agency it is about
numbered = true                 # then the permission is one to write, not to look
at_home = true                  # under the letterhead of the asker's own agency, too
signatory = "Operator"          # roles
countersignatory = "Admin"      # "Mengetahui"
letterhead = "kode_penerbit"    # among the data: the code of the agency whose kop it carries
each = "atasan"                 # a list among the data: one document per entry
named = "pegawai"               # a record among the data whose name the file carries
note = "..."                    # a sentence for whoever looks for a report
```
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from documents.samples import whole_sample

FOLDER = Path(__file__).with_name("reports")


class UnknownReport(LookupError):
    """No folder of this name lies among the reports."""


class ReportFileError(ValueError):
    """A `report.toml` cannot be read as one; the message says which and why."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report of the catalogue, as its `report.toml` says it."""

    key: str
    title: str
    kind: str
    subject: str
    contexts: tuple[str, ...]
    permission: str
    numbered: bool = False
    at_home: bool = False
    signatory: str = ""
    countersignatory: str = ""
    on_behalf_of: str = ""
    letterhead: str = ""
    each: str = ""
    named: str = ""
    note: str = ""
    # Its data come with a SOP that asks for it; nobody asks for it by hand.
    only_by_procedure: bool = False

    @property
    def template_key(self) -> str:
        """How templates of offices name it."""
        return f"laporan/{self.key}.docx"

    @property
    def template(self) -> bytes:
        return (FOLDER / self.key / "report.docx").read_bytes()

    @property
    def sample(self) -> dict[str, Any]:
        """Return invented data for a preview, with what every template may use beneath."""
        content: dict[str, Any] = json.loads((FOLDER / self.key / "sample.json").read_text("utf-8"))
        return whole_sample(content)


@cache
def reports() -> Mapping[str, Report]:
    """Return all reports by key, in the order of their titles. Raises ReportFileError."""
    found = [read_report(path) for path in FOLDER.glob("*/report.toml")]
    return {report.key: report for report in sorted(found, key=lambda report: report.title)}


def report_named(key: str) -> Report:
    try:
        return reports()[key]
    except KeyError:
        raise UnknownReport(f"Laporan '{key}' tidak dikenal.") from None


def read_report(path: Path) -> Report:
    """Return the report of a `report.toml`. Raises ReportFileError."""
    place = f"{path.parent.name}/{path.name}"
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReportFileError(f"{place}: {error}") from None
    known = {field.name: field.type for field in fields(Report) if field.name != "key"}
    for name, value in content.items():
        if name not in known:
            raise ReportFileError(f"{place}: kunci '{name}' tidak dikenal.")
        wanted = {str: str, bool: bool}.get(known[name], list)  # type: ignore[arg-type]
        if not isinstance(value, wanted):
            raise ReportFileError(f"{place}: '{name}' harus {wanted.__name__}.")
    content["contexts"] = tuple(content.get("contexts", ()))
    try:
        return Report(key=path.parent.name, **content)
    except TypeError as error:
        raise ReportFileError(f"{place}: {error}") from None
