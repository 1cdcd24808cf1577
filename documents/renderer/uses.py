"""What a template asks for, as the parent and the child both know it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """A path that a template prints, tests or loops over, and where in Word it does so.

    path: "kop.nama"; "pegawai[].nama" where a loop goes over `pegawai`.
    place: "Tabel 2, baris 3: {{ orang.nama }}".
    """

    path: str
    place: str


@dataclass(frozen=True)
class Inspection:
    """All uses of a template in the order of the document, each path and place once."""

    uses: tuple[Use, ...]

    @property
    def names(self) -> list[str]:
        """The top-level names, sorted."""
        return sorted({use.path.partition(".")[0].partition("[")[0] for use in self.uses})


@dataclass(frozen=True)
class Slip:
    """A tag that is wrong: "syntax" or "forbidden", what it is, and the place in Word."""

    kind: str
    detail: str
    place: str


@dataclass(frozen=True)
class Examination(Inspection):
    """Uses as far as they can be read, all slips, and the alternative texts of pictures."""

    slips: tuple[Slip, ...] = ()
    pictures: frozenset[str] = frozenset()
