"""What officers are appointed to: their roles, duties and basis, as officers.toml tells them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MINIMUM = 2  # persons, Pergub NTT 67/2019 art. 7(1)
LETTERS_FILE = Path(__file__).with_name("officers.toml")


@dataclass(frozen=True)
class LetterTexts:
    """The basis of an appointment and the duties of each role that has some."""

    basis: tuple[str, ...]
    duties: Mapping[str, tuple[str, ...]]


@cache
def letter_texts() -> LetterTexts:
    content = tomllib.loads(LETTERS_FILE.read_text(encoding="utf-8"))
    duties = {role: tuple(lines) for role, lines in content["duties"].items()}
    return LetterTexts(tuple(content["basis"]), duties)


def officer_roles() -> list[str]:
    """Return the roles that every agency with officers must fill."""
    return list(letter_texts().duties)
