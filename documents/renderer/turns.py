"""Turns of a loop that come out the same whenever their value does: written once for each value.

The cells of a month's days hold some ten codes, fifty thousand times. Where nothing in the body of
a loop depends on anything but the loop's own text or number, what the turn wrote is remembered.
"""

from collections.abc import Iterable, Iterator

from jinja2 import nodes

TURN = " turn"  # the name of a filter that no template can write
SHORT, LONG, MANY = 40, 10_000, 1000  # characters of a value, of a turn, and turns remembered


class Turns(dict[str | int, str]):
    """What the turns of one loop wrote, by value. True and 1.0 are the same key as 1: keep out."""

    def keep(self, value: object, text: str) -> str:
        """Remember the text if the value is a short text or a number; return it."""
        if len(text) > LONG or len(self) >= MANY:
            return text
        if type(value) is int or (type(value) is str and len(value) <= SHORT):
            self[value] = text
        return text


def remember(body: Iterable[nodes.Node]) -> None:
    """Wrap the body of each loop among these nodes whose turns depend on its value alone."""
    for loop in list(statements(body)):
        if not isinstance(loop, nodes.For) or not isinstance(loop.target, nodes.Name):
            continue
        if _depends_alone_on(loop.target.name, loop.body):
            value = nodes.Name(loop.target.name, "load", lineno=loop.lineno)
            turn = nodes.Filter(value, TURN, [], [], None, None, lineno=loop.lineno)
            loop.body = [nodes.FilterBlock(loop.body, turn, lineno=loop.lineno)]


def _depends_alone_on(name: str, body: list[nodes.Node]) -> bool:
    """Filters and tests of templates give the same for the same; `loop` is a name, too."""
    return all(isinstance(each, (nodes.Output, nodes.If)) for each in statements(body)) and all(
        each.name == name for node in body for each in node.find_all(nodes.Name)
    )


def statements(body: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    """Yield these statements of a template and all within them, no expressions."""
    for node in body:
        yield node
        for branch in branches(node):
            yield from statements(branch)


def branches(control: nodes.Node) -> Iterator[list[nodes.Node]]:
    """Return the bodies of an `if`, a `for`, or what catches."""
    if isinstance(control, nodes.If):
        yield control.body
        for other in control.elif_:
            yield other.body
        yield control.else_
    elif isinstance(control, nodes.For):
        yield control.body
        yield control.else_
    elif isinstance(control, nodes.FilterBlock):
        yield control.body
