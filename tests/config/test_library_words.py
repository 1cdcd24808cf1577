"""What Django may say to people has Indonesian words: its own, or ours."""

import ast
from collections.abc import Iterator
from pathlib import Path

import django
from django.utils.translation import gettext, ngettext, override, pgettext

DJANGO = Path(django.__file__).parent
# Forms, refusals of values and passwords, dates, pages of lists: what reaches a page.
SPOKEN = (
    "forms/*.py", "core/validators.py", "core/paginator.py", "db/models/fields/*.py",
    "contrib/auth/forms.py", "contrib/auth/password_validation.py", "contrib/auth/validators.py",
    "template/defaultfilters.py", "utils/timesince.py", "utils/dates.py", "views/generic/*.py",
)  # fmt: skip
# Written alike in both languages.
ALIKE = frozenset({
    "April", "September", "November", "Email", "URL", "IPv4", "IPv6", ":", ":?.!", ", ", "…",
    "jan", "feb", "mar", "apr", "jun", "jul", "sep", "nov",
    "Jan.", "Feb.", "Nov.",
    "%s KB", "%s MB", "%s GB", "%s TB", "%s PB",
})  # fmt: skip
Words = tuple[str, str, str]


def spoken() -> Iterator[Words]:
    """Yield context, one and many of each text that these files have translated."""
    for pattern in SPOKEN:
        for file in DJANGO.glob(pattern):
            yield from marked(file.read_text())


def marked(source: str) -> Iterator[Words]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = node.func.id.removesuffix("_lazy")
        said = [a.value for a in node.args if isinstance(a, ast.Constant)]
        texts = [text for text in said if isinstance(text, str)]
        if name in ("_", "gettext") and texts:
            yield "", texts[0], ""
        elif name == "pgettext" and len(texts) > 1:
            yield texts[0], texts[1], ""
        elif name == "ngettext" and len(texts) > 1:
            yield "", texts[0], texts[1]


def untranslated(words: Words) -> bool:
    context, one, many = words
    if many:
        return ngettext(one, many, 2) in (one, many)
    return (pgettext(context, one) if context else gettext(one)) == one


def test_the_measure_finds_what_nobody_translated() -> None:
    found = list(marked('_("Wool")\nngettext_lazy("%d ewe", "%d ewes", n)\nother("Ram")'))
    assert found == [("", "Wool", ""), ("", "%d ewe", "%d ewes")]
    with override("id"):
        assert all(untranslated(words) for words in found)


def test_what_django_says_to_people_is_indonesian() -> None:
    with override("id"):
        told = [words for words in spoken() if words[1].strip()]
        missing = {words[1] for words in told if untranslated(words)}
    assert len(told) > 150
    assert missing - ALIKE == set()
