"""Invented data that show a template filled: for previews and for trying a changed template.

They lie beside the template: `sample.json` in a report's folder, `docx/<name>.json` in a SOP's.
What every template may use is in `reports/base.json`, under them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BASE = Path(__file__).with_name("reports") / "base.json"


def whole_sample(own: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template's own sample with what every template may use beneath it."""
    base: dict[str, Any] = json.loads(BASE.read_text("utf-8"))
    return base | dict(own)


def sample_beside(files: Mapping[str, bytes], template: str) -> dict[str, Any] | None:
    """Return the whole sample of a SOP's template ("resume.docx"); None where none lies there.

    `files` are those of the SOP's folder by relative path.
    """
    content = files.get(f"docx/{template.removesuffix('.docx')}.json")
    return None if content is None else whole_sample(json.loads(content))
