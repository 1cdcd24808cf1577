"""What was approved stays: no write of Django's reaches a frozen recap or one of its rows.

No service needs a way round this: freezing is the last write to a recap, and an amendment is
another recap. What reaches the table past Django disagrees with the recap's hash
(`seals.is_intact`).
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from typing import Any, NoReturn, Self, TypeVar

from django.db import models

from attendance.exceptions import RecapRefused

ModelT = TypeVar("ModelT", bound=models.Model)
MANY = 500  # ids asked for in one query


class FrozenQuerySet(models.QuerySet[ModelT], ABC):
    """Rows of which some are closed to every write; `frozen()` says which."""

    @abstractmethod
    def frozen(self) -> Self:
        """Return those of these rows that nothing may change."""

    def frozen_among(self, rows: Iterable[ModelT]) -> ModelT | None:
        """Return one of these rows that is frozen, or would be put into something frozen."""
        ids = [row.pk for row in rows if row.pk is not None]
        return first_of(self._all_rows(), ids)

    def update(self, **values: Any) -> int:
        self._refuse_frozen()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_frozen()
        return super().delete()

    def bulk_create(self, objs: Iterable[ModelT], *args: Any, **options: Any) -> list[ModelT]:
        rows = list(objs)
        if options.get("update_conflicts") or options.get("ignore_conflicts") or args[1:]:
            raise RecapRefused("Baris rekap hanya dapat ditambahkan, tidak ditimpa.")
        if found := self.frozen_among(rows):
            refuse(found)
        return super().bulk_create(rows, *args, **options)

    def bulk_update(
        self, objs: Iterable[ModelT], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        rows = list(objs)
        if found := self.frozen_among(rows):
            refuse(found)
        return super().bulk_update(rows, list(fields), batch_size)

    def _refuse_frozen(self) -> None:
        # A slice or a distinct() cannot be narrowed further: the same rows by their keys then can.
        rows = self
        if self.query.is_sliced or self.query.distinct:
            rows = self._all_rows().filter(pk__in=list(self.values_list("pk", flat=True)))
        if found := frozen_of(rows).first():
            refuse(found)

    def _all_rows(self) -> Self:
        return type(self)(self.model, using=self.db)


def frozen_of(rows: FrozenQuerySet[ModelT]) -> FrozenQuerySet[ModelT]:
    """Return the frozen ones among rows of a guarded model, in no order."""
    return rows.frozen().order_by()


def first_of(rows: FrozenQuerySet[ModelT], ids: Collection[int]) -> ModelT | None:
    """Return one frozen row with one of these ids."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), MANY):
        found = frozen_of(rows.filter(pk__in=wanted[start : start + MANY])).first()
        if found is not None:
            return found
    return None


def refuse(row: models.Model) -> NoReturn:
    raise RecapRefused(f"{row} sudah dibekukan dan tidak dapat diubah; perubahan memerlukan ralat.")
