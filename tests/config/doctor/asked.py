"""How a test asks one check of the doctor."""

from datetime import UTC, datetime

from config.doctor import Level, Row, examine

NOW = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)


def rows_of(subject: str, now: datetime = NOW) -> list[Row]:
    return [row for row in examine(now=now) if row.subject == subject]


def levels_of(subject: str, now: datetime = NOW) -> list[Level]:
    found = rows_of(subject, now)
    # Whatever is wrong comes with what to do.
    assert [row.text for row in found if row.level is not Level.FINE and not row.advice] == []
    return [row.level for row in found]
