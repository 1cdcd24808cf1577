"""Counts what a call sends to the database: statements inside its transactions, and the commits."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Statements:
    """`queries` are those between BEGIN and COMMIT, neither of them counted, savepoints counted."""

    queries: int
    commits: int
    savepoints: int
    outside: int  # sent in no transaction at all

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def count_statements(captured: Iterable[Mapping[str, str]]) -> Statements:
    """Count the queries that Django's CaptureQueriesContext has caught."""
    queries = commits = savepoints = outside = 0
    open_transaction = False
    for query in captured:
        word = query["sql"].lstrip("( ").split(maxsplit=1)[0].rstrip(";").upper()
        if word == "BEGIN":
            open_transaction = True
        elif word in ("COMMIT", "ROLLBACK") and " TO " not in query["sql"].upper():
            commits += word == "COMMIT"
            open_transaction = False
        elif open_transaction:
            queries += 1
            savepoints += word == "SAVEPOINT"
        else:
            outside += 1
    return Statements(queries, commits, savepoints, outside)
