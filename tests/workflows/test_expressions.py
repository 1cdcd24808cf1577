"""The language of conditions: what it reads, what it refuses, and that it only ever reads."""

import builtins
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import expressions
from workflows.expressions import EvaluationError, ExpressionError

NAMES: Mapping[str, Mapping[str, Any]] = {
    "form": {"a": 3, "b": "lanjut", "c": ["x", "y"], "d": "", "e": None},
    "facts": {"ya": True, "tidak": False, "n": 0},
}


class Namespace:
    """Lets Python itself read form.a, to compare with."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)


def by_python(source: str) -> Any:
    return eval(source, {"__builtins__": {}}, {n: Namespace(v) for n, v in NAMES.items()})  # noqa: S307


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("form.b == 'lanjut' and form.a > 2", True),
        ("not facts.tidak", True),
        ("facts.tidak or form.a == 4", False),
        ("form.b in ('lanjut', 'ulang')", True),
        ("'z' not in form.c", True),
        ("1 < form.a <= 3", True),
        ("form.a == -3", False),
        ("form.e == None", True),
        ("form.b == 'x' or\n   facts.ya", True),
        ("  facts.ya  ", True),
        ("form.b != 'a # b'", True),
    ],
)
def test_a_condition_is_evaluated(source: str, value: Any) -> None:
    assert expressions.evaluate(source, NAMES) == value


@pytest.mark.parametrize(
    "source",
    [
        "", "  ", "form", "facts", "a", "form.a.b", "form._a", "form.__class__", "().__class__",
        "form['a']", "form.a()", "len(form.c)", "__import__('os')", "lambda: 1", "[x for x in ()]",
        "form.a + 1 == 2", "form.a if facts.ya else 1", "f'{form.b}' == 'x'", "b'x' == form.b",
        "form.a is None", "form.b in 'lanjutan'", "-form.a == 1", "~1 == 1", "+1 == form.a",
        "{'a'} == form.c", "{'a': 1} == form.c", "form.a == (form.b,)", "... == form.a",
        "1j == form.a", "'lanjut'", "3", "('a',)", "-1", "facts.ya and 'lanjut'", "not 3",
        "form.class == 1", "(form := 1)", "*form.c", "await form.a", "yield", "form.a; form.b",
        "import os", "form.a == 1 # tetapi", "\0", "form.a == \ud800", "not " * 120 + "facts.ya",
        "(" * 240 + "1" + ")" * 240, "facts.ya" + " and facts.ya" * 60,
        "'" + "x" * 600 + "' == form.b",
    ],
)  # fmt: skip
def test_what_is_outside_the_language_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        expressions.parse(source)
    with pytest.raises(ExpressionError):
        expressions.evaluate(source, NAMES)


def test_a_name_without_a_value_is_named() -> None:
    with pytest.raises(EvaluationError, match=r"form\.hilang belum ada nilainya"):
        expressions.evaluate("form.hilang == 1", NAMES)


def test_values_that_cannot_be_compared_are_told() -> None:
    with pytest.raises(EvaluationError, match="tidak dapat dibandingkan"):
        expressions.evaluate("form.b < 3", NAMES)


def test_only_what_is_needed_is_asked() -> None:
    asked: list[str] = []

    class Facts(Mapping[str, Any]):
        def __getitem__(self, name: str) -> Any:
            asked.append(name)
            return name == "satu"

        def __iter__(self) -> Iterator[str]:
            return iter(())

        def __len__(self) -> int:
            return 0

    expressions.evaluate("facts.satu or facts.dua", {"facts": Facts(), "form": {}})
    assert asked == ["satu"]


def test_reads_tells_every_name() -> None:
    names = expressions.reads("form.a == 1 or facts.ya and form.b in ('x',)")
    assert names == {("form", "a"), ("form", "b"), ("facts", "ya")}


def test_comparisons_tell_what_each_name_is_held_against() -> None:
    pairs = list(expressions.comparisons("form.b in ('x', 'y') or 'z' == form.b or form.a > 2"))
    assert sorted(pairs) == [(("form", "b"), "x"), (("form", "b"), "y"), (("form", "b"), "z")]


constants = st.one_of(
    st.integers(-9, 9),
    st.booleans(),
    st.none(),
    st.sampled_from(["lanjut", "x", "", "'"]),
    st.floats(-2, 2),
).map(repr)
operands = st.one_of(
    st.sampled_from([f"{space}.{name}" for space, values in NAMES.items() for name in values]),
    constants,
)
lists = st.lists(constants, max_size=3).map(lambda items: f"[{', '.join(items)}]")
compared = st.one_of(
    st.tuples(operands, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), operands),
    st.tuples(operands, st.sampled_from(["in", "not in"]), st.one_of(lists, st.just("form.c"))),
).map(" ".join)
chained = st.tuples(operands, operands, operands).map(lambda three: " <= ".join(three))
leaves = st.one_of(
    compared, chained, st.sampled_from(["facts.ya", "facts.tidak", "form.c", "True"])
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        inner.map(lambda text: f"(not {text})"),
    ),
    max_leaves=8,
)


@given(conditions)
@settings(max_examples=100, deadline=None)
def test_a_condition_means_what_python_means(source: str) -> None:
    try:
        expected = by_python(source)
    except TypeError:
        with pytest.raises(EvaluationError):
            expressions.evaluate(source, NAMES)
    else:
        found = expressions.evaluate(source, NAMES)
        assert (found, type(found)) == (expected, type(expected))


attacks = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="form.acts_()[]'\"=<>!, :#\\{}*+-0123lambdeiyx\n\t", max_size=60),
    st.lists(
        st.sampled_from(
            ["form", "facts", ".", "ya", "__class__", "(", ")", "[", "]", "and", "or", "not", "in",
             "==", "lambda", ":", "eval", "open", "'x'", "print", ",", " ", "exec", "breakpoint"]
        ),
        max_size=14,
    ).map(" ".join),
)  # fmt: skip


@given(attacks)
@settings(max_examples=100, deadline=None)
@pytest.mark.fault("F51")
def test_no_text_is_ever_run(source: str) -> None:
    touched: list[str] = []

    def alarm(name: str) -> Any:
        return lambda *args, **kwargs: touched.append(name)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("eval", "exec", "open", "print", "breakpoint"):
            patch.setattr(builtins, name, alarm(name))
        patch.setattr(os, "system", alarm("system"))
        with suppress(ExpressionError, EvaluationError):
            expressions.evaluate(source, NAMES)
    assert touched == []
