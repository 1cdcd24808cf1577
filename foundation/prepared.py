"""Queries whose SQL is made once, for the few that every click of every person goes through.

Django builds the text of a query anew for each call, which takes several times as long as the
database does to answer it. What is asked and written stays told in models and QuerySets; only the
text is kept. Everything here uses the default database, in the caller's transaction.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection, models, transaction
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators

RowT = TypeVar("RowT", bound=models.Model)


class Slot(Expression):
    """A place in a prepared query whose value is given with each call."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def value(self, values: Mapping[str, Any]) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Listed(Slot):
    """A place for any number of ids: `filter(employee__in=Listed("people"))`.

    They are handed over as one value, so the text is the same however many they are.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, models.BigAutoField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if connection.vendor == "postgresql":
            return "(SELECT unnest(%s::bigint[]))", [self]
        return "(SELECT value FROM json_each(%s))", [self]

    def value(self, values: Mapping[str, Any]) -> Any:
        ids: Collection[int] = values[self.name]
        return list(ids) if connection.vendor == "postgresql" else json.dumps(list(ids))


class PreparedQuery(Generic[RowT]):
    """A QuerySet with slots, compiled at its first use.

    `build` is called once; `select_related`, annotations and `select_for_update` are kept.
    """

    def __init__(self, build: Callable[[], "models.QuerySet[RowT]"]) -> None:
        self._build = build
        self._compiled: _Instances | None = None

    def first(self, **values: Any) -> RowT | None:
        """Return the first row, or None; the keywords fill the slots."""
        rows = self._ready().fetch(values, 1)
        return next(self._ready().instances(rows), None)

    def all(self, **values: Any) -> list[RowT]:
        """Return all rows; the keywords fill the slots."""
        return list(self._ready().instances(self._ready().fetch(values)))

    def _ready(self) -> "_Instances":
        if self._compiled is None:
            self._compiled = _Instances(self._build())
        return self._compiled


class PreparedValues:
    """A QuerySet of `values_list` with slots, compiled at its first use."""

    def __init__(self, build: "Callable[[], models.QuerySet[Any, Any]]") -> None:
        self._build = build
        self._compiled: _Compiled | None = None

    def all(self, **values: Any) -> list[tuple[Any, ...]]:
        """Return all rows; the keywords fill the slots."""
        if self._compiled is None:
            self._compiled = _Compiled(self._build())
        return [tuple(row) for row in self._compiled.fetch(values)]


class _Compiled:
    def __init__(self, queryset: "models.QuerySet[Any, Any]") -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        self.locks = queryset.query.select_for_update
        self.sql, self.parameters = compiler.as_sql()
        self.compiler = compiler
        self.converters = compiler.get_converters([select[0] for select in compiler.select])

    def fetch(self, values: Mapping[str, Any], most: int | None = None) -> Iterable[Sequence[Any]]:
        """Return the rows (at most so many) as Python knows their values."""
        if self.locks and connection.get_autocommit():
            raise transaction.TransactionManagementError("A row is locked in a transaction only.")
        given = [p.value(values) if isinstance(p, Slot) else p for p in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, given)
            found: list[Any] = cursor.fetchall() if most is None else cursor.fetchmany(most)
        return self.compiler.apply_converters(found, self.converters) if self.converters else found


class _Instances(_Compiled):
    def __init__(self, queryset: "models.QuerySet[Any]") -> None:
        super().__init__(queryset)
        info = self.compiler.klass_info
        self.model: type[models.Model] = info["model"]
        self.columns = info["select_fields"]
        self.begin, self.end = self.columns[0], self.columns[-1] + 1
        self.names = [self.compiler.select[i][0].target.attname for i in self.columns]
        populators: Any = get_related_populators
        self.related = populators(info, self.compiler.select, connection.alias)
        self.annotations = self.compiler.annotation_col_map

    def instances(self, rows: Iterable[Sequence[Any]]) -> Iterator[Any]:
        for row in rows:
            result = self.model.from_db(connection.alias, self.names, row[self.begin : self.end])
            for populator in self.related:
                populator.populate(row, result)
            for name, position in self.annotations.items():
                setattr(result, name, row[position])
            yield result


def update_rows(
    model: type[models.Model], *, where: Mapping[str, Any], changes: Mapping[str, Any]
) -> int:
    """Write these columns of the rows that are as `where` says; return how many there were."""
    quote = connection.ops.quote_name
    assignments, values = [], []
    for name, value in changes.items():
        field = _field(model, name)
        assignments.append(f"{quote(field.column)} = %s")
        values.append(field.get_db_prep_save(value, connection))
    tests = []
    for name, value in where.items():
        field = _field(model, name)
        tests.append(f"{quote(field.column)} " + ("IS NULL" if value is None else "= %s"))
        if value is not None:
            values.append(field.get_db_prep_save(value, connection))
    table, columns, test = quote(model._meta.db_table), ", ".join(assignments), " AND ".join(tests)
    sql = f"UPDATE {table} SET {columns} WHERE {test}"  # noqa: S608  names come from the model
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _field(model: type[models.Model], name: str) -> Any:
    # Typed loosely: a relation seen from the other side has no column, and Django refuses its name.
    return model._meta.get_field(name)


def insert_rows(rows: Sequence[RowT]) -> None:
    """Write new rows of one model in one statement; each gets its primary key."""
    if not rows:
        return
    quote = connection.ops.quote_name
    meta: Any = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(quote(field.column) for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    table, key = quote(meta.db_table), quote(meta.pk.column)
    places = ", ".join([marks] * len(rows))
    sql = f"INSERT INTO {table} ({columns}) VALUES {places} RETURNING {key}"  # noqa: S608
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
