"""What is decided where the Pergub is silent, and how an office decides otherwise."""

from dataclasses import fields, replace

import pytest

from attendance.law.policy import DEFAULT, NAMES, Policy, PolicyError, settings
from organization.calendars.work_hours import DAY_BEGINS, DAY_ENDS, SHIFT_MARGIN


def test_every_value_says_what_it_means_and_where_it_comes_from() -> None:
    for setting in settings().values():
        assert setting.title
        assert setting.meaning.endswith(".")
        assert setting.source.endswith(".")
        assert not setting.verified  # nothing here is law; a decree would make it so


def test_every_value_that_may_change_is_part_of_the_policy() -> None:
    assert set(NAMES) == {name for name, setting in settings().items() if not setting.fixed}


def test_every_default_is_one_that_might_be_chosen() -> None:
    for setting in settings().values():
        if not setting.fixed:
            assert setting.read(setting.value) == setting.value


def test_what_is_fixed_is_what_days_are_built_with() -> None:
    fixed = {name: setting.value for name, setting in settings().items() if setting.fixed}

    assert fixed.pop("usual_machine") == 31
    assert fixed == {"seconds": "cut", "day_begins": DAY_BEGINS, "shift_margin": SHIFT_MARGIN}
    assert DAY_ENDS == DAY_BEGINS + 23 * 60


def test_overrides_are_read_from_text() -> None:
    policy = DEFAULT.changed({"manual_tolerance": " 15 ", "missing_punch": "full"})

    assert (policy.manual_tolerance, policy.missing_punch) == (15, "full")
    assert policy.single_span == DEFAULT.single_span
    assert DEFAULT.changed({}) is DEFAULT


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("single_span", "sejam", "Jarak absen masuk dan pulang: tulis bilangan bulat 5 sampai 240"),
        ("single_span", "-3", "tulis bilangan bulat"),
        ("single_span", "٣٠", "tulis bilangan bulat"),
        ("single_span", "3", "bilangan bulat 5 sampai 240 menit."),
        ("missing_punch", "third", "Nilai satu absen yang tidak ada: pilih setengah atau seluruh."),
        ("seconds", "up", "Detik pada jam absen tidak dapat diubah."),
        ("grace", "5", "Tidak ada ketentuan bernama grace."),
        ("reminder_days", "4", "Eskalasi surat tidak boleh mendahului pengingatnya."),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(name: str, value: str, sentence: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        DEFAULT.changed({name: value})

    assert sentence in str(refusal.value)


def test_half_and_whole_days_for_a_missing_tap() -> None:
    assert DEFAULT.missing(450) == 225
    assert DEFAULT.missing(255) == 127
    assert replace(DEFAULT, missing_punch="full").missing(450) == 450


def test_equal_policies_are_one_to_a_memory_of_verdicts() -> None:
    again = Policy(**{name: getattr(DEFAULT, name) for name in NAMES})

    assert again == DEFAULT
    assert hash(again) == hash(DEFAULT)
    assert hash(replace(DEFAULT, daily_hour=9)) != hash(DEFAULT)
    assert {entry.name for entry in fields(Policy) if entry.init} == set(NAMES)
