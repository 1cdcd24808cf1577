"""Reads which data a template uses, without running it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

# Filters that give the same rows again, and those that give one of them.
SAME = frozenset({
    "sort", "list", "reverse", "unique", "select", "reject", "selectattr", "rejectattr",
    "default", "d",
})  # fmt: skip
ONE = frozenset({"first", "last", "min", "max"})
BY_ATTRIBUTE = frozenset({"groupby", "selectattr", "rejectattr"})  # as their first argument
LOOP = object()  # what `loop` stands for: nothing of the data

Path = str | None | object
Scope = dict[str, Path]


@dataclass
class Reader:
    """Walks a syntax tree; `uses` are (path, line) in the order of the template.

    A scope knows what the names that a template made itself stand for: a path of the data, or None
    for something computed. Every other name is one of the data.
    """

    uses: list[tuple[str, int]] = field(default_factory=list)

    def read(self, tree: nodes.Template) -> None:
        self._all(tree.body, {})

    def _all(self, body: list[Any], scope: Scope) -> None:
        for node in body:
            self._statement(node, scope)

    def _statement(self, node: Any, scope: Scope) -> None:
        if isinstance(node, nodes.Output):
            for child in node.nodes:
                self._use(child, scope)
        elif isinstance(node, nodes.For):
            self._for(node, scope)
        elif isinstance(node, nodes.If):
            self._use(node.test, scope)
            for branch in (node.body, node.elif_, node.else_):
                self._all(branch, scope)
        elif isinstance(node, nodes.Assign):
            path = self._use(node.node, scope, whole=False)
            _bind(node.target, path, scope)
        elif isinstance(node, nodes.With):
            inner = dict(scope)
            for target, value in zip(node.targets, node.values, strict=True):
                _bind(target, self._use(value, scope, whole=False), inner)
            self._all(node.body, inner)
        else:
            self._all(list(node.iter_child_nodes()), scope)

    def _for(self, node: nodes.For, scope: Scope) -> None:
        path = self._use(node.iter, scope)
        inner: Scope = dict(scope) | {"loop": LOOP}
        _bind(node.target, f"{path}[]" if isinstance(path, str) else None, inner)
        if node.test is not None:
            self._use(node.test, inner)
        self._all(node.body, inner)
        self._all(node.else_, scope)

    def _use(self, node: Any, scope: Scope, *, whole: bool = True) -> Path:
        """Note what an expression uses; return the path of its value, None if it is computed.

        With `whole` false the value itself is not used yet, only given a name.
        """
        path = self._path(node, scope)
        if isinstance(path, str):
            if whole:
                self.uses.append((path, node.lineno))
            self._arguments(node, scope, path)
            return path
        if path is LOOP:
            return path
        if isinstance(node, nodes.Test) and node.name in ("defined", "undefined"):
            return None  # asks whether the name is there: it need not be
        if isinstance(node, nodes.Filter):
            self._attribute(node, scope)
        for child in node.iter_child_nodes():
            self._use(child, scope)
        return None

    def _attribute(self, node: nodes.Filter, scope: Scope) -> None:
        """Note the field of each row that a filter looks at: `pegawai|sum(attribute="menit")`."""
        above = self._path(node.node, scope)
        named = [pair.value for pair in node.kwargs if pair.key == "attribute"]
        if node.name in BY_ATTRIBUTE:
            named += node.args[:1]
        for value in named:
            if isinstance(above, str) and isinstance(value, nodes.Const):
                self.uses.append((f"{above}[].{value.value}", node.lineno))

    def _path(self, node: Any, scope: Scope) -> Path:
        if isinstance(node, nodes.Name):
            return scope.get(node.name, node.name)
        if isinstance(node, (nodes.Getattr, nodes.Getitem)):
            above = self._path(node.node, scope)
            if not isinstance(above, str):
                return above
            if isinstance(node, nodes.Getattr):
                return f"{above}.{node.attr}"
            if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                return f"{above}.{node.arg.value}"
            return above if isinstance(node.arg, nodes.Slice) else f"{above}[]"
        if isinstance(node, nodes.Filter) and node.node is not None:
            above = self._path(node.node, scope)
            if not isinstance(above, str):
                return above
            if node.name in SAME:
                return above
            return f"{above}[]" if node.name in ONE else None
        return None

    def _arguments(self, node: Any, scope: Scope, path: str) -> None:
        """Note what stands in the brackets and arguments along a path."""
        while isinstance(node, (nodes.Getattr, nodes.Getitem, nodes.Filter)):
            if isinstance(node, nodes.Getitem):
                self._use(node.arg, scope)
            elif isinstance(node, nodes.Filter):
                self._attribute(node, scope)
                for argument in (*node.args, *(pair.value for pair in node.kwargs)):
                    self._use(argument, scope)
            node = node.node


def _bind(target: Any, path: Path, scope: Scope) -> None:
    if isinstance(target, nodes.Name):
        scope[target.name] = path
        return
    for name in _names(target):
        scope[name] = None


def _names(target: Any) -> Iterator[str]:
    for node in target.find_all(nodes.Name):
        yield node.name
