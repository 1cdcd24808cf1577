"""Every table and every way from a row to a person is told in a copy, or left out with a reason."""

import tomllib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField, CharField, JSONField, Model, TextField

from documents.personal.words import WORDS
from foundation.personal_data import holdings
from organization.models import Employee, User

ROOMS = (
    "foundation", "workflows", "organization", "processes", "devices", "documents", "attendance",
    "config",
)  # fmt: skip
LEFT_OUT = tomllib.loads(
    (Path(settings.BASE_DIR) / "config/privacy/nothing_personal.toml").read_text(encoding="utf-8")
)


def tables() -> list[type[Model]]:
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def texts_of(model: type[Model]) -> list[str]:
    kinds = (CharField, TextField, JSONField)
    columns = model._meta.concrete_fields
    return [one.name for one in columns if isinstance(one, kinds) and not one.choices]


def told_whole() -> set[str]:
    return {label for holding in holdings() for label in holding.models}


def test_every_way_from_a_row_to_a_person_is_told_or_left_out_with_a_reason() -> None:
    told = {f"{label}.{name}" for holding in holdings() for label, name in holding.relations}
    ways = {
        f"{model._meta.label}.{column.name}"
        for model in tables()
        for column in model._meta.concrete_fields
        if column.related_model in (Employee, User)
    }
    left_out = set(LEFT_OUT["relations"])
    assert ways - told - left_out == set()
    assert left_out <= ways, "what is left out is not there"
    assert not left_out & told


def test_every_table_is_told_or_left_out_with_each_text_that_is_written_into_it() -> None:
    told = told_whole()
    whole = {"documents.Document", "attendance.Outage"}  # told by what finds him in their texts
    assert whole <= told
    expected = {
        model._meta.label: texts_of(model) for model in tables() if model._meta.label not in told
    }
    assert {label: row["texts"] for label, row in LEFT_OUT["tables"].items()} == expected
    assert all(row["why"] for row in LEFT_OUT["tables"].values())


def test_no_sealed_bytes_no_password_and_no_secret_are_told() -> None:
    columns = {
        (holding.key, column.name)
        for holding in holdings()
        for label in holding.models
        for column in apps.get_model(label)._meta.concrete_fields
        if isinstance(column, BinaryField)
    }
    assert ("devices.fingerprinttemplate", "sealed") in columns  # and what is told leaves bytes out
    assert not {"password", "secret_sha256", "sealed", "digest", "sealed_place"} & set(WORDS)


def test_every_holding_says_in_indonesian_what_it_is_and_what_for() -> None:
    for holding in holdings():
        assert holding.title, holding.key
        assert holding.purpose.endswith("."), holding.key
