"""Times of the 4370 protocol taken apart, those of many records at once. Pure.

A time is a number: seconds, minutes, hours, then days, months and years, as if every month had 31
days. All numbers stand side by side in one big integer, each in a lane that is wide enough for
every product below: one multiplication of the big integer multiplies all of them, and a division
is a multiplication and a shift. Python does per record what it would have done per log.
"""

from functools import lru_cache

LANE = 7  # bytes
DAY = 86_400
FACTOR = 128  # of the seconds of a day: without it they divide in fewer bits


def parts_of(ticks: list[bytes]) -> list[bytes]:
    """Return year, month, day, hour, minute and second, a byte per record; all count from 0.

    `ticks` are the four bytes of each time, the lowest first, a column each.
    """
    count = len(ticks[0])
    lanes = bytearray(LANE * count)
    for place, column in enumerate(ticks):
        lanes[place::LANE] = column
    time = int.from_bytes(lanes, "little")
    days = _quotients(_shifted(time, 7, 25, count), DAY // FACTOR, 35, 16, count)
    seconds = time - days * DAY
    hours = _quotients(seconds, 3600, 32, 5, count)
    seconds -= hours * 3600
    minutes = _quotients(seconds, 60, 20, 6, count)
    seconds -= minutes * 60
    months = _quotients(days, 31, 24, 11, count)
    days -= months * 31
    years = _quotients(months, 12, 18, 8, count)
    months -= years * 12
    parts = years | months << 8 | days << 16 | hours << 24 | minutes << 32 | seconds << 40
    table = parts.to_bytes(LANE * count, "little")
    return [table[place::LANE] for place in range(6)]


def _quotients(lanes: int, divisor: int, shift: int, bits: int, count: int) -> int:
    """Divide each lane; exact for the numbers that occur, as the tests show for all of them."""
    return _shifted(lanes * (-(-(1 << shift) // divisor)), shift, bits, count)


def _shifted(lanes: int, shift: int, bits: int, count: int) -> int:
    return lanes >> shift & _mask(bits, count)


@lru_cache(maxsize=16)
def _mask(bits: int, count: int) -> int:
    return int.from_bytes(((1 << bits) - 1).to_bytes(LANE, "little") * count, "little")
