"""How many pages a scan has, counted without running or drawing anything of it."""

import io
import logging

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, NumberObject

from foundation.uploads import CheckedUpload, Kind

MOST_PAGES = 10_000  # more than that is no letter but a broken or hostile file

# What is wrong with somebody's file is told to him, not to the log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def count_pages(scan: CheckedUpload) -> int:
    """Return the number of pages: 1 for a picture, 0 for a PDF that does not say (or is locked).

    Only the number that the catalogue states is read; the pages themselves stay closed. Who checks
    the letter looks at a scan of unknown length with his own eyes.
    """
    if scan.kind is not Kind.PDF:
        return 1
    try:
        reader = PdfReader(io.BytesIO(scan.content), strict=False)
        if reader.is_encrypted:
            return 0
        pages = reader.root_object["/Pages"].get_object()
        count = pages["/Count"] if isinstance(pages, DictionaryObject) else None
    except Exception:  # a broken PDF fails in any way; none of them is ours
        return 0
    if not isinstance(count, NumberObject) or not 0 < count <= MOST_PAGES:
        return 0
    return int(count)
