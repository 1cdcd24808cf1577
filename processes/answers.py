"""The last check of a form's answers, whoever sends them (screen, command, API)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from foundation.ledger.text import digest_of
from processes.exceptions import InvalidAnswers
from workflows.definitions import Form
from workflows.forms import build_form
from workflows.registry import StepContext


def check_answers(form: Form, answers: Mapping[str, Any], context: StepContext) -> dict[str, Any]:
    """Return the answers of the declared fields as they are stored; others are dropped.

    Dates become ISO text; a file field's value is the id of an attachment. The rules are those of
    the form that people see. Raises `InvalidAnswers` with a sentence per field.
    """
    # The same mapping as `initial`: a file field keeps what was attached before.
    bound = build_form(form, context)(data=dict(answers), initial=dict(answers))
    if not bound.is_valid():
        raise InvalidAnswers({n: " ".join(map(str, said)) for n, said in bound.errors.items()})
    return {name: _stored(value) for name, value in bound.cleaned_data.items()}


def answers_digest(answers: Mapping[str, Any]) -> str:
    """Return the SHA-256 of stored answers: the event vouches for them without telling them."""
    return digest_of(dict(answers))


def _stored(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value
