"""Tasks for whom data name: offered to several, asked anew at each act, never lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import ledger
from foundation.models import Event, OutboxJob
from processes import queries, services
from processes.exceptions import (
    AlreadyDone,
    GuardRefused,
    InvalidAnswers,
    NotAllowed,
    NotReady,
)
from processes.jobs import reoffer
from processes.models import Instance, Task, TaskCandidate
from processes.waiting import unplaced
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.waited_letter import KEY, Named, hand_in, offered, sop_files, task_of
from tests.workflows.sop_files import write_folder
from workflows import registry

LATER = NOW + timedelta(minutes=9)


@pytest.fixture
def named(cast: Cast, tmp_path: Path, settings: LazySettings) -> Iterator[Named]:
    with offered(tmp_path, settings) as found:
        found.people = [cast.superior.pk]
        yield found


@pytest.fixture
def letter(named: Named, cast: Cast) -> Instance:
    return hand_in(cast)


@pytest.fixture
def task(letter: Instance) -> Task:
    return task_of(letter, "putuskan")


def decide(task: Task, cast: Cast) -> services.Completion:
    return services.complete_task(
        task_id=task.pk, actor_user=cast.superior, answers={"hasil": "lanjut"}, now=LATER
    )


def test_a_task_lies_with_everybody_whom_data_name_and_with_nobody_else(
    named: Named, cast: Cast
) -> None:
    named.people = [cast.superior.pk, cast.secretary.pk]
    task = task_of(hand_in(cast), "putuskan")
    for person in cast.everyone:
        is_named = person in (cast.superior, cast.secretary)
        assert list(queries.inbox(person)) == ([task] if is_named else [])
        assert task not in queries.queue(person, NOW)
    services.claim_task(task_id=task.pk, actor_user=cast.secretary, now=LATER)
    assert list(queries.inbox(cast.superior)) == []
    with pytest.raises(AlreadyDone, match="Anselmus Lede"):
        services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)


def test_who_is_named_sees_the_letter_and_acts_under_the_name_of_the_lane(
    task: Task, cast: Cast
) -> None:
    client = browser(cast.superior)
    assert "Kerjakan" in text_of(client.get(f"/tugas/{task.pk}/"))
    assert client.get(f"/proses/{task.instance_id}/").status_code == 200
    assert browser(cast.employee).get(f"/tugas/{task.pk}/").status_code == 404
    claimed = services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)
    assert (claimed.owner, claimed.acting_as) == (cast.superior, "Atasan langsung")
    assert decide(task, cast).instance_ended is True


@pytest.fixture
def stands_in(named: Named, tmp_path: Path) -> Iterator[Named]:
    """Whom data name acts as a Plh., and the step is a decision that is kept from such."""
    files = sop_files()
    guard = b'guards = [{ use = "organization.within_mandate", decision = "leave.unpaid" }]'
    sop = files["sop.toml"].replace(b"[steps.putuskan]", b"[steps.putuskan]\n" + guard)
    assert sop != files["sop.toml"]
    write_folder(tmp_path, files | {"sop.toml": sop}, KEY)
    registry.performer_title("tests.superior")(lambda context, user: "Plh. Kepala Bidang")
    yield named
    del registry.performer_title._functions["tests.superior"]


def test_what_is_kept_from_acting_officials_is_kept_from_whom_data_name_as_such(
    stands_in: Named, cast: Cast
) -> None:
    task = task_of(hand_in(cast), "putuskan")
    claimed = services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)
    assert claimed.acting_as == "Plh. Kepala Bidang"
    page = text_of(browser(cast.superior).get(f"/tugas/{task.pk}/"))
    assert "Anda bertindak sebagai Plh. Kepala Bidang" in page
    with pytest.raises(GuardRefused) as refused:
        decide(task, cast)
    assert "Sebagai Plh. Kepala Bidang Anda tidak berwenang" in refused.value.missing[0].text


def test_only_who_is_named_may_take_it(task: Task, cast: Cast) -> None:
    for person in (cast.kadis, cast.admin, cast.operator, cast.employee, cast.outsider):
        with pytest.raises(NotAllowed, match="yang ditetapkan saat ini orang lain"):
            services.claim_task(task_id=task.pk, actor_user=person, now=LATER)


def test_who_is_no_longer_named_may_neither_take_nor_decide(
    named: Named, task: Task, cast: Cast
) -> None:
    named.people = [cast.secretary.pk]
    with pytest.raises(NotAllowed):
        services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)
    named.people = [cast.superior.pk]
    services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)
    named.people = [cast.secretary.pk]
    with pytest.raises(NotAllowed):
        decide(task, cast)
    task.refresh_from_db()
    assert task.status == "claimed"
    services.reoffer_task(task_id=task.pk, now=LATER)
    task.refresh_from_db()
    assert (task.status, task.owner) == ("ready", None)
    assert list(queries.inbox(cast.secretary)) == [task]
    assert list(queries.inbox(cast.superior)) == []


def test_a_new_substitute_may_take_it_at_once(named: Named, task: Task, cast: Cast) -> None:
    named.people = [cast.secretary.pk]
    claimed = services.claim_task(task_id=task.pk, actor_user=cast.secretary, now=LATER)
    assert claimed.owner == cast.secretary


def test_a_closed_account_may_not(named: Named, task: Task, cast: Cast) -> None:
    cast.superior.is_active = False
    cast.superior.save()
    with pytest.raises(NotAllowed):
        services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)


def test_taking_a_task_higher_offers_it_to_both_and_frees_it_from_the_desk_it_lay_on(
    named: Named, task: Task, cast: Cast
) -> None:
    services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)
    named.people = [cast.superior.pk, cast.kadis.pk]
    assert services.reoffer_task(task_id=task.pk, now=LATER) == (cast.superior.pk, cast.kadis.pk)
    task.refresh_from_db()
    assert task.owner == cast.superior  # still named: he keeps what he works on
    services.reoffer_task(task_id=task.pk, now=LATER, release=True)
    freed = Task.objects.get(pk=task.pk)
    assert (freed.status, freed.owner_id) == ("ready", None)
    for person in (cast.superior, cast.kadis):
        assert list(queries.inbox(person)) == [task]
    assert list(ledger.verify()) == []


def test_offering_anew_what_did_not_change_leaves_no_event(task: Task) -> None:
    before = Event.objects.count()
    services.reoffer_task(task_id=task.pk, now=LATER)
    assert Event.objects.count() == before


def test_a_task_that_is_over_is_not_offered_anew(named: Named, task: Task, cast: Cast) -> None:
    services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)
    decide(task, cast)
    named.people = [cast.kadis.pk]
    assert services.reoffer_task(task_id=task.pk, now=LATER) == ()
    assert list(queries.inbox(cast.kadis)) == []


def test_a_task_of_a_role_is_not_asked_for_by_name(letter: Instance) -> None:
    with pytest.raises(NotReady, match="semua pemegang peran"):
        services.reoffer_task(task_id=task_of(letter, "ajukan").pk, now=LATER)


def test_without_a_superior_the_task_is_shown_with_the_reason_to_who_may_reassign(
    named: Named, cast: Cast
) -> None:
    named.people = []
    task = task_of(hand_in(cast), "putuskan")
    for person in cast.everyone:
        assert task not in queries.inbox(person)
        shown = [row.text for row in unplaced(person.pk, NOW)]
        assert bool(shown) == (person == cast.kadis)
    (row,) = unplaced(cast.kadis.pk, NOW)
    assert row.text == (
        "Atasan langsung belum ditetapkan. “Langkah putuskan” - Surat sakit Joko Tallo menunggu."
    )
    client = browser(cast.kadis)
    assert "Atasan langsung belum ditetapkan." in text_of(client.get("/tugas/"))
    assert "Atasan langsung belum ditetapkan." in text_of(client.get(row.link))
    assert "belum ditetapkan" in text_of(client.get(f"/proses/{task.instance_id}/"))
    with pytest.raises(NotAllowed, match="belum ditetapkan"):
        services.claim_task(task_id=task.pk, actor_user=cast.kadis, now=LATER)


def test_the_head_offers_it_anew_once_somebody_is_named(named: Named, cast: Cast) -> None:
    named.people = []
    task = task_of(hand_in(cast), "putuskan")
    client, page = browser(cast.kadis), f"/tugas/{task.pk}/alihkan/"
    assert "Atasan langsung belum ditetapkan." in text_of(client.get(page))
    assert "Tetapkan lebih dahulu" in text_of(client.post(page, follow=True))
    named.people = [cast.superior.pk]
    assert "Atasan langsung: Maria Tefa" in text_of(client.post(page, follow=True))
    assert list(queries.inbox(cast.superior)) == [task]
    event = Event.objects.get(verb="task_reoffered")
    assert (event.actor_id, event.after["offered_to"]) == (cast.kadis.pk, [cast.superior.pk])
    assert list(unplaced(cast.kadis.pk, NOW)) == []


def test_offering_anew_by_hand_needs_the_right(task: Task, cast: Cast) -> None:
    for person in (cast.operator, cast.employee, cast.outsider):
        with pytest.raises(NotAllowed):
            services.reoffer_task(task_id=task.pk, actor_user=person, now=LATER)


def test_a_named_task_is_handed_over_only_to_who_is_named(
    named: Named, task: Task, cast: Cast
) -> None:
    with pytest.raises(NotAllowed, match="tidak sedang bertugas sebagai Atasan langsung"):
        services.reassign_task(
            task_id=task.pk, actor_user=cast.kadis, to_user=cast.employee, reason="x", now=LATER
        )
    named.people = [cast.superior.pk, cast.secretary.pk]
    services.reassign_task(
        task_id=task.pk, actor_user=cast.kadis, to_user=cast.secretary, reason="dinas", now=LATER
    )
    assert list(queries.inbox(cast.secretary)) == [task]
    assert list(queries.inbox(cast.superior)) == []
    with pytest.raises(NotAllowed):
        services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)


def test_the_worker_asks_for_all_open_tasks_and_one_that_fails_stops_no_other(
    named: Named, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [task_of(hand_in(cast, subject=str(n)), "putuskan") for n in range(3)]
    broken = tasks[1].pk
    from processes.services import tasks as module

    ask = module.reoffer_task

    def fail_for_one(*, task_id: int, **more: object) -> object:
        if task_id == broken:
            raise ConnectionError
        return ask(task_id=task_id, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "reoffer_task", fail_for_one)
    named.people = [cast.secretary.pk]
    reoffer({"agency": cast.agency.pk})
    assert set(queries.inbox(cast.secretary)) == {tasks[0], tasks[2]}
    reoffer({"agency": cast.other_agency.pk})
    assert set(queries.inbox(cast.superior)) == {tasks[1]}


def test_the_inbox_costs_the_same_however_many_are_named(named: Named, cast: Cast) -> None:
    def count() -> int:
        client = browser(cast.superior)
        client.get("/tugas/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/tugas/")
        return len(captured)

    hand_in(cast, subject="1")
    few = count()
    named.people = [person.pk for person in cast.everyone]
    for number in range(2, 9):
        hand_in(cast, subject=str(number))
    assert TaskCandidate.objects.count() == 1 + 7 * len(named.people)
    assert count() == few


# --- beginning what a room begins ---


def test_an_employee_begins_what_is_about_his_own_letter_where_the_room_has_asked(
    named: Named, cast: Cast
) -> None:
    begun = services.start_process(
        definition_key=KEY, agency=cast.agency, subject="7", actor_user=cast.employee, now=NOW,
        title="Surat sakit Joko Tallo", permitted=True,
    )  # fmt: skip
    assert (begun.started_by, begun.title) == (cast.employee, "Surat sakit Joko Tallo")


def test_a_letters_title_never_shows_a_bare_number(named: Named, cast: Cast) -> None:
    begun = services.start_process(
        definition_key=KEY, agency=cast.agency, subject="7", actor_user=None, now=NOW
    )
    assert begun.title == "Surat yang ditunggu"
    with pytest.raises(InvalidAnswers):
        services.start_process(
            definition_key=KEY, agency=cast.agency, subject=" ", actor_user=None, now=NOW
        )


def test_the_general_start_page_does_not_offer_it(named: Named, cast: Cast) -> None:
    client = browser(cast.kadis)
    page = client.get("/proses/mulai/")
    assert page.status_code == 200
    assert "Surat yang ditunggu" not in text_of(page)
    assert client.get(f"/proses/mulai/{KEY}/").status_code == 404
    fields = {"agency": cast.agency.pk, "subject": "7"}
    assert client.post(f"/proses/mulai/{KEY}/", fields).status_code == 404
    assert not Instance.objects.exists()
    with pytest.raises(NotAllowed, match="halaman yang bersangkutan"):
        services.start_process(
            definition_key=KEY, agency=cast.agency, subject="7", actor_user=cast.kadis, now=NOW
        )
    assert not OutboxJob.objects.exists()
