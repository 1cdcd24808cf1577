"""`python -m tests.deploy.lint_migrations APP.NAME ...`: what would hold a lock or break old code.

A process of its own, because the SQL of a migration is written for the database of DATABASE_URL.
Prints what is wrong as JSON: a list of "app.name: what".
"""

import json
import os
import sys
from typing import Any


def main(names: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django_migration_linter import MigrationLinter

    wrong: list[str] = []

    class Linter(MigrationLinter):
        """Tells what it finds to us instead of the screen."""

        def print_errors(self, errors: list[Any]) -> None:
            wrong.extend(f"{self.at}: {issue.message}" for issue in errors)

        at = ""

    linter = Linter(no_cache=True, no_output=True)
    for name in names:
        linter.at = name
        app, _, migration = name.partition(".")
        linter.lint_migration(linter.migration_loader.get_migration(app, migration))
    # What could not be looked at is nothing that passed.
    if linter.nb_valid + linter.nb_erroneous + linter.nb_warnings < len(names):
        wrong.append("the linter left migrations out")
    print("FOUND", json.dumps(wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
