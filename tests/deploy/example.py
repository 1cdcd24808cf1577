"""What lies in deploy/, and how a test reads it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
LINE = re.compile(r"^(#?)([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)


def named() -> list[str]:
    """Return every variable of the example, those that are commented out included."""
    return [name for _, name, _ in LINE.findall((DEPLOY / "sopan.env.example").read_text())]


def given() -> dict[str, str]:
    """Return the variables that a server gets that uses the example as it is."""
    lines = LINE.findall((DEPLOY / "sopan.env.example").read_text())
    return {name: value for hidden, name, value in lines if not hidden}
