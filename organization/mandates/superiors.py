"""Who stands above whom."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from organization.models import Employee


@dataclass(frozen=True)
class Superiors:
    """The tree of superiors of an agency, read at once."""

    people: dict[int, Employee]

    @classmethod
    def of_agency(cls, agency_id: int) -> "Superiors":
        """Load the agency's people, and whoever stands above them elsewhere."""
        people: dict[int, Employee] = {}
        found = _load(Employee.objects.filter(agency_id=agency_id))
        while found:
            people.update((person.pk, person) for person in found)
            above = {p.superior_id for p in found if p.superior_id} - people.keys()
            found = _load(Employee.objects.filter(pk__in=above)) if above else []
        return cls(people)

    def chain(self, employee_id: int) -> list[Employee]:
        """Return the superiors from the nearest up; a ring in the data ends the walk."""
        above: list[Employee] = []
        seen = {employee_id}
        person = self.people.get(employee_id)
        while person and person.superior_id and person.superior_id not in seen:
            seen.add(person.superior_id)
            person = self.people[person.superior_id]
            above.append(person)
        return above

    def ring(self, employee_id: int) -> list[Employee]:
        """Return the people of a ring that this person stands in, himself first; else nothing.

        In a ring everybody stands above himself: nobody can be said to be the superior.
        """
        around: list[Employee] = []
        person = self.people.get(employee_id)
        while person is not None and person not in around:
            around.append(person)
            person = self.people.get(person.superior_id) if person.superior_id else None
        return around if person is not None and person.pk == employee_id else []

    def direct(self, employee_id: int, on: date) -> Employee | None:
        """Return the nearest superior who is in office on this day."""
        return next((p for p in self.chain(employee_id) if employed(p, on)), None)

    def below(self, employee_id: int) -> set[int]:
        """Return the ids of everyone under a person, at any depth."""
        staff: dict[int, list[int]] = {}
        for person in self.people.values():
            if person.superior_id:
                staff.setdefault(person.superior_id, []).append(person.pk)
        found: set[int] = set()
        waiting = list(staff.get(employee_id, ()))
        while waiting:
            person_id = waiting.pop()
            if person_id not in found and person_id != employee_id:
                found.add(person_id)
                waiting += staff.get(person_id, ())
        return found


def employed(person: Employee, on: date) -> bool:
    """Say whether the person works on this day; `left_on` is the first day without work."""
    began = person.joined_on is None or person.joined_on <= on
    return began and (person.left_on is None or on < person.left_on)


def has_account(person: Employee) -> bool:
    user = getattr(person, "user", None)
    return user is not None and user.is_active


def _load(people: QuerySet[Employee]) -> list[Employee]:
    return list(people.select_related("user"))
