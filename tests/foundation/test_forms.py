"""A choice among rows offers the rows it was given."""

import pytest
from django import forms

from foundation.forms import limit_choices
from organization.models import Employee
from tests.cast import Cast


class WhoAndWhy(forms.Form):
    who = forms.ModelChoiceField(Employee.objects.none())
    why = forms.CharField()


def test_a_choice_takes_the_rows_it_offers_and_refuses_all_others(cast: Cast) -> None:
    anybody = list(Employee.objects.order_by("pk")[:2])
    for offered in anybody:
        for chosen in anybody:
            form = WhoAndWhy({"who": chosen.pk, "why": "-"})
            limit_choices(form, "who", Employee.objects.filter(pk=offered.pk))
            assert form.is_valid() == (chosen == offered)


def test_a_field_that_is_no_choice_among_rows_is_a_mistake_of_the_developer() -> None:
    with pytest.raises(TypeError, match="why"):
        limit_choices(WhoAndWhy(), "why", Employee.objects.none())
