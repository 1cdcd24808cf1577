"""Quantiles are exact, and the same on both databases."""

import statistics

import pytest
from django.db.models import Q
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from foundation.models import Anchor
from foundation.quantiles import Quantiles, quantile
from tests.office import Office

GROUPS = [[7], [1, 4], [5, 5, 5, 9], [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], [0] * 10 + [20]]


def test_a_quantile_lies_between_the_two_nearest_values_in_proportion() -> None:
    assert quantile([10.0], 0.9) == 10
    assert quantile([1, 2, 3, 4], 0.5) == 2.5
    assert quantile([1, 2, 3, 4], 0.25) == 1.75
    assert quantile([0, 10], 1) == 10


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=50))
def test_quartiles_are_those_of_the_standard_library(values: list[int]) -> None:
    ours = [quantile(sorted(values), share) for share in (0.25, 0.5, 0.75)]
    assert ours == pytest.approx(statistics.quantiles(values, n=4, method="inclusive"))


@pytest.mark.django_db
def test_the_database_answers_as_the_rule_says() -> None:
    values = [5, 1, 9, 2, 2, 40]
    for number, value in enumerate(values, start=1):
        Anchor.objects.create(number=number, at=timezone.now(), streams=value, events=0)
    shares = (0, 0.25, 0.5, 0.9, 1)
    row = Anchor.objects.aggregate(
        all=Quantiles("streams", shares=shares),
        few=Quantiles("streams", shares=(0.5,), filter=Q(streams__lt=6)),
        none=Quantiles("streams", shares=(0.5,), filter=Q(streams__gt=99)),
    )
    assert row["all"] == [quantile(sorted(values), share) for share in shares]
    assert row["few"] == [2.0]
    assert row["none"] is None


@pytest.mark.xdist_group("races")
def test_every_database_keeps_to_the_rule(office: Office) -> None:
    shares = [0, 0.25, 0.5, 0.75, 0.9, 1]
    expected = {
        str(number): pytest.approx([quantile(sorted(values), share) for share in shares])
        for number, values in enumerate(GROUPS)
    }
    answer = office.call("tests.foundation.quantiles_asked:ask", groups=GROUPS, shares=shares)
    assert answer == expected
