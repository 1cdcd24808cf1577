"""What a write to letters and recaps may be refused for; each sentence says what to do."""


class AttendanceError(Exception):
    """A refusal. `status` is the HTTP answer that fits it."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidLetter(AttendanceError):
    """The letter's data have mistakes; `errors` holds a sentence per field."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class LetterRefused(AttendanceError):
    status = 422


class NotTheSuperior(AttendanceError):
    status = 403


class AlreadyDecided(AttendanceError):
    status = 409


class RecapRefused(AttendanceError):
    status = 409


class DataRefused(AttendanceError):
    """What was typed cannot be kept; `errors` holds a sentence per field, "" is no single field."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class NotYoursToDecide(AttendanceError):
    status = 403
