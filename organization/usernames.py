"""A readable user name from a person's name."""

import re
import unicodedata
from collections.abc import Collection

LENGTH = 30
TITLES = frozenset({"dr", "drs", "dra", "ir", "prof", "h", "hj", "drg", "pdt", "rd", "apt", "ns"})


def username_for(name: str, taken: Collection[str]) -> str:
    """Return "yohanes.klau" for "Drs. Yohanes Petrus Klau, M.Si."; a number follows where taken."""
    plain = unicodedata.normalize("NFKD", name.split(",")[0]).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    words = [word for word in words if word not in TITLES] or words or ["pegawai"]
    base = (words[0] if len(words) == 1 else f"{words[0]}.{words[-1]}")[:LENGTH]
    candidate, count = base, 1
    while candidate in taken:
        count += 1
        candidate = f"{base[: LENGTH - len(str(count))]}{count}"
    return candidate
