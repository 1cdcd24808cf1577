"""Files that forms carried, held against the hash under which they were received."""

import hashlib

from processes.models import Attachment


def is_as_received(row: Attachment) -> bool:
    """Say whether the stored bytes are those that were uploaded; a missing file is not."""
    try:
        with row.file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == row.sha256
    except OSError:
        return False
