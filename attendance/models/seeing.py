"""Who sees whose days."""

from datetime import datetime

from organization.mandates.superiors import Superiors
from organization.models import Substitution, User
from organization.permissions import local_date


def people_of(user: User, at: datetime | None = None) -> set[int]:
    """Return the ids of the user's own employee row and of everyone below.

    With `at` also those below the officials for whom he stands in by letter at that moment.
    """
    person = user.employee
    if person is None:
        return set()
    found = {person.pk} | Superiors.of_agency(person.agency_id).below(person.pk)
    if at is None:
        return found
    letters = Substitution.objects.filter(substitute=person).select_related("principal")
    for letter in letters.valid_on(local_date(person.agency, at)):
        found |= Superiors.of_agency(letter.principal.agency_id).below(letter.principal_id)
    return found
