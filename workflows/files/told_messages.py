"""Whether the SOPs and rooms that tell each other something do: each message has both ends."""

from collections.abc import Iterable, Iterator

from workflows import registry
from workflows.definitions import ROOM_SUBJECTS, ProcessDefinition, TaskDefinition, TaskKind
from workflows.files.findings import Finding

BPMN_FILE = "process.bpmn"


def throwing(definition: ProcessDefinition) -> list[TaskDefinition]:
    """Return what sends a message in a SOP."""
    tasks = definition.tasks.values()
    return [task for task in tasks if task.message and task.kind is TaskKind.AUTOMATIC]


def catching(definition: ProcessDefinition) -> list[TaskDefinition]:
    """Return what waits for a message in a SOP once it runs."""
    return [task for task in definition.tasks.values() if task.kind is TaskKind.MESSAGE]


def awaited(definition: ProcessDefinition) -> set[str]:
    """Return the names of the messages that begin a SOP or wake it."""
    names = {task.message for task in catching(definition)}
    return names | {definition.start_message} - {""}


def told_by_rooms() -> dict[str, str]:
    """Return which room tells each message that no SOP throws, in words, by the message's name."""
    return {name: room for room in registry.tells.names() for name in registry.tells.get(room)()}


def check(definition: ProcessDefinition, others: Iterable[ProcessDefinition]) -> Iterator[Finding]:
    """Warn of a message that nobody waits for, and of one that nobody sends."""
    sops = list(others)
    sent = {task.message for sop in sops for task in throwing(sop)} | told_by_rooms().keys()
    received = {name for sop in sops for name in awaited(sop)}
    for task in throwing(definition):
        if task.message not in received:
            yield Finding(
                "W074", BPMN_FILE, f"mengirim kabar '{task.message}' yang tidak ditunggu siapa pun",
                task.id, _choice("Yang ditunggu", received),
            )  # fmt: skip
    waits = [(task.id, task.message) for task in catching(definition)]
    # What is begun on the page of its room needs no message to begin.
    if definition.start_message and definition.subject not in ROOM_SUBJECTS:
        waits.append(("", definition.start_message))
    for element, name in waits:
        if name not in sent:
            yield Finding(
                "W075", BPMN_FILE, f"menunggu kabar '{name}' yang tidak dikirim siapa pun",
                element, _choice("Yang dikirim", sent),
            )  # fmt: skip


def _choice(words: str, names: set[str]) -> str:
    return f"{words}: {', '.join(sorted(names)) or 'tidak ada'}."
