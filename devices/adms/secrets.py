"""What must not be kept in clear: passwords are dropped, bodies with fingers or faces are told.

Everything that a machine posts goes through here, also 16 MB of rubbish: each step is linear.
"""

import re

from devices.adms.fields import SECRET_ENDINGS

BIOMETRIC_TABLES = frozenset({
    "ATTPHOTO", "BIODATA", "BIOPHOTO", "FACE", "FACEV7", "FINGERTMP", "FP", "FVEIN", "FVTEMPLATE",
    "IDCARD", "IDENTITYCARD", "PVTEMPLATE", "TEMPLATEV10", "USERPIC",
})  # fmt: skip
TAG = re.compile(
    rb"[\r\n][ \t]*(?:%s)[ \t]" % b"|".join(sorted(n.lower().encode() for n in BIOMETRIC_TABLES))
)
WORDS = (b"tmp=", b"template=", b"template1=", b"content=", b"photo=", b"photojpg=", b"uploadphoto")
LONG = 200  # characters of base64 in one piece: no other value of a machine is that long
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
SHAPE = bytes(ord("a") if byte in BASE64 else ord(" ") for byte in range(256))

SECRET = re.compile(rb"(?:%s) *=" % SECRET_ENDINGS.encode())
NAME, LONGEST_NAME = b"abcdefghijklmnopqrstuvwxyz0123456789_~", 60
BOUNDARIES = tuple(b"%c" % byte for byte in b"\t\r\n ,&;")
LINE_END = re.compile(rb"[\r\n]|\Z")
FIELD_END = re.compile(rb"[\t\r\n]|\Z")
# In a list of options a comma ends the value, if a name follows it.
OPTION_LIST = re.compile(rb" *~?\w+ *=[^\t]*\Z", re.ASCII)
OPTION_END = re.compile(rb", *~?\w+ *=|[\r\n]|\Z", re.ASCII)


def holds_templates(table: str, body: bytes) -> bool:
    """Tell whether a body carries fingers, faces or pictures and must be sealed before storing.

    True in doubt: also for a table of these, and for any very long value.
    """
    if table.upper() in BIOMETRIC_TABLES:
        return True
    if b"=" not in body:  # punches, most of all bodies
        return False
    lowered = b"\n" + body.lower()
    return (
        any(word in lowered for word in WORDS)
        or bool(TAG.search(lowered))
        or b"a" * LONG in body.translate(SHAPE)
    )


def without_passwords(body: bytes) -> bytes:
    """Return a body without the values of its passwords and keys; all other bytes stay."""
    if b"=" not in body:
        return body
    lowered = body.lower()
    kept: list[bytes] = []
    done = line_end = 0
    value_end = FIELD_END
    for match in SECRET.finditer(lowered):
        if match.start() < done or not _begins_field(lowered, match.start()):
            continue
        if match.start() >= line_end:
            ends = (body.rfind(end, line_end, match.start()) for end in (b"\n", b"\r"))
            line_start = max(*ends, line_end - 1) + 1
            line_end = _end(LINE_END, body, match.end())
            options = OPTION_LIST.match(body, line_start, line_end)
            value_end = OPTION_END if options else FIELD_END
        kept.append(body[done : match.end()])
        done = _end(value_end, body, match.end())
    return b"".join([*kept, body[done:]]) if kept else body


def _begins_field(lowered: bytes, at: int) -> bool:
    """Tell whether a name that goes on until `at` begins a field.

    The end of a template may look like a name (`...pwd==`).
    """
    before = lowered[max(0, at - LONGEST_NAME) : at]
    boundary = before.rstrip(NAME)
    return boundary[-1:] in BOUNDARIES if boundary else at == len(before)


def _end(pattern: re.Pattern[bytes], body: bytes, at: int) -> int:
    match = pattern.search(body, at)
    return match.start() if match else len(body)
