"""Small Word files for tests, and what stands in one."""

import io
from functools import cache

from docx import Document as WordFile


@cache  # a Word file tells the second in which it was saved
def make_template(*paragraphs: str) -> bytes:
    word = WordFile()
    for text in paragraphs:
        word.add_paragraph(text)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def text_of(content: bytes) -> list[str]:
    """Return the paragraphs of a Word file, those of its tables after the others."""
    word = WordFile(io.BytesIO(content))
    texts = [paragraph.text for paragraph in word.paragraphs]
    for table in word.tables:
        for row in table.rows:
            texts += [paragraph.text for cell in row.cells for paragraph in cell.paragraphs]
    return texts
