"""The API of all rooms, put together: `/api/v1/`, described by `/api/v1/openapi.json`."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from attendance import api as attendance
from config.unavailable import RETRY_SECONDS
from devices import api as devices
from documents import api as documents
from organization.api import employees
from organization.api.problems import MEDIA_TYPE, ApiProblem, problem, problem_body
from organization.exceptions import OrganizationError
from processes import api as processes
from processes.exceptions import GuardRefused, InvalidAnswers, ProcessError

logger = logging.getLogger("django.request")
_EXAMPLES: dict[str, Any] = json.loads(
    Path(__file__).with_name("api_examples.json").read_text(encoding="utf-8")
)

DESCRIPTION = """
Menjalankan SOP dari luar SOPan dan mengambil rekapitulasi.

Setiap permintaan membawa token pribadi: `Authorization: Bearer sopan_…`. Token bertindak sebagai
pemiliknya: peran, instansi dan batas Plt./Plh. sama dengan di layar. Setiap penolakan berupa
`application/problem+json` (RFC 9457). Daftar menaik menurut id: kirim `next` sebagai `after` untuk
halaman berikutnya.
"""


def _show(told: dict[str, Any]) -> None:
    """Lay the examples of an operation beside what they are examples of (api_examples.json)."""
    given = _EXAMPLES.get(told["operationId"], {})
    if "request" in given:
        told["requestBody"]["content"]["application/json"]["example"] = given["request"]
    for status, answer in told["responses"].items():
        if int(status) < 300 and "answer" in given:
            answer["content"]["application/json"]["example"] = given["answer"]


class SopanApi(NinjaAPI):
    """Ninja, with its refusals described as what they are."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**given)
        for methods in schema["paths"].values():
            for told in methods.values():
                for status, answer in told["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        content = answer["content"]["application/json"]
                        content = content | {"example": problem_body(int(status))}
                        answer["content"] = {MEDIA_TYPE: content}
                _show(told)
        return schema

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)


api = SopanApi(
    title="SOPan",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,  # its page would load scripts from elsewhere
)
for router in (
    *processes.routers,
    attendance.router,
    documents.router,
    devices.router,
    employees.router,
):
    api.add_router("", router)


@api.exception_handler(ApiProblem)
def _of_api(request: HttpRequest, error: ApiProblem) -> HttpResponse:
    return problem(error.status, error.detail, headers=error.headers)


@api.exception_handler(ProcessError)
def _of_processes(request: HttpRequest, error: ProcessError) -> HttpResponse:
    errors = error.errors if isinstance(error, InvalidAnswers) else None
    rows = [row.text for row in error.missing] if isinstance(error, GuardRefused) else None
    return problem(error.status, error.message, errors=errors, missing=rows)


@api.exception_handler(OrganizationError)
def _of_organization(request: HttpRequest, error: OrganizationError) -> HttpResponse:
    return problem(409, str(error))


@api.exception_handler(PermissionDenied)
def _not_allowed(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, str(error))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    # Django's own sentence names models.
    return problem(404)


@api.exception_handler(HttpError)
def _of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code)


@api.exception_handler(BadRequest)
def _unreadable(request: HttpRequest, error: BadRequest) -> HttpResponse:
    return problem(400)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413)


# What the library calls the argument that holds a whole body or query: no program sends that name.
_GROUPS = {"body", "chosen", "cursor"}
_WORDS = {
    "missing": "Wajib diisi.",
    "string_too_long": "Terlalu panjang.",
    "string_too_short": "Terlalu pendek.",
    "value_error": "Memuat huruf yang tidak dapat disimpan.",
}


def _place(parts: Sequence[str | int]) -> str:
    """Return where it is as the program wrote it: the name of a field, of a header, of a query."""
    _, *names = parts
    if len(names) > 1 and names[0] in _GROUPS:
        names = names[1:]
    return ".".join(map(str, names or parts))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name what is wrong by its place; what was sent is not told back."""
    errors = {
        _place(row["loc"]): _WORDS.get(row["type"], "Tidak sesuai bentuknya.")
        for row in error.errors
    }
    return problem(422, "Permintaan tidak sesuai dokumentasi API.", errors=errors)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that the database does not answer, as pages do (config/unavailable.py)."""
    logger.error("database unavailable: %s", type(error).__name__)
    return problem(503, headers={"Retry-After": str(RETRY_SECONDS)})


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say nothing of what happened, except to the log."""
    logger.error("Internal Server Error: %s", request.path, exc_info=error)
    return problem(500)


@login_not_required
def unknown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Answer what lies under the API and is no address of it."""
    return problem(404)


def urls() -> tuple[list[URLPattern | URLResolver], str, str]:
    """Return the addresses; a token decides there, not whether somebody is signed in."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            login_not_required(pattern.callback)
            if pattern.name == "openapi-json":
                pattern.callback = require_safe(pattern.callback)
    return patterns, app_name, namespace
