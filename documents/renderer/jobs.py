"""One job: a head and bytes in, a head and a file out. The answer never tells a value of the data.

Job: {"task": "fill", "inspect" or "examine", "template": size, "images": {name: size}, "context":
{...}}, then template and images. Answer: {"ok": true, "size": n} and the file; {"ok": true, "uses":
[[path, place], ...]}, examined also "faults": [[kind, detail, place], ...] and "pictures": [name,
...]; or {"error": kind, "detail": text, "place": where in Word}.
"""

from typing import Any

from lxml import etree

from documents.renderer.examination import examine
from documents.renderer.fields import FieldRefused
from documents.renderer.images import ImageRefused
from documents.renderer.syntax import TagError
from documents.renderer.word import MissingName, NotAllowed, WrongValue, fill, uses

Answer = tuple[dict[str, Any], bytes]


def answer(head: dict[str, Any], blobs: memoryview) -> Answer:
    """Do the job; whatever goes wrong becomes an answer."""
    try:
        return _work(head, blobs)
    except MissingName as error:
        return _failed("missing", str(error), error.place)
    except NotAllowed as error:
        return _failed("forbidden", str(error), error.place)
    except TagError as error:
        return _failed("syntax", str(error), error.place)
    except WrongValue as error:
        return _failed("value", place=str(error))
    except FieldRefused as error:
        return _failed("field", str(error))
    except ImageRefused:
        return _failed("image")
    except etree.XMLSyntaxError:
        return _failed("broken")
    except (MemoryError, RecursionError, OverflowError):
        return _failed("too_big")
    except Exception as error:  # the parent shows it; the child must always answer
        return _failed("other", type(error).__name__)


def _failed(kind: str, detail: str = "", place: str = "") -> Answer:
    return {"error": kind, "detail": detail[:300], "place": place[:300]}, b""


def _work(head: dict[str, Any], blobs: memoryview) -> Answer:
    template, start = bytes(blobs[: head["template"]]), head["template"]
    if head["task"] == "inspect":
        return {"ok": True, "uses": list(dict.fromkeys(uses(template)))}, b""
    if head["task"] == "examine":
        return {"ok": True, **examine(template).as_answer()}, b""
    images = {}
    for name, size in head["images"].items():
        images[name] = bytes(blobs[start : start + size])
        start += size
    content = fill(template, head["context"], images)
    return {"ok": True, "size": len(content)}, content
