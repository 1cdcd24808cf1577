"""Any text as what may stand in XML: escaped, and without what XML cannot carry."""

import re

# Markup, control characters, halves of surrogate pairs and the two that are no characters.
_UNUSUAL = re.compile("[&<>\"'\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_SAFE = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}
_IN_TEXT = _SAFE | {
    "\n": '</w:t><w:br/><w:t xml:space="preserve">',
    "\t": '</w:t><w:tab/><w:t xml:space="preserve">',
}
_IN_ATTRIBUTE = _SAFE | {"\n": " ", "\t": " "}
_REPLACEMENT = "\ufffd"


def as_run(text: str) -> str:
    """Return what stands for the text within a w:t: lines stay lines, tabs stay tabs."""
    if _UNUSUAL.search(text) is None:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNUSUAL.sub(lambda found: _IN_TEXT.get(found[0], _REPLACEMENT), text)


def as_attribute(text: str) -> str:
    """Return what stands for the text between the quotes of an attribute."""
    if _UNUSUAL.search(text) is None:
        return text
    return _UNUSUAL.sub(lambda found: _IN_ATTRIBUTE.get(found[0], _REPLACEMENT), text)
