"""What the system holds about a person: each room says it of its own tables, once.

A table whose rows are about somebody is told with `about`: its rows belong into the copy that he
may ask for. A table that only notes who did something is told with `deeds`: the copy says that and
when, and leaves out the rest, which is about others. Everything else stands with its reason in a
list that a test reads (config/privacy/nothing_personal.toml), so that a new table has to decide.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import BinaryField, FileField, Model, Q, QuerySet

AT_ONCE = 500  # rows in memory
EMPLOYEE, ACCOUNT = "employee", "account"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom the data are about. `account_id` None: he never had an account."""

    employee_id: int
    account_id: int | None
    number: str
    name: str

    def id_as(self, kind: str) -> int | None:
        return self.employee_id if kind == EMPLOYEE else self.account_id


@dataclass(frozen=True)
class HeldFile:
    """A file about the person: its name in the storage, and its name in the copy."""

    stored: str
    name: str


Row = Mapping[str, Any]
Rows = Callable[[Person], Iterator[Row]]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One kind of data about a person.

    `key` names its file in the copy; `rows` yields plain values (text, numbers, None, lists and
    mappings of them), a few hundred in memory at a time, in a number of queries that does not grow
    with the rows' number beyond that.
    """

    key: str
    title: str
    purpose: str
    rows: Rows
    files: Callable[[Person], Iterator[HeldFile]] | None = None
    relations: frozenset[tuple[str, str]] = frozenset()  # (model label, field) that it answers for
    models: frozenset[str] = frozenset()  # labels of models whose rows it tells whole


_holdings: dict[str, Holding] = {}


def hold(holding: Holding) -> None:
    """Register a kind of data; told twice under one key it is a slip."""
    if holding.key in _holdings:
        raise ValueError(f"{holding.key} is told twice")
    _holdings[holding.key] = holding


def holdings() -> Sequence[Holding]:
    """Return every kind of data in a fixed order."""
    return [_holdings[key] for key in sorted(_holdings)]


@dataclass(frozen=True, kw_only=True)
class _Table:
    """The rows of a model that lead to the person by one of `paths`."""

    model: type[Model]
    paths: Mapping[str, str]  # lookup -> EMPLOYEE or ACCOUNT
    leave_out: frozenset[str] = frozenset()
    file_fields: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)  # name in the copy -> lookup

    def of(self, person: Person) -> QuerySet[Any]:
        found = Q(pk__in=())
        for path, kind in self.paths.items():
            if (wanted := person.id_as(kind)) is not None:
                found |= Q(**{path: wanted})
        return self.model._default_manager.filter(found).order_by("pk")

    def rows(self, person: Person) -> Iterator[Row]:
        told = [
            column.attname
            for column in self.model._meta.concrete_fields
            if column.name not in self.leave_out and not isinstance(column, BinaryField)
        ]
        names, lookups = [*told, *self.extra], [*told, *self.extra.values()]
        for values in self.of(person).values_list(*lookups).iterator(chunk_size=AT_ONCE):
            yield {name: plain(value) for name, value in zip(names, values, strict=True)}

    def files(self, person: Person) -> Iterator[HeldFile]:
        for name in self.file_fields:
            kept = self.of(person).exclude(**{name: ""}).values_list("pk", name)
            for pk, stored in kept.iterator(chunk_size=AT_ONCE):
                suffix = PurePosixPath(stored).suffix
                yield HeldFile(stored, f"{self.model._meta.model_name}-{pk}-{name}{suffix}")


def about(
    model: type[Model],
    *,
    title: str,
    purpose: str,
    employee: Sequence[str] = (),
    account: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    extra: Mapping[str, str] | None = None,
) -> None:
    """Tell that rows of a model are about whom these lookups lead to.

    Bytes are always left out: fingers and places are kept sealed. Files go along.
    """
    paths = dict.fromkeys(employee, EMPLOYEE) | dict.fromkeys(account, ACCOUNT)
    files = tuple(
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, FileField) and column.name not in leave_out
    )
    table = _Table(
        model=model,
        paths=paths,
        leave_out=frozenset(leave_out),
        file_fields=files,
        extra=extra or {},
    )
    hold(
        Holding(
            key=model._meta.label_lower,
            title=title,
            purpose=purpose,
            rows=table.rows,
            files=table.files if files else None,
            relations=frozenset((model._meta.label, path) for path in paths if "__" not in path),
            models=frozenset([model._meta.label]),
        )
    )


def deeds(model: type[Model], *, title: str, fields: Mapping[str, str]) -> None:
    """Tell that these fields say who did something; each with the field of its moment ("": none).

    The copy names the row, what he did and when; what else the row says is about others.
    """

    def rows(person: Person) -> Iterator[Row]:
        for name, moment in fields.items():
            wanted = person.id_as(_kind(model, name))
            if wanted is None:
                continue
            found = model._default_manager.filter(**{name: wanted}).order_by("pk")
            for pk, at in found.values_list("pk", moment or "pk").iterator(chunk_size=AT_ONCE):
                yield {"id": pk, "as": name, "at": plain(at) if moment else None}

    hold(
        Holding(
            key=f"{model._meta.label_lower}.perbuatan",
            title=title,
            purpose="Siapa melakukan apa dan kapan; isi barisnya mengenai orang lain.",
            rows=rows,
            relations=frozenset((model._meta.label, name) for name in fields),
        )
    )


def _kind(model: type[Model], name: str) -> str:
    related = model._meta.get_field(name).related_model
    if not isinstance(related, type):
        raise TypeError(f"{model._meta.label}.{name} leads to nobody")
    return ACCOUNT if issubclass(related, AbstractBaseUser) else EMPLOYEE


def plain(value: Any) -> Any:
    """Return a value as JSON can say it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value)
