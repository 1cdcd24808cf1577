"""Runs of the newer elements played again: what fits, and what was out of its turn."""

import pytest

from tests.workflows.elements.test_call_activity import CALLING
from tests.workflows.elements.test_error_boundary import PRINTED
from tests.workflows.elements.test_event_based_gateway import RACE
from tests.workflows.elements.test_messages import LETTERS, WAY
from tests.workflows.elements.test_multi_instance import PER_ROW
from workflows.definitions import ProcessDefinition
from workflows.replay import avoidable, replay


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (PER_ROW, ["nilai", "nilai", "nilai", "periksa"]),
        (PER_ROW, ["periksa"]),
        (PER_ROW, ["nilai", "sehari", "naikkan", "periksa"]),
        (PER_ROW, ["nilai", "periksa", "nilai", "nilai", "periksa"]),
        (LETTERS, [*WAY]),
        (LETTERS, ["ingat", "baca", "catat", *WAY[1:]]),
        (LETTERS, ["batal"]),
        (RACE, ["minta", "tiga_hari", "tegur", "minta", "dijawab", "catat"]),
        (RACE, ["minta", "dibatalkan"]),
        (PRINTED, ["cetak", "lapor"]),
        (PRINTED, ["cetak", "perbaiki"]),
        (CALLING, ["ajukan", "minta_izin"]),
    ],
)
def test_what_the_engine_allows_fits(definition: ProcessDefinition, path: list[str]) -> None:
    assert replay(definition, path).fits


@pytest.mark.parametrize(
    ("definition", "path", "places"),
    [
        (PER_ROW, ["nilai", "sehari", "naikkan", "sehari"], (3,)),
        (LETTERS, ["baca", "tunggu", "minta", *WAY[3:]], (1,)),
        (RACE, ["minta", "dijawab", "tiga_hari"], (2,)),
        (PRINTED, ["perbaiki"], (0,)),
        (CALLING, ["minta_izin", "ajukan"], (0,)),
    ],
)
def test_what_it_does_not_allow_is_found(
    definition: ProcessDefinition, path: list[str], places: tuple[int, ...]
) -> None:
    assert replay(definition, path).out_of_order == places


def test_what_nobody_needs_to_do_is_avoidable() -> None:
    assert avoidable(PER_ROW, ["nilai"])
    assert not avoidable(PER_ROW, ["periksa"])
    assert avoidable(RACE, ["catat"])
    assert not avoidable(RACE, ["minta"])
    assert avoidable(PRINTED, ["lapor"])
    assert not avoidable(PRINTED, ["cetak"])
