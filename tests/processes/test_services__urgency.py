"""A file that is to be done first: who says so, what the lists show, what the record keeps."""

import pytest

from foundation import ledger
from foundation.models import Event
from organization.models import User
from processes import services
from processes.exceptions import AlreadyDone, InvalidAnswers, NotAllowed
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.conftest import begin
from tests.processes.inbox.test_lists import at
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db


def mark(
    instance: Instance, user: User, *, is_urgent: bool = True, reason: str = "besok rapat"
) -> Instance:
    return services.set_urgency(
        instance_id=instance.pk, is_urgent=is_urgent, reason=reason, actor_user=user, now=NOW
    )


def test_an_urgent_file_says_so_in_lists_and_leaves_an_event_with_its_reason(
    instance: Instance, cast: Cast
) -> None:
    begin(cast, subject="Lembur Maria")
    mark(instance, cast.kadis)
    event = Event.objects.get(verb="instance_urgent")
    assert (event.before["is_urgent"], event.after["reason"]) == (False, "besok rapat")
    assert list(ledger.verify()) == []
    with at(1):
        whole = text_of(browser(cast.operator).get("/tugas/antrean/"))
        narrowed = text_of(browser(cast.operator).get("/tugas/antrean/?saring=segera"))
    assert whole.count("Segera") == 1
    assert "Lembur Maria" in whole
    assert "Lembur Maria" not in narrowed


def test_it_can_be_made_ordinary_again_and_not_twice(instance: Instance, cast: Cast) -> None:
    mark(instance, cast.kadis)
    with pytest.raises(AlreadyDone):
        mark(instance, cast.kadis)
    mark(instance, cast.kadis, is_urgent=False)
    instance.refresh_from_db()
    assert instance.is_urgent is False


def test_only_who_says_who_does_a_task_may_and_with_a_reason(
    instance: Instance, cast: Cast
) -> None:
    for user in (cast.operator, cast.employee, cast.outsider):
        with pytest.raises(NotAllowed):
            mark(instance, user)
    with pytest.raises(InvalidAnswers):
        mark(instance, cast.kadis, reason="  ")
    services.cancel_process(
        instance_id=instance.pk, actor_user=cast.kadis, reason="salah mulai", now=NOW
    )
    with pytest.raises(AlreadyDone):
        mark(instance, cast.kadis)


def test_the_page_asks_why_and_keeps_what_was_typed(instance: Instance, cast: Cast) -> None:
    page = f"/proses/{instance.pk}/sifat/"
    with at(1):
        head = browser(cast.kadis)
        assert "Tandai segera" in text_of(head.get(f"/proses/{instance.pk}/"))
        refused = head.post(page, {"sifat": "segera", "reason": ""})
        assert refused.status_code == 422
        told = head.post(page, {"sifat": "segera", "reason": "diminta Gubernur"}, follow=True)
    assert "Segera" in text_of(told)
    assert "diminta Gubernur" in text_of(told)
    instance.refresh_from_db()
    assert instance.is_urgent
