"""Where a decision leads, read from the diagram."""

from workflows import repository
from workflows.ways import comes_after


def test_a_return_names_the_step_it_leads_to_and_an_approval_the_next() -> None:
    definition = next(d for d in repository.all() if d.key == "pengelolaan_e_absensi")
    seventh = next(task for task in definition.steps if task.number == 7)
    back = comes_after(definition, seventh.id, {"keputusan": "dikembalikan"})
    on = comes_after(definition, seventh.id, {"keputusan": "setuju"})
    numbers = [definition.step_of(task.id).number for task in back]
    assert numbers == [5]
    assert [definition.step_of(task.id).number for task in on] != numbers


def test_a_condition_that_the_answers_do_not_tell_leaves_both_ways_open() -> None:
    definition = next(d for d in repository.all() if d.key == "pengelolaan_e_absensi")
    seventh = next(task for task in definition.steps if task.number == 7)
    assert len(comes_after(definition, seventh.id, {})) >= 2
