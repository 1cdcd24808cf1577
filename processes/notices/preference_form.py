"""The form by which a person says how he wants to be told."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from processes.models import NoticeDelivery, NoticePreference
from processes.notices.channels import open_ways
from processes.notices.kinds import KINDS, Kind
from processes.notices.wishes import EVERYBODY, SITE, SUMMARY_AT, wishes_in
from processes.services.notice_preferences import Preference

CLOCK = {"type": "time"}


class PreferenceForm(forms.Form):
    """Channels per kind of notice, quiet hours, the daily summary."""

    quiet_starts = forms.TimeField(label="Tenang dari jam", widget=forms.TimeInput(CLOCK, "%H:%M"))
    quiet_ends = forms.TimeField(label="Sampai jam", widget=forms.TimeInput(CLOCK, "%H:%M"))
    is_quiet_on_days_off = forms.BooleanField(
        label="Hari libur dan akhir pekan juga tenang", required=False
    )
    alarms_break_quiet = forms.BooleanField(
        label="Gangguan SOPan yang perlu tindakan boleh mengganggu jam tenang",
        help_text="Bila tidak ditandai, gangguan pun menunggu sampai jam tenang berakhir.",
        required=False,
    )
    is_summed_up = forms.BooleanField(
        label="Satu surel ringkasan sehari, bukan satu surel setiap kali",
        help_text="Gangguan yang perlu tindakan tidak menunggu ringkasan.",
        required=False,
    )
    summary_at = forms.TimeField(
        label="Ringkasan dikirim jam", required=False, widget=forms.TimeInput(CLOCK, "%H:%M")
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, row: NoticePreference | None
    ) -> None:
        super().__init__(data, initial=_initial(row))
        for kind, about in KINDS.items():
            if choices := _choices(about):
                self.fields[kind] = forms.MultipleChoiceField(
                    label=about.title,
                    choices=choices,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )

    def kinds(self) -> Iterator[BoundField]:
        """Yield the fields of the kinds, in their order."""
        yield from (self[kind] for kind in KINDS if kind in self.fields)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("is_summed_up") and not told.get("summary_at") and not self.errors:
            self.add_error("summary_at", "Isi jamnya, misalnya 08.00, atau lepas tandanya.")
        return told

    def chosen(self) -> Preference:
        """Return what a valid form says."""
        told = self.cleaned_data
        return Preference(
            ways={kind: told[kind] for kind in KINDS if kind in self.fields},
            quiet_starts=told["quiet_starts"],
            quiet_ends=told["quiet_ends"],
            is_quiet_on_days_off=told["is_quiet_on_days_off"],
            alarms_break_quiet=told["alarms_break_quiet"],
            summary_at=told["summary_at"] if told["is_summed_up"] else None,
        )


def _choices(about: Kind) -> list[tuple[str, str]]:
    """Return the channels that this server offers for a kind."""
    here = [(SITE, "Di SOPan")] if about.is_asked else []
    return here + [(name, NoticeDelivery.Channel(name).label) for name in open_ways()]


def _initial(row: NoticePreference | None) -> dict[str, Any]:
    wishes = wishes_in(row) if row else EVERYBODY
    return {
        "quiet_starts": wishes.hours.starts,
        "quiet_ends": wishes.hours.ends,
        "is_quiet_on_days_off": wishes.hours.rests,
        "alarms_break_quiet": wishes.alarms_break_quiet,
        "is_summed_up": wishes.summary_at is not None,
        "summary_at": wishes.summary_at or SUMMARY_AT,
    } | {kind: _ways(kind, about, row) for kind, about in KINDS.items()}


def _ways(kind: str, about: Kind, row: NoticePreference | None) -> list[str]:
    wishes = wishes_in(row) if row else EVERYBODY
    return [name for name, _ in _choices(about) if wishes.wants(kind, name)]
