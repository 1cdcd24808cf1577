"""No write of Django's reaches a frozen recap or its rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from attendance import services
from attendance.exceptions import RecapRefused
from attendance.models import Recap, RecapRow
from attendance.recaps.seals import is_intact
from foundation.actors import SYSTEM
from tests.attendance.people import AFTER_APRIL, APRIL, fill_april
from tests.attendance.tampering import tamper
from tests.cast import Cast

MARCH = date(2026, 3, 1)


@pytest.fixture
def frozen(cast: Cast) -> Recap:
    fill_april(cast.everyone)
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    return Recap.objects.get()


def changed(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def row() -> RecapRow:
    found = RecapRow.objects.first()
    assert found is not None
    return found


def another_draft() -> Recap:
    agency = Recap.objects.get(month=APRIL.first).agency
    return Recap.objects.create(agency=agency, month=MARCH, built_at=AFTER_APRIL)


def new_row(recap: Recap) -> RecapRow:
    return RecapRow(recap=recap, employee_id=row().employee_id, order=99, name="X", number="1")


WRITES: dict[str, Callable[[Recap], Any]] = {
    "save": lambda recap: changed(recap, sha256="0").save(),
    "save of one column": lambda recap: changed(recap, status="draft").save(
        update_fields=["status"]
    ),
    "save of a made up object": lambda recap: Recap(
        pk=recap.pk, agency=recap.agency, month=MARCH, built_at=AFTER_APRIL
    ).save(),
    "delete": lambda recap: recap.delete(),
    "update": lambda recap: Recap.objects.update(status="draft"),
    "update of a slice's keys": lambda recap: Recap.objects.filter(
        pk__in=[recap.pk]
    ).distinct().update(status="draft"),
    "delete of all": lambda recap: Recap.objects.all().delete(),
    "bulk_update": lambda recap: Recap.objects.bulk_update(
        [changed(recap, sha256="0")], ["sha256"]
    ),
    "update_or_create": lambda recap: Recap.objects.update_or_create(
        pk=recap.pk, defaults={"sha256": "0"}
    ),
    "bulk_create over it": lambda recap: Recap.objects.bulk_create(
        [recap], update_conflicts=True, update_fields=["sha256"], unique_fields=["id"]
    ),
    "by the agency": lambda recap: recap.agency.recaps.update(sha256="0"),
    "by the base manager": lambda recap: Recap._base_manager.update(sha256="0"),
    "row: save": lambda recap: changed(row(), name="X").save(),
    "row: delete": lambda recap: row().delete(),
    "row: update": lambda recap: RecapRow.objects.filter(name__contains="Joko").update(name="X"),
    "row: delete of all": lambda recap: RecapRow.objects.all().delete(),
    "row: update by the recap": lambda recap: recap.rows.update(codes=[]),
    "row: bulk_update": lambda recap: RecapRow.objects.bulk_update(
        [changed(row(), name="X")], ["name"]
    ),
    "row: update_or_create": lambda recap: RecapRow.objects.update_or_create(
        pk=row().pk, defaults={"name": "X"}
    ),
    "row: create": lambda recap: new_row(recap).save(),
    "row: bulk_create": lambda recap: RecapRow.objects.bulk_create([new_row(recap)]),
    "row: bulk_create over it": lambda recap: RecapRow.objects.bulk_create(
        [changed(row(), recap=another_draft())], update_conflicts=True,
        update_fields=["recap"], unique_fields=["id"],
    ),
    "row: taken out": lambda recap: changed(row(), recap=another_draft()).save(),
    "row: taken out by the other recap": lambda recap: another_draft().rows.add(row()),
    "row: by the employee": lambda recap: row().employee.recap_rows.update(name="X"),
}  # fmt: skip


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_frozen_recap_refuses_every_write(frozen: Recap, write: Callable[[Recap], Any]) -> None:
    before = RecapRow.objects.count()

    with pytest.raises(RecapRefused, match=r"dibekukan|tidak ditimpa"):
        write(Recap.objects.get(pk=frozen.pk))

    after = Recap.objects.get(month=APRIL.first)
    assert (after.status, after.sha256, after.rows.count()) == ("frozen", frozen.sha256, before)
    assert is_intact(after)


def test_a_draft_may_be_changed_and_dropped(cast: Cast) -> None:
    draft = services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)

    draft.rows.update(name="X")
    draft.rows.all().delete()
    changed(draft, sha256="").save()
    draft.delete()

    assert not Recap.objects.exists()


def test_what_reaches_the_table_past_the_guards_is_found_out(frozen: Recap) -> None:
    tamper(RecapRow.objects.filter(name="Joko Tallo"), name="Orang Lain")

    assert not is_intact(frozen)
