"""What is filled in about an evaluation; what it means is checked by the services."""

from collections.abc import Sequence
from typing import Any

from django import forms

from attendance.letters.forms import DateInput


class BeginForm(forms.Form):
    """Which quarter is evaluated; `periods` are those that may begin."""

    period = forms.ChoiceField(label="Triwulan")

    def __init__(self, *args: Any, periods: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = list(periods)
        self.fields["period"] = forms.ChoiceField(label="Triwulan", choices=self.periods)


class FindingForm(forms.Form):
    text = forms.CharField(label="Temuan", max_length=2000, widget=forms.Textarea({"rows": 4}))
    recommendation = forms.CharField(
        label="Rekomendasi", max_length=2000, widget=forms.Textarea({"rows": 4})
    )
    due_on = forms.DateField(
        label="Batas waktu tindak lanjut",
        widget=DateInput,
        help_text="Bawaannya menurut aturan (belum diverifikasi); boleh diubah.",
    )
