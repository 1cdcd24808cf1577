"""Jinja for templates of an office: names of data, if, for, set and a few filters, nothing else.

What a template says is refused when it is read, so that a hostile one never runs; what is left runs
in Jinja's immutable sandbox on plain data.
"""

from collections.abc import Callable, Container, Iterator
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, optimizeconst
from jinja2.exceptions import SecurityError
from jinja2.filters import _GroupTuple
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents.renderer.catching import ROW
from documents.renderer.text import as_attribute, as_run
from documents.renderer.turns import TURN, Turns

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
LEAVES = frozenset({nodes.TemplateData, nodes.Name, nodes.Const})
LOOP_CALLS = ("cycle", "changed")
SHORT, MANY = 40, 10_000  # characters and number of the texts that are remembered


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


class Texts(dict[str, str]):
    """What stands for a value in the file, made once for each short text: a matrix repeats few.

    Only texts are remembered: 1 and True are the same key and not the same text.
    """

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, value: Any) -> str:
        text = self.make(value)
        if type(value) is str and len(value) <= SHORT and len(self) < MANY:
            self[value] = text
        return text


class Generator(CodeGenerator):
    """Each `{{ }}` goes through `literal` or `in_attribute`, and no text is ever trusted."""

    environment: "Sandbox"

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        const = node.as_const(frame.eval_ctx)
        if isinstance(node, nodes.TemplateData):
            return str(const)
        return in_attribute(const) if _is_in_attribute(node) else literal(const)

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        self.write("(str(t_value) if type(t_value := ")

    def _output_child_post(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        """Most of a matrix are whole numbers: these need neither escaping nor remembering."""
        kind = "in_attributes" if _is_in_attribute(node) else "in_texts"
        self.write(f") is int else environment.{kind}[t_value])")

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Any) -> None:
        """A key of a record is looked up on the spot; for all else asks `Sandbox.getattr`."""
        self.write(f"(t_record[{node.attr!r}] if type(t_record := ")
        self.visit(node.node, frame)
        self.write(f") is environment.record and {node.attr!r} in t_record")
        self.write(f" else environment.getattr(t_record, {node.attr!r}))")

    def visit_FilterBlock(self, node: nodes.FilterBlock, frame: Any) -> None:
        """What `rows` and `turns` wrapped: templates of an office have no such blocks."""
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        if node.filter.name == TURN:
            self._visit_turn(node, frame, inner)
        elif node.filter.name == ROW:
            self._visit_body(node, inner)
            self.writeline(f"{self.filters[ROW]}({inner.buffer})")
            self.leave_frame(inner)
        else:
            super().visit_FilterBlock(node, frame)

    def _visit_turn(self, node: nodes.FilterBlock, frame: Any, inner: Any) -> None:
        """Write the body only where the value has not come before."""
        target: Any = node.filter.node
        value, turn = frame.symbols.ref(target.name), self.temporary_identifier()
        turns = f"environment.turns[{len(self.environment.turns)}]"
        self.environment.turns.append(Turns())
        plain = f"type({value}) is str or type({value}) is int"
        self.writeline(f"{turn} = {turns}.get({value}) if {plain} else None")
        self.writeline(f"if {turn} is None:")
        self.indent()
        self._visit_body(node, inner)
        self.writeline(f"{turn} = {turns}.keep({value}, concat({inner.buffer}))")
        self.leave_frame(inner)
        self.outdent()
        self.start_write(frame, node)
        self.write(turn)
        self.end_write(frame)

    def _visit_body(self, node: nodes.FilterBlock, inner: Any) -> None:
        self.enter_frame(inner)
        self.buffer(inner)
        self.blockvisit(node.body, inner)


def _is_in_attribute(node: nodes.Expr) -> bool:
    return getattr(node, "in_attribute", False)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without globals; `a.b` is a key of a record and never a method of anything."""

    code_generator_class = Generator
    record = Record

    def __init__(self, rewrite: Callable[[nodes.Template], None] | None = None) -> None:
        """`rewrite` may change the syntax tree of a template that was found harmless."""
        super().__init__(undefined=Missing, optimized=False)  # a template runs once
        self.in_texts, self.in_attributes = Texts(literal), Texts(in_attribute)
        self.turns: list[Turns] = []
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters |= {"e": printed, "escape": printed}
        self.rewrite = rewrite

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        found = list(walked(tree))
        check(found, self.filters)
        guard_attributes(found)
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
        if isinstance(obj, Missing):
            obj._fail_with_undefined_error()  # the record itself is what is missing
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (LookupError, TypeError):
            return self.getattr(obj, argument if isinstance(argument, str) else "[]")


def walked(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Yield all nodes of a syntax tree in the order of the template."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if type(node) not in LEAVES:
            waiting.extend(reversed(list(node.iter_child_nodes())))


def check(found: list[nodes.Node], filters: Container[str]) -> None:
    """Raise Forbidden at the first thing in the template that is not for templates."""
    for node in found:
        if type(node) is nodes.TemplateData:
            continue
        word = FORBIDDEN.get(type(node), "")
        if isinstance(node, nodes.Filter) and node.name not in filters:
            word = f"|{node.name}"
        elif isinstance(node, nodes.Call) and not _is_harmless(node):
            word = "( )"
        elif isinstance(node, nodes.For) and node.recursive:
            word = "recursive"
        elif isinstance(node, nodes.Name) and node.name.startswith("_"):
            word = node.name
        elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            word = node.attr
        if word:
            raise Forbidden(word, node.lineno)


def _is_harmless(call: nodes.Call) -> bool:
    """Tell whether it is `loop.cycle(...)` or `loop.changed(...)`."""
    called = call.node
    return (
        isinstance(called, nodes.Getattr)
        and isinstance(called.node, nodes.Name)
        and called.node.name == "loop"
        and called.attr in LOOP_CALLS
    )


def guard_attributes(found: list[nodes.Node]) -> None:
    """Escape for attributes what is printed between `<` and `>`; the rest stands in a w:t."""
    inside = False
    for output in found:
        if not isinstance(output, nodes.Output):
            continue
        for child in output.nodes:
            if isinstance(child, nodes.TemplateData):
                if "<" in child.data or ">" in child.data:
                    inside = child.data.rfind("<") > child.data.rfind(">")
            elif inside:
                child.in_attribute = True  # type: ignore[attr-defined]
