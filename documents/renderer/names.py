"""Names of Word's XML (ECMA-376 part 1)."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

# How the alternative text of a picture begins that is drawn from the words behind it.
LINE_ART = "gambar "


def w(name: str) -> str:
    """Return the full name of an element or attribute of WordprocessingML."""
    return f"{W}{name}"
