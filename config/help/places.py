"""Which place of the guides helps on which page: places.toml, the longest beginning that fits."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.urls import reverse

PLACES = Path(__file__).with_name("places.toml")


@cache
def places() -> Mapping[str, str]:
    """Return the place by the beginning of the name of an address; "" is for all others."""
    read: Mapping[str, str] = tomllib.loads(PLACES.read_text(encoding="utf-8"))["places"]
    return read


def place_of(name: str) -> str:
    """Return "guide#anchor" for the page with this name ("mesin:index")."""
    fitting = [beginning for beginning in places() if name.startswith(beginning)]
    return places()[max(fitting, key=len)]


def address_of(name: str) -> str:
    """Return the address at which a page of this name is helped with."""
    guide, _, anchor = place_of(name).partition("#")
    way = reverse("help:guide", args=[guide])
    return f"{way}#{anchor}" if anchor else way
