"""Messages between processes, as SOP files name them; sending and delivering is no matter of files.

A message is told by its name alone: who waits for it, in the same agency, is found when it comes.
"""

import re

NAME = re.compile(r"[a-z][a-z0-9_]{0,79}", re.ASCII)
NAME_HINT = "Huruf kecil, angka dan _ saja, diawali huruf, paling panjang 80."

# What throws a message is an automatic task with this operation, also where sop.toml names none.
SEND = "processes.send_message"


def is_name(text: str) -> bool:
    """Say whether this may be the name of a message."""
    return NAME.fullmatch(text) is not None
