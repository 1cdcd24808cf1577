"""What organization refuses; each message is a sentence for the person in front of the screen."""

from collections.abc import Mapping


class OrganizationError(ValueError):
    """The base of the refusals of this room."""


class AgencyRefused(OrganizationError):
    """The agency cannot be founded or stand there."""


class OfficersRefused(OrganizationError):
    """The chosen people may not be appointed together (Pergub NTT 67/2019 art. 1(10), 7(1))."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class AccountRefused(OrganizationError):
    """The account cannot be opened or changed this way."""


class SetupRefused(OrganizationError):
    """The code of the server's terminal opens nothing."""


class TokenRefused(OrganizationError):
    """A token of the API cannot be made so."""


class EmployeeRefused(OrganizationError):
    """The employee's data cannot be changed this way."""


class CalendarRefused(OrganizationError):
    """Hours, rosters, holidays or a substitute cannot be set so; `problems`: a sentence per field.

    What belongs to no single field stands under "".
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)
