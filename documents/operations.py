"""What a SOP, or another room by request, may ask of this room: write documents, archive."""

from datetime import timedelta
from typing import Any

from documents.answers import answers_in_words, key_of, label_of
from documents.catalogue import report_named
from documents.exceptions import DocumentError
from documents.issue.issuing import issue_document
from documents.issue.steps import wanted_by_step
from documents.models import Document, DocumentOrder, OrderItem
from documents.orders.amending import order_amendments
from documents.orders.asking import Entry, order_of_step, order_report, retry_order
from documents.services import archive_instance
from foundation import outbox
from organization.models import Agency
from processes.definitions import definition_of
from processes.models import Instance, Task
from workflows.registry import (
    Request,
    Result,
    StepContext,
    document_context,
    operation,
    requested,
)

# An order wakes its step when it ends; this is only for a wake-up that got lost.
LOOK_AGAIN = timedelta(seconds=30)


@operation("documents.render")
def render(context: StepContext) -> Result:
    """Write the documents of one template.

    Parameters: `template` (file in the SOP's folder docx/), `kind`, `title`, `contexts` (names of
    document contexts, merged in their order), `numbered`, `signatory`, `countersignatory` and
    `on_behalf_of` (roles), `letterhead` (name of a field of the data: the code of the agency whose
    kop and number it carries, where that is another), `each` (name of a list: one document per
    entry, which the template knows as `item`, written by workers side by side; the role
    `penandatangan` of an entry, where it has one, signs that document); the contexts get them all,
    so theirs may stand beside them. Answers of forms stand in the context by their field names,
    below what the contexts give.
    """
    task = _task(context)
    if "each" not in context.parameters:
        data = _data(context, task.instance)
        wanted = wanted_by_step(
            task, context.parameters, data, actor=context.actor, now=context.now
        )
        return _result([issue_document(wanted)])
    return _result_of(context, _order(context, task))


@operation("documents.report")
@requested("documents.report")
def report(request: Request) -> Result:
    """Order a report of the catalogue about the request's subject.

    Parameters: `report` (its key), `key` (what makes a repeated request the same), `label` (what
    the order is called after the report), and what the report's contexts ask for.
    """
    order = order_report(
        report=report_named(request.parameters["report"]),
        agency=Agency.objects.get(pk=request.agency_id),
        subject=request.subject,
        actor=request.actor,
        now=request.now,
        label=request.parameters.get("label", ""),
        key=request.parameters.get("key", ""),
        parameters=request.parameters,
    )
    return Result(f"{order.title} dipesan.", order.get_absolute_url())


@requested("documents.reissue")
def reissue(request: Request) -> Result:
    """Order a ralat of what a SOP has written with data that have changed since.

    Parameters: `instance` (id), `contexts` (names of the document contexts that tell otherwise
    now), `key` (what makes a repeated request the same), `reason` (why, where that is known).
    """
    asked = request.parameters
    orders = order_amendments(
        instance=Instance.objects.select_related("agency", "definition").get(pk=asked["instance"]),
        contexts=asked["contexts"],
        key=asked["key"],
        reason=asked.get("reason", ""),
        actor=request.actor,
        now=request.now,
    )
    if not orders:
        return Result("Belum ada dokumen yang perlu diralat.")
    return Result(f"{len(orders)} ralat dipesan.", orders[0].get_absolute_url())


@operation("documents.archive")
def archive(context: StepContext) -> Result:
    """Seal the instance's documents, attachments, SOP and history."""
    instance = Instance.objects.select_related("agency", "definition").get(pk=context.instance_id)
    sealed = archive_instance(instance=instance, actor=context.actor, now=context.now)
    return Result(
        f"Arsip {sealed.number} disegel, {len(sealed.files)} berkas.",
        sealed.get_absolute_url(),
    )


def _task(context: StepContext) -> Task:
    tasks = Task.objects.select_related("instance__agency", "instance__definition")
    return tasks.get(pk=context.task_id or 0)


def _data(context: StepContext, instance: Instance) -> dict[str, Any]:
    data = answers_in_words(definition_of(instance), context.form)
    for name in context.parameters.get("contexts", []):
        data.update(document_context.get(name)(context))
    return data


def _order(context: StepContext, task: Task) -> DocumentOrder:
    """Return the order of this step, put down at the first try with the data of then."""
    if found := DocumentOrder.objects.filter(key=f"task:{task.pk}").first():
        return found
    asked = context.parameters
    data = _data(context, task.instance)
    rows = data.get(asked["each"])
    if not isinstance(rows, list):
        raise DocumentError(f"Data dokumen tidak memuat daftar '{asked['each']}'.")
    return order_of_step(
        task=task,
        title=asked["title"],
        parameters=asked,
        context=data,
        entries=[
            Entry(key_of(row, n), label_of(row), {"item": row}) for n, row in enumerate(rows, 1)
        ],
        actor=context.actor,
        now=context.now,
    )


def _result_of(context: StepContext, order: DocumentOrder) -> Result:
    """Return what the order came to; Postponed while workers are at it."""
    if order.state == DocumentOrder.State.FAILED:
        # Its failure is an incident of this step: somebody has let the system try again.
        retry_order(order=order, actor=context.actor, now=context.now)
    if order.state == DocumentOrder.State.DONE:
        return _result(list(Document.objects.filter(order_items__order=order)))
    done = order.items.filter(state=OrderItem.State.DONE).count()
    raise outbox.Postponed(f"{done} dari {order.total} dokumen ditulis.", LOOK_AGAIN)


def _result(documents: list[Document]) -> Result:
    if not documents:
        return Result("Tidak ada dokumen yang perlu ditulis.")
    if len(documents) == 1:
        return Result(f"{documents[0].file_name} ditulis.", documents[0].get_absolute_url())
    return Result(f"{len(documents)} dokumen {documents[0].title} ditulis.")
