"""Text that programs send: none that no database keeps."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from foundation.middleware import NUL


def _storable(value: str) -> str:
    if NUL in value:
        raise ValueError("memuat huruf yang tidak dapat disimpan")
    return value


Words = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_storable)]
Line = Annotated[str, StringConstraints(max_length=120), AfterValidator(_storable)]
# Visible ASCII, as a header carries it.
Key = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
