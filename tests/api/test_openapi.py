"""The description of the API: whole, in Indonesian, and honest about its refusals."""

import re
from typing import Any

import pytest
from django.test import Client
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from organization.api.problems import MEDIA_TYPE
from organization.api_scopes import SCOPES

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def described() -> dict[str, Any]:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def operations(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", told)
        for path, methods in described["paths"].items()
        for method, told in methods.items()
        if method in METHODS
    ]


def test_the_description_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(described).validate()


def test_every_operation_is_described_in_indonesian_with_its_scope(
    described: dict[str, Any],
) -> None:
    found = operations(described)
    assert len(found) > 20
    for name, told in found:
        assert told["summary"] != told["operationId"].title().replace("_", " "), name
        scope = re.search(r"Lingkup token: `([a-z]+:[a-z]+)`", told["description"])
        assert scope is not None, name
        assert scope[1] in SCOPES, name
        assert told["tags"], name
        assert told["security"], name


def test_every_operation_declares_the_refusals_that_any_may_meet(described: dict[str, Any]) -> None:
    for name, told in operations(described):
        answers = told["responses"]
        assert {"400", "401", "403", "429"} <= set(answers), name
        if "{" in name:
            assert "404" in answers, name
        if "requestBody" in told:
            assert "422" in answers, name
        for status, answer in answers.items():
            if int(status) >= 400:
                assert list(answer["content"]) == [MEDIA_TYPE], name


def test_every_body_that_is_asked_for_and_every_refusal_has_an_example_that_fits(
    described: dict[str, Any],
) -> None:
    for name, told in operations(described):
        asked = told.get("requestBody", {}).get("content", {}).get("application/json")
        answers = [content for one in told["responses"].values() for content in contents(one)]
        refusals = [one for one in answers if one["schema"].get("$ref", "").endswith("/Problem")]
        assert asked is None or "example" in asked, name
        assert refusals, name
        assert all("example" in one for one in refusals), name
        for one in [*answers, *([asked] if asked else [])]:
            if "example" in one:
                whole = one["schema"] | {"components": described["components"]}
                OAS31Validator(whole).validate(one["example"])


def contents(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return list(answer.get("content", {}).values())


def test_no_operation_has_the_name_of_another(described: dict[str, Any]) -> None:
    names = [told["operationId"] for _, told in operations(described)]
    assert len(names) == len(set(names))
