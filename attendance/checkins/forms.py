"""What a phone sends with a press, read as far as it can be believed to be well-formed."""

from datetime import UTC, datetime
from typing import Any

from django import forms

from attendance.checkins.rules import Problem, Told
from attendance.models import CheckIn, ContactNote, HelpTicket
from organization.geography import Point


class PressForm(forms.Form):
    """One press. Moments are milliseconds since 1970 by the phone's clock."""

    kind = forms.ChoiceField(choices=CheckIn.Kind.choices)
    key = forms.UUIDField()
    latitude = forms.FloatField(required=False)
    longitude = forms.FloatField(required=False)
    accuracy = forms.FloatField(required=False)
    problem = forms.ChoiceField(choices=[(p.value, p.value) for p in Problem], required=False)
    mocked = forms.BooleanField(required=False)
    queued = forms.BooleanField(required=False)
    measured_at = forms.IntegerField(required=False)
    sent_at = forms.IntegerField(required=False)

    def told(self) -> Told:
        """Return what the phone said; without a place there is always a problem named."""
        said = self.cleaned_data
        point = None
        if said["latitude"] is not None and said["longitude"] is not None:
            point = Point(said["latitude"], said["longitude"])
        has_place = point is not None and said["accuracy"] is not None
        problem = None if has_place else Problem(said["problem"] or Problem.NONE)
        return Told(
            point=point if has_place else None,
            accuracy=said["accuracy"] if has_place else None,
            problem=problem,
            mocked=said["mocked"],
            queued=said["queued"],
            measured_at=_moment(said["measured_at"]),
            sent_at=_moment(said["sent_at"]),
        )


class TicketForm(forms.Form):
    topic = forms.ChoiceField(label="Pokok", choices=HelpTicket.Topic.choices)
    problem = forms.CharField(
        label="Masalahnya", max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(label="Penanganan", max_length=500)


class ContactForm(forms.Form):
    channel = forms.ChoiceField(label="Cara", choices=ContactNote.Channel.choices)
    result = forms.ChoiceField(label="Hasil", choices=ContactNote.Result.choices)
    answer = forms.CharField(label="Jawaban", max_length=500, required=False)


def _moment(milliseconds: Any) -> datetime | None:
    """Return the moment; None where the number is none that a calendar has."""
    if milliseconds is None:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
