"""What is left out is said in one line, and refused where everything is required."""

from tests.servers import Server, left_out, refusal

POSTGRESQL = Server("postgresql", "postgresql", "PostgreSQL", "tidak ada server di localhost")
REDIS = Server("redis", "redis", "Redis", "")


def test_what_is_missing_is_named_in_one_line() -> None:
    assert left_out((POSTGRESQL, REDIS)) == (
        "Tidak diuji di sini: PostgreSQL (tidak ada server di localhost)."
    )


def test_nothing_is_said_when_everything_is_there() -> None:
    assert left_out((REDIS,)) == ""


def test_a_run_that_requires_a_missing_server_is_refused() -> None:
    assert "PostgreSQL" in refusal("redis, postgresql", (POSTGRESQL, REDIS))


def test_a_run_that_requires_what_is_there_starts() -> None:
    assert refusal("redis", (POSTGRESQL, REDIS)) == ""
    assert refusal("", (POSTGRESQL, REDIS)) == ""


def test_a_slip_of_the_pen_does_not_pass_as_nothing_required() -> None:
    assert "redsi" in refusal("redsi", (POSTGRESQL, REDIS))
