"""What must not be kept in clear: passwords are dropped, bodies with fingers or faces are told."""

import re

from devices.adms.fields import SECRET_NAME

BIOMETRIC_TABLES = frozenset({
    "ATTPHOTO", "BIODATA", "BIOPHOTO", "FACE", "FACEV7", "FINGERTMP", "FP", "FVEIN", "FVTEMPLATE",
    "IDCARD", "IDENTITYCARD", "PVTEMPLATE", "TEMPLATEV10", "USERPIC",
})  # fmt: skip
_TAG = (
    rb"(?:^|[\r\n])[ \t]*(?:"
    + b"|".join(name.encode() for name in sorted(BIOMETRIC_TABLES))
    + rb")[ \t]"
)
_FIELD = rb"(?:^|[\t\r\n ,])(?:tmp|template|content|photo|photojpg|fptemplate\d?)[ ]*="
_LONG = rb"[A-Za-z0-9+/=]{200}"  # no other value of a machine is that long
_PICTURE = rb"uploadphoto"
HOLDS = re.compile(b"|".join((_TAG, _FIELD, _LONG, _PICTURE)), re.IGNORECASE)

NAME = SECRET_NAME.encode()
FIELD = re.compile(rb"(?i)((?<![~\w])" + NAME + rb"[ ]*=)[^\t\r\n]*", re.ASCII)
# In a list of options a comma ends the value, if a name follows it.
OPTION_LINE = re.compile(rb"[ ]*~?\w+[ ]*=[^\t\r\n]*", re.ASCII)
OPTION = re.compile(rb"(?i)((?:^|(?<=,))[ ]*" + NAME + rb"[ ]*=).*?(?=,[ ]*~?\w+[ ]*=|$)", re.ASCII)
LINE = re.compile(rb"[^\r\n]+")


def holds_templates(table: str, body: bytes) -> bool:
    """Tell whether a body carries fingers, faces or pictures and must be sealed before storing.

    True in doubt: also for a table of these, and for any very long value.
    """
    # Punches, most of all bodies, hold no "=": those are not searched.
    return table.upper() in BIOMETRIC_TABLES or (b"=" in body and bool(HOLDS.search(body)))


def without_passwords(body: bytes) -> bytes:
    """Return a body without the values of its passwords and keys; all other bytes stay."""
    return LINE.sub(lambda match: _clean(match.group()), body) if FIELD.search(body) else body


def _clean(line: bytes) -> bytes:
    if b"," in line and OPTION_LINE.fullmatch(line):
        return OPTION.sub(rb"\1", line)
    return FIELD.sub(rb"\1", line)
