"""What a step of a SOP wants written, from the parameters of its operation in `sop.toml`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from documents.exceptions import DocumentError
from documents.issue.issuing import Wanted
from documents.models import DocumentOrder
from documents.office.choosing import Template, template_for
from foundation.actors import Actor
from organization.models import Agency
from processes.definitions import definition_of
from processes.models import Instance, Task

SIGNED_BY = "penandatangan"  # of an entry: the role that signs this one in place of `signatory`


def wanted_by_step(
    task: Task,
    parameters: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    order: DocumentOrder | None = None,
    item_key: str = "",
    item_label: str = "",
) -> Wanted:
    """Return the document that `documents.render` asks for. Raises DocumentError."""
    instance = task.instance
    return Wanted(
        agency=instance.agency,
        kind=parameters["kind"],
        title=parameters["title"],
        template=template_of(instance, parameters["template"]),
        context=data,
        actor=actor,
        now=now,
        instance=instance,
        task_id=task.pk,
        order=order,
        subject=instance.subject,
        item_key=item_key,
        item_label=item_label,
        visit=task.visit,
        numbered=parameters.get("numbered", False),
        signatory=data.get("item", {}).get(SIGNED_BY) or parameters.get("signatory", ""),
        countersignatory=parameters.get("countersignatory", ""),
        on_behalf_of=parameters.get("on_behalf_of", ""),
        letterhead=letterhead_named(parameters.get("letterhead", ""), data),
    )


def letterhead_named(name: str, data: Mapping[str, Any]) -> Agency | None:
    """Return the agency whose code the data hold under this name; None where they hold none."""
    code = data.get(name)
    return Agency.objects.filter(code=code).first() if code else None


def template_of(instance: Instance, name: str) -> Template:
    """Return the template as it held when the instance started, whatever is deployed today."""
    definition = definition_of(instance)
    try:
        standard = definition.files[f"docx/{name}"]
    except KeyError:
        raise DocumentError(f"SOP ini tidak memuat templat Word 'docx/{name}'.") from None
    return template_for(
        f"{definition.key}/{name}",
        agency=instance.agency,
        standard=standard,
        started_at=instance.started_at,
    )
