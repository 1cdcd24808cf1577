"""What each role may, as roles.toml gives it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

ROLES_FILE = Path(__file__).with_name("roles.toml")


def read_roles(path: Path = ROLES_FILE) -> Mapping[str, frozenset[str]]:
    """Return the capabilities of each role as the file gives them."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType({role: frozenset(row["may"]) for role, row in content.items()})


ROLES = read_roles()
