"""The plan of one machine: what it lacks or has too much; doing it leaves nothing to be done."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.services.planning import KnownFinger, Person, Plan, State, plan

SARI, JOKO = Person("1001", 1, "Sari Benu"), Person("1002", 2, "Joko Tallo")
INDEX = KnownFinger(template_id=10, employee_id=1, finger=6, algorithm=10)
OLD_INDEX = replace(INDEX, template_id=9, is_current=False)
NEW_GENERATION = replace(INDEX, template_id=11, algorithm=13)
NOTHING = State(wanted=(), held=(), placed=(), seen={}, copies=(), algorithm=10)
SETTLED = replace(
    NOTHING, wanted=[SARI], placed=[SARI], seen={"1001": "Sari Benu"}, held=[INDEX], copies=[INDEX]
)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (NOTHING, Plan()),
        (SETTLED, Plan()),
        # people
        (replace(NOTHING, wanted=[SARI, JOKO]), Plan(put_users=("1001", "1002"))),
        (replace(SETTLED, wanted=[replace(SARI, name="Sari Seran")]), Plan(put_users=("1001",))),
        (replace(SETTLED, wanted=[]), Plan(delete_users=("1001",))),
        (replace(SETTLED, seen={"77": "Siapa"}), Plan(strangers=("77",))),
        # somebody else under our number: left alone, without our fingers
        (
            replace(NOTHING, wanted=[SARI], held=[INDEX], seen={"1001": "Orang Lain"}),
            Plan(taken=("1001",)),
        ),
        # a machine cuts names, or shows none
        (replace(NOTHING, wanted=[SARI], seen={"1001": "Sari"}), Plan(put_users=("1001",))),
        (replace(NOTHING, wanted=[SARI], seen={"1001": "NN-1001"}), Plan(put_users=("1001",))),
        # fingers
        (replace(SETTLED, copies=[]), Plan(put_fingers=(("1001", 6),))),
        (replace(SETTLED, copies=[OLD_INDEX]), Plan(put_fingers=(("1001", 6),))),
        (
            replace(SETTLED, held=[], copies=[]),
            Plan(fingerless=("1001",)),
        ),
        (replace(SETTLED, shown={"1001": [5, 6]}), Plan(unread=("1001",))),
        (replace(SETTLED, held=[], copies=[OLD_INDEX]), Plan(delete_fingers=(("1001", 6),))),
        # what waits for its supervisor stays where it was recorded
        (replace(SETTLED, held=[]), Plan()),
        # another generation
        (
            replace(SETTLED, held=[NEW_GENERATION], copies=[]),
            Plan(other_algorithm=1, fingerless=("1001",)),
        ),
        (replace(SETTLED, held=[INDEX, NEW_GENERATION]), Plan()),
        # whoever gets another number loses the fingers that stood under the old one
        (
            replace(SETTLED, wanted=[replace(SARI, pin="1009")]),
            Plan(("1009",), ("1001",), (("1009", 6),)),
        ),
    ],
)
def test_what_a_machine_lacks_or_has_too_much(state: State, expected: Plan) -> None:
    assert plan(state) == expected


def test_the_drift_is_told_in_words() -> None:
    drift = Plan(("1",), ("2", "3"), (("1", 6), ("1", 7)), taken=("4",))
    assert str(drift) == (
        "1 pegawai belum ada, 2 sidik jari belum ada, 2 pegawai harus dihapus, "
        "1 PIN dipakai orang lain"
    )
    assert str(Plan()) == "Sesuai"


def test_a_machine_of_unknown_generation_gets_no_finger() -> None:
    state = replace(SETTLED, copies=[], algorithm=None)
    assert plan(state) == Plan(other_algorithm=1, fingerless=("1001",))


people = st.builds(
    Person,
    pin=st.sampled_from([str(number) for number in range(1001, 1009)]),
    employee_id=st.integers(1, 6),
    name=st.sampled_from(["Sari Benu", "Joko Tallo", "Umbu"]),
)


def distinct(rows: list[Person]) -> list[Person]:
    """One number per person and one person per number, as the tables have it."""
    by_pin = {row.pin: row for row in rows}
    return list({row.employee_id: row for row in by_pin.values()}.values())


fingers = st.builds(
    KnownFinger,
    template_id=st.integers(1, 30),
    employee_id=st.integers(1, 6),
    finger=st.integers(0, 2),
    algorithm=st.sampled_from([10, 13]),
)


@st.composite
def states(draw: st.DrawFn) -> State:
    known = {row.template_id: row for row in draw(st.lists(fingers, max_size=12))}
    place = {(row.employee_id, row.finger, row.algorithm): row for row in known.values()}
    held = [row for row in place.values() if draw(st.booleans())]
    copies = [replace(row, is_current=row in held) for row in known.values() if draw(st.booleans())]
    return State(
        wanted=distinct(draw(st.lists(people, max_size=6))),
        held=held,
        placed=distinct(draw(st.lists(people, max_size=6))),
        seen=draw(st.dictionaries(st.sampled_from(["1001", "1005", "77"]), st.just("Umbu"))),
        copies=copies,
        algorithm=draw(st.sampled_from([None, 10, 13])),
    )


def carried_out(state: State, made: Plan) -> State:
    """Return the machine as it is once it has done what the plan says."""
    wanted = {row.pin: row for row in state.wanted}
    placed = {row.pin: row for row in state.placed if row.pin not in made.delete_users}
    gone = {row.employee_id for row in state.placed if row.pin in made.delete_users}
    gone |= {wanted[pin].employee_id for pin in made.put_users if pin not in placed}
    placed |= {pin: wanted[pin] for pin in made.put_users}
    pins = {row.employee_id: row.pin for row in state.wanted}
    copies = [
        row
        for row in state.copies
        if row.employee_id not in gone
        and (
            (pins.get(row.employee_id), row.finger) not in made.delete_fingers
            or row.algorithm != state.algorithm
        )
    ]
    copies += [
        row
        for row in state.held
        if (pins.get(row.employee_id), row.finger) in made.put_fingers
        and row.algorithm == state.algorithm
    ]
    seen = {pin: name for pin, name in state.seen.items() if pin not in made.delete_users}
    return replace(state, placed=list(placed.values()), copies=copies, seen=seen)


@given(states())
def test_a_plan_that_is_carried_out_leaves_nothing_to_do(state: State) -> None:
    made = plan(state)
    after = plan(carried_out(state, made))
    assert after.is_empty
    assert after.taken == made.taken


@given(states())
def test_nobody_is_put_and_deleted_at_once_and_strangers_are_never_touched(state: State) -> None:
    made = plan(state)
    touched = {*made.put_users, *made.delete_users}
    touched |= {pin for pin, _ in (*made.put_fingers, *made.delete_fingers)}
    assert not touched & {*made.taken, *made.strangers}
    assert not set(made.put_users) & set(made.delete_users)
    assert not set(made.put_fingers) & set(made.delete_fingers)
