"""What a token may be given: names and their words, from api_scopes.toml."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

SCOPES: Mapping[str, str] = tomllib.loads(
    Path(__file__).with_name("api_scopes.toml").read_text(encoding="utf-8")
)
