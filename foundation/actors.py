"""Who acts: a person under a mandate, or the system itself."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The one an event names. `user_id` is None for the system.

    `acting_as` is the mandate in words as it stood at that moment ("Kadis", "Plh. Kadis").
    The name is kept with every event, so that history stays readable when a person leaves.
    """

    user_id: int | None
    name: str
    acting_as: str = ""

    @property
    def is_system(self) -> bool:
        return self.user_id is None


SYSTEM = Actor(user_id=None, name="Sistem")
