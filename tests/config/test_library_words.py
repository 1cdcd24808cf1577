"""What Django and viewflow may say to people has Indonesian words: Django's own, or ours."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import django
import viewflow
from django.utils.translation import gettext, ngettext, override, pgettext

DJANGO = Path(django.__file__).parent
VIEWFLOW = Path(viewflow.__file__).parent
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
ALIKE_HERE = frozenset(
    {"#", "%(label)s %(name)s", "AM/PM", "BPMN", "DD", "Format", "PNG", "Status", "Token"}
)
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


# {% trans "Back" %} and {% translate 'Back' %}; blocks are told by the text between their tags.
TAG = re.compile(r"""{%-?\s*trans(?:late)?\s+(["'])(.+?)\1""")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b.*?%}(.*?){%\s*endblocktrans", re.DOTALL)
PLURAL = re.compile(r"{%\s*plural\s*%}")
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


def in_template(source: str) -> Iterator[Words]:
    """Yield what a template has translated, as Django looks it up."""
    for _, text in TAG.findall(source):
        yield "", text, ""
    for block in BLOCK.findall(source):
        one, *many = PLURAL.split(VARIABLE.sub(r"%(\1)s", block))
        yield "", one, many[0] if many else ""


def said_by_viewflow() -> Iterator[Words]:
    for file in VIEWFLOW.rglob("*.py"):
        yield from marked(file.read_text())
    for file in VIEWFLOW.rglob("*.html"):
        yield from in_template(file.read_text())


def test_the_measure_reads_templates() -> None:
    counted = "{% blocktrans count n=n %}{{ n }} ewe{% plural %}{{ n }} ewes{% endblocktrans %}"
    source = '{% trans "Wool" %}' + counted
    assert list(in_template(source)) == [("", "Wool", ""), ("", "%(n)s ewe", "%(n)s ewes")]


def test_what_viewflow_says_is_indonesian() -> None:
    with override("id"):
        told = {words for words in said_by_viewflow() if words[1].strip()}
        missing = {words[1] for words in told if untranslated(words)}
    assert len(told) > 100
    assert missing - ALIKE - ALIKE_HERE == set()
