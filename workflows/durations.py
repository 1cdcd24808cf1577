"""Durations as SOP files write them (ISO 8601) and as people read them (Indonesian words)."""

import re
from datetime import timedelta

from foundation.indonesian import duration_text

LONGEST = timedelta(days=366)
PATTERN = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W|"
    r"(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,6})S)?)?)",
    re.ASCII,
)


class DurationError(ValueError):
    """The text is not a duration that can be measured; the message says what to write."""


def parse(text: str) -> timedelta:
    """Return the length of a literal ISO 8601 duration such as PT5M, PT1H30M or P3D.

    Years and months have no fixed length and are refused, as are zero and more than 366 days.
    """
    match = PATTERN.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise DurationError(
            f"'{text.strip()[:40]}' bukan lama waktu ISO 8601; tulis misalnya PT5M, PT1H30M, P3D"
        )
    length = timedelta(**{unit: int(value) for unit, value in match.groupdict().items() if value})
    if not timedelta() < length <= LONGEST:
        raise DurationError(f"'{text.strip()}' harus lebih dari nol dan paling lama 366 hari")
    return length


def in_words(length: timedelta) -> str:
    """Return a length as a SOP sheet writes it: "62 menit", "20 menit 30 detik", "3 hari 2 jam".

    Up to two hours it is told in minutes, as the sheets do.
    """
    seconds = round(length.total_seconds())
    if not 3600 <= seconds < 7200:
        return duration_text(length)
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} menit {rest} detik" if rest else f"{minutes} menit"
