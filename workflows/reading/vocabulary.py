"""The words of BPMN that the house takes, and what it says of those that it does not."""

from typing import Any

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Colours that modelers paint with; they change nothing but the picture.
PAINT = (
    "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
)

# Element -> attributes it may carry. An attribute with a value may stand there with that value
# only: it is what BPMN takes when nothing is written, and modelers like to write it out.
PLAIN_TASK: dict[str, str | None] = {
    "id": None,
    "name": None,
    "isForCompensation": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
}
WEB_SERVICE = PLAIN_TASK | {"implementation": "##WebService"}
EVENT: dict[str, str | None] = {"id": None, "name": None}
GATEWAY: dict[str, str | None] = {"id": None, "name": None, "gatewayDirection": None}
ALLOWED: dict[str, dict[str, str | None]] = {
    "definitions": dict.fromkeys(
        ("id", "name", "targetNamespace", "expressionLanguage", "typeLanguage", "exporter",
         "exporterVersion")
    ),
    "collaboration": {"id": None, "name": None, "isClosed": "false"},
    "participant": {"id": None, "name": None, "processRef": None},
    "process": {"id": None, "name": None, "isExecutable": None, "isClosed": "false",
                "processType": None},
    "laneSet": {"id": None, "name": None},
    "lane": {"id": None, "name": None},
    "flowNodeRef": {},
    "message": {"id": None, "name": None},
    "startEvent": EVENT | {"isInterrupting": "true", "parallelMultiple": "false"},
    "endEvent": EVENT,
    "intermediateCatchEvent": EVENT | {"parallelMultiple": "false"},
    "intermediateThrowEvent": EVENT,
    "boundaryEvent": EVENT | {"attachedToRef": None, "cancelActivity": None,
                              "parallelMultiple": "false"},
    "timerEventDefinition": {"id": None},
    "messageEventDefinition": {"id": None, "messageRef": None},
    "errorEventDefinition": {"id": None},
    "timeDuration": {"id": None},
    "userTask": PLAIN_TASK | {"implementation": "##unspecified"},
    "manualTask": PLAIN_TASK,
    "serviceTask": WEB_SERVICE,
    "sendTask": WEB_SERVICE | {"messageRef": None},
    "receiveTask": WEB_SERVICE | {"messageRef": None, "instantiate": "false"},
    "callActivity": PLAIN_TASK | {"calledElement": None},
    "multiInstanceLoopCharacteristics": {"id": None, "isSequential": "false", "behavior": "All"},
    "exclusiveGateway": GATEWAY | {"default": None},
    "inclusiveGateway": GATEWAY | {"default": None},
    "parallelGateway": GATEWAY,
    "eventBasedGateway": GATEWAY | {"instantiate": "false", "eventGatewayType": "Exclusive"},
    "sequenceFlow": {"id": None, "name": None, "sourceRef": None, "targetRef": None,
                     "isImmediate": "true"},
    "conditionExpression": {"id": None},
    "incoming": {},
    "outgoing": {},
    "documentation": {"id": None, "textFormat": "text/plain"},
    "textAnnotation": {"id": None, "textFormat": "text/plain"},
    "text": {},
    "association": {"id": None, "sourceRef": None, "targetRef": None, "associationDirection": None},
}  # fmt: skip
DRAWING = {
    BPMNDI: {"BPMNDiagram", "BPMNPlane", "BPMNShape", "BPMNEdge", "BPMNLabel", "BPMNLabelStyle"},
    DC: {"Bounds", "Font"},
    DI: {"waypoint"},
}
DRAWING_PREFIX = {BPMNDI: "bpmndi", DC: "dc", DI: "di"}
# Elements that hold a text and nothing else: the schema would let anything hide in some of them.
TEXT_ONLY = {"documentation", "text", "conditionExpression", "timeDuration", "flowNodeRef",
             "incoming", "outgoing"}  # fmt: skip
EXPRESSIONS = {"conditionExpression", "timeDuration"}
# Element -> the elements in which it may stand, and what to write where it may not.
PLACES: dict[str, tuple[tuple[str, ...], str]] = {
    "timerEventDefinition": (
        ("intermediateCatchEvent", "boundaryEvent"),
        "Pakai peristiwa antara (intermediateCatchEvent) atau batas tugas orang (boundaryEvent).",
    ),
    "messageEventDefinition": (
        ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
         "boundaryEvent"),
        "Pesan memulai, mengakhiri, ditunggu atau dikirim oleh sebuah peristiwa.",
    ),
    "errorEventDefinition": (
        ("boundaryEvent",),
        "Kegagalan ditangkap pada batas tugas otomatis; untuk mengakhiri pakai endEvent biasa.",
    ),
    "multiInstanceLoopCharacteristics": (
        ("userTask",), "Hanya tugas orang (userTask) yang dikerjakan sekali per baris.",
    ),
}  # fmt: skip
_PARTS = "Bagi menjadi SOP sendiri yang dipanggil callActivity, atau letakkan tugasnya langsung."
_EVENTS = "Pakai pesan (messageEventDefinition) atau pewaktu (timerEventDefinition)."
_UNDOING = (
    "Kompensasi tidak dijalankan: tulis tugas yang membatalkan, sesudah gerbang atau pada jalan "
    "kegagalan (boundaryEvent dengan errorEventDefinition)."
)
_ROWS = "Hapus isinya; baris-barisnya disebut rows di sop.toml."
HINTS = {
    "scriptTask": "Pakai serviceTask dan sebut operation-nya di sop.toml.",
    "businessRuleTask": "Pakai gerbang eksklusif dengan kondisi atas facts.",
    "task": "Pilih jenisnya: userTask, manualTask, serviceTask atau sendTask.",
    "extensionElements": "Hapus; mutu baku, formulir dan operasi ditulis di sop.toml dan forms/.",
    "subProcess": _PARTS,
    "transaction": _PARTS + " Yang harus terjadi bersama, lakukan dalam satu operation.",
    "adHocSubProcess": _PARTS + " Urutan bebas: pakai gerbang paralel.",
    "complexGateway": "Pakai gerbang eksklusif, inklusif, paralel atau berbasis peristiwa.",
    "compensateEventDefinition": _UNDOING,
    "cancelEventDefinition": _UNDOING,
    "signal": _EVENTS,
    "signalEventDefinition": _EVENTS,
    "escalationEventDefinition": "Pakai pewaktu pada batas tugas orang.",
    "conditionalEventDefinition": "Pakai pesan, atau gerbang dengan kondisi atas facts.",
    "linkEventDefinition": "Hubungkan langsung dengan alur.",
    "terminateEventDefinition": "Pakai endEvent biasa; satukan cabangnya sebelum akhir.",
    "error": "Hapus; kegagalan apa pun ditangkap tanpa errorRef.",
    "standardLoopCharacteristics": "Pakai gerbang eksklusif yang kembali ke tugas ini.",
    "loopCardinality": _ROWS,
    "loopDataInputRef": _ROWS,
    "loopDataOutputRef": _ROWS,
    "inputDataItem": _ROWS,
    "outputDataItem": _ROWS,
    "completionCondition": _ROWS,
    "timeDate": "Pakai timeDuration, atau deadline di sop.toml.",
    "timeCycle": "Pakai timeDuration, atau deadline di sop.toml.",
}


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def is_element(node: Any) -> bool:
    """Comments and processing instructions stand in a tree too; their tag is no text."""
    return isinstance(node.tag, str)


def tag(name: str) -> str:
    """Return the full tag of a BPMN element."""
    return f"{{{BPMN}}}{name}"
