"""The one language for conditions: and, or, not, comparisons, `in`, constants, `form.x`, `facts.x`.

A condition is read into a tree, checked against a short list of what is allowed and then walked.
Nothing is ever compiled or run, so a BPMN file cannot carry code into the server.
"""

import ast
import io
import keyword
import operator
import tokenize
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

NAMESPACES = ("form", "facts")
MAXIMUM_LENGTH = 500
MAXIMUM_NODES = 200

COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
HINT = (
    "Pakai hanya and, or, not, perbandingan (==, !=, <, <=, >, >=), in, nilai tetap, "
    "form.<isian> dan facts.<fakta>."
)


class ExpressionError(ValueError):
    """The text is not a condition of this language; the message says why."""


class EvaluationError(ValueError):
    """The condition is well written, but a name has no value or values cannot be compared."""


def parse(source: str) -> ast.expr:
    """Return the checked tree of a condition, or raise ExpressionError."""
    tree = _tree(source)
    _check_truth(tree)
    return tree


def reads(source: str) -> frozenset[tuple[str, str]]:
    """Return what a condition asks, as pairs: ("form", "keputusan"), ("facts", "lengkap")."""
    return frozenset(_names_in(parse(source)))


def comparisons(source: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield each name with each constant it is held against by ==, != or in."""
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Compare):
            yield from _constants_beside_names(node)


def evaluate(source: str, names: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return the value that Python would give, asking only for the names that are needed.

    `names` holds "form" and "facts". Raises ExpressionError for a text outside the language and
    EvaluationError for a name without a value or for values that cannot be compared.
    """
    return _value(parse(source), names)


@lru_cache(maxsize=1024)
def _tree(source: str) -> ast.expr:
    # Modelers wrap long lines; a condition is one line.
    text = " ".join(source.split("\n")).replace("\r", " ").replace("\t", " ").strip()
    if not text:
        raise ExpressionError("kondisi kosong")
    if len(text) > MAXIMUM_LENGTH:
        raise ExpressionError(f"kondisi lebih panjang dari {MAXIMUM_LENGTH} huruf")
    if "#" in text and _has_comment(text):
        raise ExpressionError("kondisi memuat catatan (#)")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else type(error).__name__
        raise ExpressionError(f"kondisi tidak terbaca ({reason})") from None
    if sum(1 for _ in ast.walk(tree)) > MAXIMUM_NODES:
        raise ExpressionError("kondisi terlalu rumit")
    _check(tree)
    return tree


def _has_comment(text: str) -> bool:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return False  # ast.parse says what is wrong
    return any(token.type == tokenize.COMMENT for token in tokens)


def _check(node: ast.expr) -> None:
    """Refuse everything that is not on the list."""
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _check_truth(value)
                _check(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check_truth(operand)
            _check(operand)
        case ast.Compare():
            _check_comparison(node)
        case _:
            _check_operand(node)


def _check_truth(node: ast.expr) -> None:
    """A lone text or number is always true: surely a comparison was forgotten."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
        raise ExpressionError(f"nilai {node.value!r} berdiri sendiri tanpa perbandingan")
    if isinstance(node, ast.Tuple | ast.List | ast.UnaryOp) and not (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    ):
        raise ExpressionError("sebuah nilai berdiri sendiri tanpa perbandingan")


def _check_comparison(node: ast.Compare) -> None:
    operands = [node.left, *node.comparators]
    for operator_node, right in zip(node.ops, node.comparators, strict=True):
        if type(operator_node) not in COMPARISONS:
            raise ExpressionError("perbandingan 'is' tidak dikenal; pakai == atau !=")
        if isinstance(operator_node, ast.In | ast.NotIn) and isinstance(right, ast.Constant):
            raise ExpressionError('sisi kanan "in" harus daftar, misalnya ("a", "b")')
    for operand in operands:
        if isinstance(operand, ast.Tuple | ast.List):
            for element in operand.elts:
                _check_constant(element)
        else:
            _check_operand(operand)


def _check_operand(node: ast.expr) -> None:
    if isinstance(node, ast.Attribute):
        _check_name(node)
    elif isinstance(node, ast.Constant | ast.UnaryOp):
        _check_constant(node)
    elif isinstance(node, ast.Name):
        raise ExpressionError(f"nama '{node.id}' tidak dikenal; tulis form.… atau facts.…")
    else:
        raise ExpressionError(f"'{ast.unparse(node)[:60]}' tidak diizinkan dalam kondisi")


def _check_constant(node: ast.expr) -> None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
        if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
            raise ExpressionError("tanda minus hanya untuk angka")
    if not isinstance(node, ast.Constant) or not (
        node.value is None or type(node.value) in (str, int, float, bool)
    ):
        raise ExpressionError(f"'{ast.unparse(node)[:60]}' bukan nilai tetap")


def _check_name(node: ast.Attribute) -> None:
    text = ast.unparse(node)[:60]
    if not isinstance(node.value, ast.Name):
        raise ExpressionError(f"'{text}' lebih dari satu tingkat")
    if node.value.id not in NAMESPACES:
        raise ExpressionError(f"nama '{text}' tidak dikenal; tulis form.… atau facts.…")
    if node.attr.startswith("_") or keyword.iskeyword(node.attr):
        raise ExpressionError(f"nama '{text}' tidak diizinkan")


def _names_in(tree: ast.expr) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr


def _constants_beside_names(node: ast.Compare) -> Iterator[tuple[tuple[str, str], Any]]:
    left = node.left
    for operator_node, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator_node, ast.Eq | ast.NotEq | ast.In | ast.NotIn):
            for name, other in ((left, right), (right, left)):
                if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
                    constants = other.elts if isinstance(other, ast.Tuple | ast.List) else [other]
                    for constant in constants:
                        if isinstance(constant, ast.Constant):
                            yield (name.value.id, name.attr), constant.value
        left = right


def _value(node: ast.expr, names: Mapping[str, Mapping[str, Any]]) -> Any:
    """Walk a checked tree as Python would: left to right, no further than needed."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Attribute(value=ast.Name(id=namespace), attr=name):
            return _look_up(names, namespace, name)
        case ast.BoolOp(op=op, values=values):
            return _boolean(isinstance(op, ast.Or), values, names)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, names)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.Tuple(elts=elements):
            return tuple(_value(element, names) for element in elements)
        case ast.List(elts=elements):
            return [_value(element, names) for element in elements]
        case ast.Compare():
            return _compare(node, names)
    raise ExpressionError(f"'{type(node).__name__}' tidak diizinkan dalam kondisi")


def _look_up(names: Mapping[str, Mapping[str, Any]], namespace: str, name: str) -> Any:
    try:
        return names[namespace][name]
    except KeyError:
        raise EvaluationError(f"{namespace}.{name} belum ada nilainya") from None


def _boolean(stop_at: bool, values: list[ast.expr], names: Mapping[str, Mapping[str, Any]]) -> Any:
    result: Any = None
    for value in values:
        result = _value(value, names)
        if bool(result) is stop_at:
            break
    return result


def _compare(node: ast.Compare, names: Mapping[str, Mapping[str, Any]]) -> Any:
    left = _value(node.left, names)
    result: Any = True
    for operator_node, comparator in zip(node.ops, node.comparators, strict=True):
        right = _value(comparator, names)
        try:
            result = COMPARISONS[type(operator_node)](left, right)
        except TypeError:
            text = ast.unparse(node)[:80]
            raise EvaluationError(f"nilai dalam '{text}' tidak dapat dibandingkan") from None
        if not result:
            return result
        left = right
    return result
