"""What an event or a task waits for or sends: a timer's length, the name of a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from lxml import etree

from workflows import durations, messages
from workflows.files.findings import Findings
from workflows.reading.diagram import BOUNDARY, CATCH, END, START, THROW, Trigger
from workflows.reading.vocabulary import local, tag

DEFINITIONS = {
    tag("timerEventDefinition"): Trigger.TIMER,
    tag("messageEventDefinition"): Trigger.MESSAGE,
    tag("errorEventDefinition"): Trigger.ERROR,
}
# Event -> what must stand in it; the others may stand without.
WANTED = {
    CATCH: "pewaktu atau pesan",
    THROW: "pesan",
    BOUNDARY: "pewaktu, pesan atau kegagalan",
}
RECEIVE, SEND = "receiveTask", "sendTask"


@dataclass(frozen=True)
class Event:
    trigger: Trigger = Trigger.NONE
    duration: timedelta | None = None
    message: str = ""


def message_names(root: etree._Element, findings: Findings) -> dict[str, str]:
    """Return the names of the messages of a file by id, noting those that cannot be one."""
    found = {}
    for element in root.findall(tag("message")):
        identifier, name = element.get("id") or "", (element.get("name") or "").strip()
        if not messages.is_name(name):
            findings.note(
                "E038", f"nama pesan '{name[:80]}' tidak dapat dipakai", element=identifier,
                hint=messages.NAME_HINT,
            )  # fmt: skip
        found[identifier] = name
    return found


def read(element: etree._Element, names: Mapping[str, str], findings: Findings) -> Event:
    """Return what a node of the process is about; nothing for nodes that are no events."""
    kind = local(element)
    if kind in (RECEIVE, SEND):
        return _of_task(element, names, findings)
    if kind not in {START, END, *WANTED}:
        return Event()
    written = [child for child in element if child.tag in DEFINITIONS]
    if len(written) > 1 or (kind in WANTED and not written):
        findings.note(
            "E031", "peristiwa ini bukan pewaktu dan bukan pesan" if kind != THROW
            else "peristiwa ini tidak mengirim pesan", element=element.get("id") or "",
            hint=f"Di sini {WANTED.get(kind, 'pesan')}, tepat satu.",
        )  # fmt: skip
    if len(written) != 1:
        return Event()
    (definition,) = written
    trigger = DEFINITIONS[definition.tag]
    if trigger is Trigger.MESSAGE:
        message = _name_of(definition.get("messageRef"), element, names, findings)
        return Event(trigger, message=message)
    duration = _duration(definition, element, findings) if trigger is Trigger.TIMER else None
    return Event(trigger, duration)


def _of_task(element: etree._Element, names: Mapping[str, str], findings: Findings) -> Event:
    """A task that receives needs a message; one that sends may do its work by an operation."""
    reference = element.get("messageRef")
    if reference is None and local(element) == SEND:
        return Event()
    return Event(Trigger.MESSAGE, message=_name_of(reference, element, names, findings))


def _name_of(
    reference: str | None, element: etree._Element, names: Mapping[str, str], findings: Findings
) -> str:
    if reference is None or reference not in names:
        shown = f"menunjuk pesan '{reference[:80]}' yang tidak ada" if reference else "tanpa pesan"
        findings.note(
            "E038", shown, element=element.get("id") or "",
            hint='Tulis <message id="..." name="..."/> sebelum proses, dan messageRef ke id itu.',
        )  # fmt: skip
        return ""
    return names[reference]


def _duration(
    definition: etree._Element, element: etree._Element, findings: Findings
) -> timedelta | None:
    literal = definition.find(tag("timeDuration"))
    if literal is None:
        return None
    try:
        return durations.parse((literal.text or "").strip())
    except durations.DurationError as error:
        findings.note(
            "E031", str(error), element=element.get("id") or "",
            hint="Tulis lama waktu tetap, atau kosongkan dan sebut deadline di sop.toml.",
        )  # fmt: skip
        return None
