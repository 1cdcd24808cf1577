"""Fills a Word template; the one door to docxtpl.

A script without Django: it reads one job on stdin, writes the Word file on stdout and ends, so that
a template that eats memory or time takes only this process with it. `documents.filling` is its
parent. Job: 8 bytes length, JSON {"context": ..., "check": bool}, then the template.
Answer: one line of JSON {"ok": true} or {"error": kind, "detail": text}, then the file.

A template is code that an office edits: it runs in a sandbox that knows nothing but the data.
The data are text that anybody typed: they never become markup.
"""

import io
import json
import re
import resource
import struct
import sys
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MEMORY_BYTES = 1024**3
CPU_SECONDS = 10

# What XML 1.0 cannot carry at all, and the two that docxtpl turns into a paragraph and a page.
_IMPOSSIBLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Record(dict[str, Any]):
    """A dict of the context that knows where it stands, for the message about a missing name."""

    def __init__(self, content: dict[str, Any], path: str) -> None:
        super().__init__(content)
        self.path = path


def with_paths(value: Any, path: str = "") -> Any:
    if isinstance(value, dict):
        prefix = f"{path}." if path else ""
        return Record({k: with_paths(v, f"{prefix}{k}") for k, v in value.items()}, path)
    if isinstance(value, list):
        return [with_paths(row, f"{path}[{i}]") for i, row in enumerate(value, start=1)]
    return value


class Missing(StrictUndefined):
    """Whatever is done with a name that is not there fails and says which name it was."""

    @property
    def _undefined_message(self) -> str:
        if isinstance(self._undefined_obj, Record) and self._undefined_obj.path:
            return f"{self._undefined_obj.path}.{self._undefined_name}"
        return str(self._undefined_name or self._undefined_hint)


def literal(value: Any) -> Any:
    """Return what a `{{ }}` prints: escaped, without what would become markup later.

    docxtpl rewrites `{_{` in its own output; as a character reference the brace is left alone.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    if isinstance(value, str) and not isinstance(value, Markup):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        text = str(escape(_IMPOSSIBLE.sub("\ufffd", text)))
        for sign in "{}%":
            text = text.replace(sign, f"&#{ord(sign)};")
        return Markup(text)  # noqa: S704  escaped one line above
    return value


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without globals; `a.b` on a record is its key and never a method of dict."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=Missing, finalize=literal)
        self.globals.clear()

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Record):
            return self.getitem(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Record):
            found = obj.get(argument, self)
            return self.undefined(obj=obj, name=argument) if found is self else found
        return super().getitem(obj, argument)


def follow_cells(table: Any) -> None:
    """Give each column the width that its cells ask for.

    A `{%tc for %}` changes the number of columns; the library then makes all of them alike wide.
    """
    for row in table.iterfind(f"{W}tr"):
        widths = [cell.find(f"{W}tcPr/{W}tcW") for cell in row.iterfind(f"{W}tc")]
        columns = table.findall(f"{W}tblGrid/{W}gridCol")
        if len(widths) == len(columns) and all(
            width is not None and width.get(f"{W}type") == "dxa" for width in widths
        ):
            for column, width in zip(columns, widths, strict=True):
                column.set(f"{W}w", width.get(f"{W}w"))
            return


class WordTemplate(DocxTemplate):
    """docxtpl, but a broken result is an error and the file's properties are left alone."""

    def fix_tables(self, xml: str) -> Any:
        # The library parses with recover=True, which cuts text away without a word.
        etree.fromstring(xml.encode(), parser=etree.XMLParser(resolve_entities=False))
        tree = super().fix_tables(xml)
        for table in tree.iter(f"{W}tbl"):
            follow_cells(table)
        return tree

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        # They would be escaped twice; nothing of the data belongs there.
        return


def fill(template: bytes, context: dict[str, Any]) -> bytes:
    """Return the Word file that the template makes of the context."""
    word = WordTemplate(io.BytesIO(template))
    word.render(with_paths(context), jinja_env=Sandbox(), autoescape=True)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def names_in(template: bytes) -> list[str]:
    """Return the top-level names that a template asks for; raises on a syntax error."""
    word = WordTemplate(io.BytesIO(template))
    return sorted(word.get_undeclared_template_variables(Sandbox()))


def work(order: dict[str, Any], template: bytes) -> tuple[dict[str, Any], bytes]:
    if order.get("check"):
        return {"ok": True, "names": names_in(template)}, b""
    return {"ok": True}, fill(template, order["context"])


def answer(job: bytes) -> tuple[dict[str, Any], bytes]:
    """Do one job; return the line of JSON and the file. Never tells a value of the context."""
    (length,) = struct.unpack(">Q", job[:8])
    order, template = json.loads(job[8 : 8 + length]), job[8 + length :]
    try:
        return work(order, template)
    except UndefinedError as error:
        return {"error": "missing", "detail": error.message or ""}, b""
    except SecurityError:
        return {"error": "forbidden", "detail": ""}, b""
    except TemplateSyntaxError as error:
        place = " ".join("".join(getattr(error, "docx_context", [])).split())
        return {"error": "syntax", "detail": f"{error.message} ({place[:200]})"}, b""
    except etree.XMLSyntaxError:
        return {"error": "broken", "detail": ""}, b""
    except (MemoryError, RecursionError, OverflowError):
        return {"error": "too_big", "detail": ""}, b""
    except Exception as error:  # the parent shows it; the child must always answer
        return {"error": "other", "detail": type(error).__name__}, b""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    head, content = answer(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
