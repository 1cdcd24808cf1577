"""Jinja for templates of an office: names of data, if, for, set and a few filters, nothing else.

What a template says is refused when it is read, so that a hostile one never runs; what is left runs
in Jinja's immutable sandbox on plain data.
"""

from collections.abc import Callable, Container
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.filters import _GroupTuple
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents.renderer.text import as_attribute, as_run

# Without all that makes markup of data, formats through attributes, draws lots or reaches methods.
FILTERS = frozenset({
    "abs", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "first",
    "float", "format", "groupby", "indent", "int", "items", "join", "last", "length", "list",
    "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round",
    "select", "selectattr", "slice", "sort", "string", "sum", "title", "trim", "truncate",
    "unique", "upper", "wordcount",
})  # fmt: skip
FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from … import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.AssignBlock: "set … endset",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.NSRef: "namespace",
}
LOOP_CALLS = ("cycle", "changed")
IN_ATTRIBUTE = " in attribute"  # names of filters that no template can write


class Forbidden(SecurityError):
    """A template uses what it may not; `lineno` is the line of its source."""

    def __init__(self, what: str, lineno: int) -> None:
        super().__init__(what)
        self.lineno = lineno


class Record(dict[str, Any]):
    """A dict of the context that knows where it stands, for the message about a missing name."""

    def __init__(self, content: dict[str, Any], path: str) -> None:
        super().__init__(content)
        self.path = path


_NESTED = frozenset({dict, list})


def with_paths(value: Any, path: str = "") -> Any:
    """Return plain data (dict, list, text, numbers) with each dict as a Record."""
    if isinstance(value, dict):
        record, prefix = Record(value, path), f"{path}." if path else ""
        for key, child in value.items():
            if type(child) in _NESTED:
                record[key] = with_paths(child, f"{prefix}{key}")
        return record
    if isinstance(value, list) and not _NESTED.isdisjoint(map(type, value)):
        return [with_paths(row, f"{path}[{i}]") for i, row in enumerate(value, start=1)]
    return value


class Missing(StrictUndefined):
    """Whatever is done with a name that is not there fails and says which name it was."""

    @property
    def _undefined_message(self) -> str:
        if isinstance(self._undefined_obj, Record) and self._undefined_obj.path:
            return f"{self._undefined_obj.path}.{self._undefined_name}"
        return str(self._undefined_name or self._undefined_hint)


def printed(value: Any) -> str:
    """Return the text that a `{{ }}` prints, as an office writes it.

    Raises UndefinedError on a missing name, TypeError on a list or a record.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    if isinstance(value, (str, int, Missing)):
        return str(value)
    raise TypeError("a list or a record is no text")


def literal(value: Any) -> str:
    """Return what a `{{ }}` puts into a w:t."""
    if type(value) is str:
        return as_run(value)
    if type(value) is int:
        return str(value)
    return as_run(printed(value))


def in_attribute(value: Any) -> str:
    """Return what a `{{ }}` puts into an attribute."""
    return as_attribute(value if type(value) is str else printed(value))


class Generator(CodeGenerator):
    """Each `{{ }}` goes through `literal` or `in_attribute`, and no text is ever trusted."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        const = node.as_const(frame.eval_ctx)
        if isinstance(node, nodes.TemplateData) or _is_attribute(node):
            return str(const)
        return literal(const)

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        self.write("(" if _is_attribute(node) else "environment.finalize(")

    def _output_child_post(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        self.write(")")


def _is_attribute(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Filter) and node.name == IN_ATTRIBUTE


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without globals; `a.b` is a key of a record and never a method of anything."""

    code_generator_class = Generator

    def __init__(self, rewrite: Callable[[nodes.Template], None] | None = None) -> None:
        """`rewrite` may change the syntax tree of a template that was found harmless."""
        super().__init__(undefined=Missing, finalize=literal)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters |= {"e": printed, "escape": printed, IN_ATTRIBUTE: in_attribute}
        self.rewrite = rewrite

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        check(tree, self.filters)
        guard_attributes(tree)
        if self.rewrite:
            self.rewrite(tree)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is Record:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        if isinstance(obj, (LoopContext, _GroupTuple)):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (LookupError, TypeError):
            return self.getattr(obj, argument if isinstance(argument, str) else "[]")


def check(tree: nodes.Template, filters: Container[str]) -> None:
    """Raise Forbidden at the first thing in the template that is not for templates."""
    for kind, word in FORBIDDEN.items():
        for node in tree.find_all(kind):
            raise Forbidden(word, node.lineno)
    for used in tree.find_all(nodes.Filter):
        if used.name not in filters or used.name.startswith(" "):
            raise Forbidden(f"|{used.name}", used.lineno)
    for call in tree.find_all(nodes.Call):
        called = call.node
        harmless = (
            isinstance(called, nodes.Getattr)
            and isinstance(called.node, nodes.Name)
            and called.node.name == "loop"
            and called.attr in LOOP_CALLS
        )
        if not harmless:
            raise Forbidden("( )", call.lineno)
    for loop in tree.find_all(nodes.For):
        if loop.recursive:
            raise Forbidden("recursive", loop.lineno)
    for name in tree.find_all(nodes.Name):
        if name.name.startswith("_"):
            raise Forbidden(name.name, name.lineno)
    for part in tree.find_all(nodes.Getattr):
        if part.attr.startswith("_"):
            raise Forbidden(part.attr, part.lineno)


def guard_attributes(tree: nodes.Node) -> None:
    """Escape for attributes what is printed between `<` and `>`; the rest stands in a w:t."""
    inside = False
    for output in tree.find_all(nodes.Output):
        for index, child in enumerate(output.nodes):
            if isinstance(child, nodes.TemplateData):
                if "<" in child.data or ">" in child.data:
                    inside = child.data.rfind("<") > child.data.rfind(">")
            elif inside:
                output.nodes[index] = nodes.Filter(
                    child, IN_ATTRIBUTE, [], [], None, None, lineno=child.lineno
                )
