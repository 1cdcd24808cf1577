"""Guides as they are shown: Markdown of docs/panduan, its headings with anchors, its sections."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(settings.BASE_DIR) / "docs" / "panduan"
PICTURES = Path(settings.BASE_DIR) / "docs" / "pictures"
FIRST = "index"
SECTION = re.compile(r"<h2 id=\"([^\"]+)\">(.*?)</h2>", re.DOTALL)
# HTML in a guide is shown as the text it is; so nothing of ours has to be cleaned.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Section:
    """A part of a guide under its own heading."""

    anchor: str
    title: str
    text: str  # without marks, for searching


@dataclass(frozen=True)
class Guide:
    """One file of docs/panduan."""

    name: str
    title: str
    body: SafeString
    sections: Sequence[Section]


def anchor_of(title: str) -> str:
    """Return the anchor of a heading, the same as where the files are read on the web."""
    return "-".join(re.findall(r"[\w]+", title.lower()))


def names() -> list[str]:
    """Return the names of all guides, the first page first."""
    found = sorted(path.stem for path in FOLDER.glob("*.md"))
    return sorted(found, key=lambda name: name != FIRST)


@lru_cache(maxsize=64)
def guide(name: str) -> Guide | None:
    """Return a guide; None where there is none of this name."""
    if name not in names():
        return None
    tokens = MARKDOWN.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    title = name
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor_of(following.content))
            title = following.content if token.tag == "h1" else title
        _lead_here(token)
    # The page shows the title itself.
    body = MARKDOWN.renderer.render(_without_title(tokens), MARKDOWN.options, {})
    # Written by the renderer from files of the product, whose HTML it escapes.
    return Guide(name, title, mark_safe(body), tuple(_sections(body)))  # noqa: S308


def _lead_here(token: Token) -> None:
    """Turn links between the files, and to pictures, into addresses of the site."""
    for child in token.children or []:
        if child.type == "link_open":
            target = str(child.attrGet("href"))
            file, _, anchor = target.partition("#")
            if file.endswith(".md") and "/" not in file:
                way = reverse("help:guide", args=[file.removesuffix(".md")])
                child.attrSet("href", f"{way}#{anchor}" if anchor else way)
        if child.type == "image":
            name = str(child.attrGet("src")).rpartition("/")[2]
            child.attrSet("src", reverse("help:picture", args=[name]))
            child.attrSet("loading", "lazy")


def _without_title(tokens: Sequence[Token]) -> list[Token]:
    return list(tokens[3:]) if tokens and tokens[0].tag == "h1" else list(tokens)


def _sections(body: str) -> Iterator[Section]:
    found = list(SECTION.finditer(body))
    ends = [match.start() for match in found[1:]] + [len(body)]
    for match, end in zip(found, ends, strict=True):
        text = " ".join(unescape(strip_tags(body[match.end() : end])).split())
        yield Section(match[1], unescape(strip_tags(match[2])), text)


def search(words: str) -> list[tuple[Guide, Section]]:
    """Return the sections in which every word stands, those with it in their title first."""
    wanted = words.lower().split()
    if not wanted:
        return []
    guides = [found for name in names() if (found := guide(name))]
    hits = [
        (one, section)
        for one in guides
        for section in one.sections
        if all(word in f"{section.title} {section.text}".lower() for word in wanted)
    ]
    return sorted(hits, key=lambda hit: not all(word in hit[1].title.lower() for word in wanted))
