"""Every page of the site as somebody sees it who may, drawn once: for what is asked of all."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tests.access.table import RULES, Rule, address
from tests.access.world import Person, World, ask


@dataclass(frozen=True)
class Drawn:
    """A page: the route with the thing that it shows, who looked, and its text."""

    name: str
    person: str
    path: str
    html: str


def drawn_pages(world: World, routes: Collection[str] = ()) -> list[Drawn]:
    """Return each page once for each kind of thing that it can show; of these routes, if named."""
    wanted = [rule for rule in RULES if rule.get is not None]
    if routes:
        wanted = [rule for rule in wanted if rule.route in routes]
    return [page for rule in wanted for page in _of(rule, world)]


def _of(rule: Rule, world: World) -> Iterator[Drawn]:
    for thing in rule.of or [""]:
        path = address(rule, world.own, thing)
        for person in _viewers(world):
            seen = ask(person.client, "get", path)
            if seen.status == 200 and seen.is_page:
                name = f"{rule.route} {thing}".strip()
                yield Drawn(name, person.name, path, seen.text)
                break


def _viewers(world: World) -> Iterator[Person]:
    """Yield who may do most first; a visitor sees what is only for those outside."""
    yield from sorted(
        world.people.values(), key=lambda one: (one.user is None, one.name != "kadis")
    )
