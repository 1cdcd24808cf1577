"""Pangkat and golongan of PNS: the one names the other."""

import re

RANKS = {
    "I/a": "Juru Muda",
    "I/b": "Juru Muda Tingkat I",
    "I/c": "Juru",
    "I/d": "Juru Tingkat I",
    "II/a": "Pengatur Muda",
    "II/b": "Pengatur Muda Tingkat I",
    "II/c": "Pengatur",
    "II/d": "Pengatur Tingkat I",
    "III/a": "Penata Muda",
    "III/b": "Penata Muda Tingkat I",
    "III/c": "Penata",
    "III/d": "Penata Tingkat I",
    "IV/a": "Pembina",
    "IV/b": "Pembina Tingkat I",
    "IV/c": "Pembina Utama Muda",
    "IV/d": "Pembina Utama Madya",
    "IV/e": "Pembina Utama",
}
_GRADES = {grade.upper(): grade for grade in RANKS}
_BOTH = re.compile(r"(?P<rank>[^(/,]+?)[\s,(/]+(?P<grade>(?:IV|I{1,3})\s*/\s*[A-E])\)?", re.I)


class RankRefused(ValueError):
    """Pangkat and golongan do not fit each other; the sentence says how they would."""


def read_rank(rank: str, grade: str) -> tuple[str, str]:
    """Return pangkat and golongan, each completed by the other where it is missing.

    "Penata Muda (III/a)" in one cell is parted. A rank outside the list of PNS stays as written.
    """
    if not grade and (match := _BOTH.fullmatch(rank)):
        rank, grade = match["rank"].strip(), match["grade"]
    known = _GRADES.get(grade.replace(" ", "").upper())
    if known is None:
        return rank, grade or _grade_of(rank)
    if not rank:
        return RANKS[known], known
    if _folded(rank) != _folded(RANKS[known]):
        raise RankRefused(
            f"Pangkat “{rank}” tidak sesuai golongan {known}; pangkat golongan itu {RANKS[known]}."
        )
    return RANKS[known], known


def _grade_of(rank: str) -> str:
    folded = _folded(rank)
    return next((grade for grade, name in RANKS.items() if _folded(name) == folded), "")


def _folded(rank: str) -> str:
    """Return the rank in one spelling: "Penata Muda Tk. I" is "Penata Muda Tingkat I"."""
    text = re.sub(r"\b(?:tk\.?|tkt\.?|tingkat)\s*(?:1|i)\b", "tingkat i", rank.lower())
    return " ".join(text.replace(".", " ").split())
