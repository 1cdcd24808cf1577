"""What a SOP may ask of this room: write documents, archive the instance."""

from collections.abc import Mapping
from typing import Any

from documents.answers import answers_in_words
from documents.exceptions import DocumentError
from documents.models import Document
from documents.services import archive_instance, issue_document
from processes.definitions import definition_of
from processes.models import Instance
from workflows.registry import Result, StepContext, document_context, operation


@operation("documents.render")
def render(context: StepContext) -> Result:
    """Write the documents of one template.

    Parameters: `template` (file in the SOP's folder docx/), `kind`, `title`, `contexts` (names of
    document contexts, merged in their order), `numbered`, `signatory` and `on_behalf_of` (roles),
    `each` (name of a list: one document per entry, which the template knows as `item`); the
    contexts get them all, so theirs may stand beside them. Answers of forms stand in the context
    by their field names, below what the contexts give.
    """
    asked = context.parameters
    instance = _instance(context)
    data = _data(context, instance)
    if "each" not in asked:
        return _result([_issue(context, instance, data)])
    entries = data.get(asked["each"])
    if not isinstance(entries, list):
        raise DocumentError(f"Data dokumen tidak memuat daftar '{asked['each']}'.")
    return _result(
        [
            _issue(context, instance, {**data, "item": entry}, number)
            for number, entry in enumerate(entries, start=1)
        ]
    )


@operation("documents.archive")
def archive(context: StepContext) -> Result:
    """Seal the instance's documents, attachments, SOP and history."""
    sealed = archive_instance(instance=_instance(context), actor=context.actor, now=context.now)
    return Result(
        f"Arsip {sealed.number} disegel, {len(sealed.files)} berkas.",
        sealed.get_absolute_url(),
    )


def _instance(context: StepContext) -> Instance:
    return Instance.objects.select_related("agency", "definition").get(pk=context.instance_id)


def _data(context: StepContext, instance: Instance) -> dict[str, Any]:
    data = answers_in_words(definition_of(instance), context.form)
    for name in context.parameters.get("contexts", []):
        data.update(document_context.get(name)(context))
    return data


def _issue(
    context: StepContext, instance: Instance, data: Mapping[str, Any], number: int = 0
) -> Document:
    asked = context.parameters
    entry = data["item"] if number else {}
    return issue_document(
        instance=instance,
        kind=asked["kind"],
        title=asked["title"],
        template=_template(instance, asked["template"]),
        template_name=asked["template"],
        context=data,
        numbered=asked.get("numbered", False),
        signatory_role=asked.get("signatory", ""),
        on_behalf_of=asked.get("on_behalf_of", ""),
        item_key=_key(entry, number) if number else "",
        item_label=_first(entry, "nama") if number else "",
        visit=context.visit,
        task_id=context.task_id,
        actor=context.actor,
        now=context.now,
    )


def _key(entry: Any, number: int) -> str:
    """Return what names the entry in every try: its own key, the NIP in it, else its place."""
    return _first(entry, "kunci") or _first(entry, "nip") or str(number)


def _first(entry: Any, name: str) -> str:
    """Return a text of the entry itself or of a record inside it: what tells it from others."""
    if not isinstance(entry, Mapping):
        return ""
    if entry.get(name):
        return str(entry[name])
    inner = (_first(value, name) for value in entry.values() if isinstance(value, Mapping))
    return next((text for text in inner if text), "")


def _template(instance: Instance, name: str) -> bytes:
    """Return the template that this instance was started with, whatever is deployed today."""
    try:
        return definition_of(instance).files[f"docx/{name}"]
    except KeyError:
        raise DocumentError(f"SOP ini tidak memuat templat Word 'docx/{name}'.") from None


def _result(documents: list[Document]) -> Result:
    if not documents:
        return Result("Tidak ada dokumen yang perlu ditulis.")
    if len(documents) == 1:
        return Result(f"{documents[0].file_name} ditulis.", documents[0].get_absolute_url())
    return Result(f"{len(documents)} dokumen {documents[0].title} ditulis.")
