"""The SOPs that this server offers."""

from django.http import Http404, HttpRequest
from ninja import Router

from organization.api.operations import operation
from organization.api.pages import Page, whole
from processes.api.schemas import (
    DefinitionLine,
    DefinitionOut,
    definition_line,
    definition_out,
)
from workflows import repository

router = Router()
TAGS = ("SOP",)


@router.get(
    "/definitions",
    **operation(
        "proses:baca",
        "Daftar SOP",
        "SOP yang terpasang di server ini, seluruhnya dalam satu halaman.",
        answers=Page[DefinitionLine],
        tags=TAGS,
    ),
)
def definitions(request: HttpRequest) -> object:
    return whole([definition_line(definition) for definition in repository.all()])


@router.get(
    "/definitions/{key}",
    **operation(
        "proses:baca",
        "Satu SOP",
        "Satu SOP dengan langkah dan mutu bakunya.",
        answers=DefinitionOut,
        refuses=(404,),
        tags=TAGS,
    ),
)
def definition(request: HttpRequest, key: str) -> object:
    try:
        return definition_out(repository.get(key))
    except (repository.UnknownProcess, repository.DefinitionError) as error:
        raise Http404("SOP ini tidak ada.") from error
