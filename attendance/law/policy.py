"""What is decided where the Pergub is silent: `policy.toml`, and what an office overrode; pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

Value = int | str
_FILE = Path(__file__).with_name("policy.toml")


class PolicyError(ValueError):
    """A value that a setting cannot take; the message is a sentence for the person who set it."""


WORDS = {
    "cut": "dipotong ke menit", "half": "setengah", "full": "seluruh", "no": "tidak", "yes": "ya",
    "quarter": "setiap triwulan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """One entry of `policy.toml`: a value, what it means and where it comes from."""

    name: str
    value: Value
    unit: str
    title: str
    meaning: str
    source: str
    verified: bool
    fixed: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    def read(self, text: Value) -> Value:
        """Return the value that a person wrote; raises PolicyError, which names what is allowed."""
        if self.fixed:
            raise PolicyError(f"{self.title} tidak dapat diubah.")
        if self.choices:
            if text not in self.choices:
                raise PolicyError(
                    f"{self.title}: pilih {' atau '.join(map(in_words, self.choices))}."
                )
            return text
        written = str(text).strip()
        # Other digits than these pass `isdigit` too.
        number = int(written) if written.isascii() and written.isdigit() else None
        if number is None or not self._allows(number):
            raise PolicyError(
                f"{self.title}: tulis bilangan bulat {self.least} sampai {self.most} {self.unit}."
            )
        return number

    def _allows(self, number: int) -> bool:
        least = self.least is None or number >= self.least
        return least and (self.most is None or number <= self.most)


def in_words(value: Value) -> str:
    """Return a value as people read it: "setengah" for "half"; a number as it is."""
    return WORDS.get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class Policy:
    """The values in force; each field is a setting that may be overridden. Units: `policy.toml`."""

    repeated_tap: int
    single_span: int
    missing_punch: str
    manual_tolerance: int
    manual_due_hour: int
    reminder_days: int
    escalation_days: int
    validation_days: int
    daily_hour: int
    weekly_day: int
    weekly_hour: int
    deficit_as_absence: str
    periodic_report: str
    check_in: str
    check_in_accuracy: int
    check_in_speed: int
    daily_procedure: str
    evaluation_procedure: str
    follow_up_days: int
    # A policy is part of every day's case, whose hash is asked for hundreds of thousands of times.
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        values = tuple(getattr(self, name) for name in NAMES)
        object.__setattr__(self, "_hash", hash(values))

    def __hash__(self) -> int:
        return self._hash

    def missing(self, target: int) -> int:
        """Return the minutes that one missing punch of a day with this target counts as."""
        return target if self.missing_punch == "full" else target // 2

    @property
    def deficit_counts(self) -> bool:
        """Whether deficits add up to days of unexplained absence (PP 53/2010 did so)."""
        return self.deficit_as_absence == "yes"

    @property
    def reports_periods(self) -> bool:
        """Whether a Word report is written of every daily and weekly recap that is handed out."""
        return self.periodic_report == "yes"

    @property
    def takes_check_ins(self) -> bool:
        """Whether people record their presence themselves, on a phone."""
        return self.check_in == "yes"

    @property
    def begins_days(self) -> bool:
        """Whether the SOP about a day is begun by the clock."""
        return self.daily_procedure == "yes"

    @property
    def begins_evaluations(self) -> bool:
        """Whether the SOP of the periodic evaluation is begun by the clock, quarter by quarter."""
        return self.evaluation_procedure == "quarter"

    def changed(self, overrides: Mapping[str, Value]) -> "Policy":
        """Return the policy with some values replaced, by name; values may be text.

        Raises PolicyError for an unknown name, or a value the setting cannot take.
        """
        values: dict[str, Any] = {}
        for name, text in overrides.items():
            setting = settings().get(name)
            if setting is None:
                raise PolicyError(f"Tidak ada ketentuan bernama {name}.")
            values[name] = setting.read(text)
        policy = replace(self, **values) if values else self
        if policy.escalation_days < policy.reminder_days:
            raise PolicyError("Eskalasi surat tidak boleh mendahului pengingatnya.")
        if policy.single_span < policy.repeated_tap:
            raise PolicyError("Jarak absen masuk dan pulang tidak boleh di bawah absen berulang.")
        return policy


NAMES = tuple(entry.name for entry in fields(Policy) if entry.init)


@cache
def settings() -> Mapping[str, Setting]:
    """Return every entry of `policy.toml` by name, in its order; fixed ones among them."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        name: Setting(name=name, **(entry | {"choices": tuple(entry.get("choices", ()))}))
        for name, entry in entries.items()
    }


DEFAULT = Policy(**dict[str, Any]((name, settings()[name].value) for name in NAMES))
