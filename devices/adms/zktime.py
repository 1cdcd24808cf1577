"""Times packed into one number, as terminals keep them: months of 31 days since 2000."""

from datetime import datetime

DAY = 24 * 60 * 60


def encode_time(moment: datetime) -> int:
    """Return a naive time as a terminal packs it."""
    days = ((moment.year - 2000) * 12 + moment.month - 1) * 31 + moment.day - 1
    return days * DAY + (moment.hour * 60 + moment.minute) * 60 + moment.second


def decode_time(packed: int) -> datetime:
    """Return the naive time of a packed number; ValueError for a day that does not exist."""
    days, seconds = divmod(packed, DAY)
    months, day = divmod(days, 31)
    years, month = divmod(months, 12)
    minutes, second = divmod(seconds, 60)
    return datetime(2000 + years, month + 1, day + 1, minutes // 60, minutes % 60, second)
