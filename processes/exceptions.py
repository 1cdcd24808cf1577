"""What a write to a running process may be refused for; each tells the person what to do."""

from collections.abc import Mapping, Sequence

from workflows.registry import Missing


class ProcessError(Exception):
    """A refusal. `status` is the HTTP answer that fits it."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TaskNotFound(ProcessError):
    status = 404


class NotAllowed(ProcessError):
    status = 403


class AlreadyDone(ProcessError):
    """Somebody was faster. `who` and `when` say who and at what time, in words."""

    status = 409

    def __init__(self, message: str, *, who: str = "", when: str = "") -> None:
        super().__init__(message)
        self.who, self.when = who, when


class NotReady(ProcessError):
    status = 409


class DuplicateInstance(ProcessError):
    status = 409


class AttachmentSpoiled(ProcessError):
    """The stored file is not the one that was received: it is handed to nobody."""

    status = 409


class GuardRefused(ProcessError):
    """The work of the step is not there yet; `missing` names each row."""

    status = 422

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__("Tahap ini belum dapat diselesaikan: masih ada yang kurang.")
        self.missing = list(missing)

    def __str__(self) -> str:
        return " ".join([self.message, *(row.text for row in self.missing)])


class InvalidAnswers(ProcessError):
    """The form has mistakes; `errors` holds a sentence per field."""

    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("Isian belum benar: " + " ".join(errors.values()))
        self.errors = dict(errors)


class CarryOverRefused(ProcessError):
    """An instance cannot go on by another version of its SOP; `reasons` are sentences."""

    status = 409

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)
