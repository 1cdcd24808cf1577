"""What IEEE 1849-2016 demands of a log, as far as a reader can see it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from lxml import etree

NAMESPACE = "{http://www.xes-standard.org/}"
PARTS = ("extension", "global", "classifier", "attribute", "trace", "event")  # in this order
NAME = re.compile(r"[A-Za-z_:][\w:.-]*")  # of XML, as far as anybody needs it
NO_COLON = re.compile(r"[A-Za-z_][\w.-]*")
TRANSITIONS = {
    *("schedule", "assign", "withdraw", "reassign", "start", "suspend", "resume"),
    *("pi_abort", "ate_abort", "complete", "autoskip", "manualskip", "unknown"),
}


def is_moment(text: str) -> bool:
    return "T" in text and datetime.fromisoformat(text).utcoffset() is not None


TYPES: Mapping[str, Callable[[str], bool]] = {
    "string": lambda text: True,
    "date": is_moment,
    "int": lambda text: -(2**63) <= int(text) < 2**63,
    "float": lambda text: float(text) is not None,
    "boolean": lambda text: text in ("true", "false", "0", "1"),
    "id": lambda text: bool(re.fullmatch(r"[0-9a-f-]{36}", text)),
}


def faults(content: bytes) -> list[str]:
    """Return what is wrong with a log, a sentence each; raises for what is no XML."""
    log = etree.fromstring(content)
    return [*_log_faults(log), *_attribute_faults(log), *_global_faults(log)]


def _log_faults(log: etree._Element) -> Iterator[str]:
    if log.tag != f"{NAMESPACE}log":
        yield f"the root is {log.tag}"
    float(log.get("xes.version", ""))
    for element in log.iter():
        order = [PARTS.index(_part(child)) for child in element]
        if order != sorted(order):
            yield f"the parts of {element.tag} are out of order"
    for extension in log.iterfind("{*}extension"):
        if not NO_COLON.fullmatch(extension.get("prefix", "")) or not extension.get("uri"):
            yield "an extension has no prefix or no URI"
    for classifier in log.iterfind("{*}classifier"):
        if not NO_COLON.fullmatch(classifier.get("name", "")):
            yield "a classifier has no name"


def _part(element: etree._Element) -> str:
    name = etree.QName(element).localname
    return "attribute" if name in TYPES else name


def _attribute_faults(log: etree._Element) -> Iterator[str]:
    prefixes = {extension.get("prefix") for extension in log.iterfind("{*}extension")}
    for element in log.iter(*(f"{NAMESPACE}{name}" for name in TYPES)):
        kind = etree.QName(element).localname
        key, value = element.get("key", ""), element.get("value", "")
        if not NAME.fullmatch(key):
            yield f"{key!r} is no name"
        if key.partition(":")[0] not in prefixes:
            yield f"{key} is of no extension that the log declares"
        if not TYPES[kind](value):
            yield f"{value!r} is no {kind}"
        if key == "lifecycle:transition" and value not in TRANSITIONS:
            yield f"{value} is no transition of the standard"
    for component in log.iter(f"{NAMESPACE}log", f"{NAMESPACE}trace", f"{NAMESPACE}event"):
        keys = [child.get("key") for child in component if child.get("key")]
        if len(keys) != len(set(keys)):
            yield "a key stands twice in one component"


def _global_faults(log: etree._Element) -> Iterator[str]:
    everywhere: dict[str, dict[str, str]] = {"trace": {}, "event": {}}
    for found in log.iterfind("{*}global"):
        everywhere[found.get("scope", "")] = _kinds(found)
    for classifier in log.iterfind("{*}classifier"):
        scope = everywhere[classifier.get("scope", "event")]
        if missing := set(classifier.get("keys", "").split()) - scope.keys():
            yield f"a classifier needs {missing}, which not every event must have"
    for name, declared in everywhere.items():
        for component in log.iter(f"{NAMESPACE}{name}"):
            own = _kinds(component)
            lacks = [key for key, kind in declared.items() if own.get(key) != kind]
            if lacks:
                yield f"{name} lacks {lacks}"


def _kinds(component: etree._Element) -> dict[str, str]:
    return {child.get("key", ""): str(child.tag) for child in component}
