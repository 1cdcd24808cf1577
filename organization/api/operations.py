"""How the rooms declare an operation: who may, what it says of itself, what it answers."""

from typing import Any

from organization.api.access import Token
from organization.api.problems import Problem
from organization.api_scopes import SCOPES

ALWAYS = (400, 401, 403, 429)


def operation(
    scope: str,
    summary: str,
    description: str,
    *,
    answers: Any,
    refuses: tuple[int, ...] = (),
    tags: tuple[str, ...] = (),
    status: int = 200,
) -> dict[str, Any]:
    """Return what a route of the API is declared with."""
    told = f"{description}\n\nLingkup token: `{scope}` ({SCOPES[scope].lower()})."
    refusals = dict.fromkeys(sorted({*ALWAYS, *refuses}), Problem)
    return {
        "auth": Token(scope),
        "summary": summary,
        "description": told,
        "response": {status: answers, **refusals},
        "tags": list(tags),
    }
