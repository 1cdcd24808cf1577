"""The archive of a backup: one gzipped tar, written in one pass, read twice.

The first reading only compares: every member against the manifest, every byte against its hash.
Nothing is written until all of it has been seen. Members are written by name and content alone; no
link, device, owner or path of the archive's choosing comes to the disk.
"""

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from config.backups import manifest as described
from config.backups.failure import BackupError
from config.backups.manifest import Manifest, Member

CHUNK = 1024 * 1024
LEVEL = 3  # of gzip: twice as fast as the usual six, a few hundredths larger
LARGEST_MANIFEST = 1024 * CHUNK
SEALED_FOLDER = "archive/"
Told = Callable[[int], None]  # so many bytes more are done; reading: so far into the archive


class Hashed:
    """A stream that counts and hashes what passes through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.digest, self.size = stream, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        return self._seen(self.stream.read(size))

    def write(self, piece: bytes) -> int:
        self._seen(piece)
        return self.stream.write(piece)

    def flush(self) -> None:
        self.stream.flush()

    def _seen(self, piece: bytes) -> bytes:
        self.digest.update(piece)
        self.size += len(piece)
        return piece

    @property
    def member(self) -> Member:
        return Member(self.digest.hexdigest(), self.size)


class Packer:
    """An archive that is being written; `members` tells what is in it so far."""

    def __init__(self, target: IO[bytes], told: Told) -> None:
        self._out = Hashed(target)
        self._zip = gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=self._out)
        self._tar = tarfile.open(fileobj=self._zip, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._told = told
        self.members: dict[str, Member] = {}

    def add(self, name: str, path: Path) -> None:
        """Add a file; FileNotFoundError where there is none any more."""
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            hashed = Hashed(stream)
            self._tar.addfile(self._info(name, size), hashed)
        _forget_members(self._tar)
        self.members[name] = hashed.member
        self._told(size)

    def finish(self, manifest: bytes) -> Member:
        """Write the manifest and the end; return hash and size of the whole archive."""
        self._tar.addfile(self._info(described.NAME, len(manifest)), io.BytesIO(manifest))
        self._tar.close()
        self._zip.close()
        return self._out.member

    def _info(self, name: str, size: int) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        return info


def examine(archive: Path, told: Told = lambda size: None) -> Manifest:
    """Read the whole archive without writing anything; return its manifest.

    Raises BackupError where it is torn, where a byte differs, or a member is too many or missing.
    """
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    for name, stream, place in _members(archive):
        told(place)
        if manifest is not None:
            raise BackupError(f"Cadangan memuat {name} sesudah daftar isinya; tidak dipakai.")
        if name == described.NAME:
            content = stream.read(LARGEST_MANIFEST)
            manifest = Manifest.from_bytes(content)
            continue
        if name in found:
            raise BackupError(f"Cadangan memuat {name} dua kali; tidak dipakai.")
        hashed = Hashed(stream)
        while hashed.read(CHUNK):
            pass
        found[name] = hashed.member
    if manifest is None:
        raise BackupError("Cadangan tidak utuh: daftar isinya tidak ada.")
    for name in sorted(found.keys() | manifest.members.keys()):
        if found.get(name) != manifest.members.get(name):
            raise BackupError(f"Isi cadangan berubah atau hilang: {name}.")
    return manifest


def unpack(
    archive: Path, manifest: Manifest, place_of: Callable[[str], Path], told: Told
) -> Iterator[Path]:
    """Write the members where `place_of` says; yield each path before it is written."""
    for name, stream, _ in _members(archive):
        if name == described.NAME:
            return
        expected = manifest.members.get(name)
        path = place_of(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield path
        hashed = Hashed(stream)
        with path.open("xb") as target:
            path.chmod(0o600)
            while piece := hashed.read(CHUNK):
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        if hashed.member != expected:
            raise BackupError(f"Cadangan berubah sementara dibaca: {name}.")
        if name.startswith(SEALED_FOLDER):
            path.chmod(0o444)  # as it was sealed
        told(hashed.size)


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes], int]]:
    """Yield each member's name and content, and how far into the archive it stands."""
    with (
        _readable(archive),
        archive.open("rb") as raw,
        gzip.open(raw, "rb") as unzipped,
        closing(tarfile.open(fileobj=unzipped, mode="r|")) as tar,
    ):
        for info in tar:
            stream = tar.extractfile(info) if info.isreg() else None
            if stream is None or not _is_plain(info.name):
                raise BackupError(f"Cadangan memuat yang tidak semestinya: {info.name[:80]!r}.")
            yield info.name, stream, raw.tell()
            _forget_members(tar)
        # To the end, where gzip keeps the sum of everything before.
        while unzipped.read(CHUNK):
            pass


def _forget_members(tar: tarfile.TarFile) -> None:
    """Drop the rows of members that have passed: there may be a million, and nobody asks."""
    vars(tar)["members"] = []


@contextmanager
def _readable(archive: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        if error.filename is not None and Path(error.filename) == archive:
            raise BackupError(f"Berkas {archive} tidak ada.") from error
        raise
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BackupError("Cadangan rusak atau terpotong; pakai yang lain.") from error


def _is_plain(name: str) -> bool:
    """Say whether a name leads straight down from its folder."""
    path = PurePosixPath(name)
    plain = path.as_posix() == name and not path.is_absolute() and "\\" not in name
    return plain and "\0" not in name and ".." not in path.parts
