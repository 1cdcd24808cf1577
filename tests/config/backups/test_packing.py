"""What is read from an archive is what was written, or nothing is."""

import json
import tarfile
from pathlib import Path

import pytest

from config.backups.failure import BackupError
from config.backups.manifest import Manifest, Member
from config.backups.packing import examine, unpack
from tests.cast import NOW
from tests.config.backups import archives

FILES = {"database.sqlite3": b"tabel", "files/a/b.pdf": b"isi" * 1000}


def test_what_was_packed_is_examined_and_unpacked(tmp_path: Path) -> None:
    archive = archives.packed(tmp_path / "a.tar.gz", FILES, NOW)
    manifest = examine(archive)
    assert manifest.made_at == NOW
    out = tmp_path / "keluar"
    written = list(unpack(archive, manifest, out.joinpath, lambda size: None))
    assert {path.relative_to(out).as_posix(): path.read_bytes() for path in written} == FILES
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in written)


def test_sealed_files_are_sealed_again(tmp_path: Path) -> None:
    archive = archives.packed(tmp_path / "a.tar.gz", {"archive/x/y.docx": b"surat"}, NOW)
    (path,) = unpack(archive, examine(archive), (tmp_path / "k").joinpath, lambda size: None)
    assert path.stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.99])
def test_a_torn_archive_is_refused(tmp_path: Path, share: float) -> None:
    archive = archives.packed(tmp_path / "a.tar.gz", FILES, NOW)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupError, match=r"rusak atau terpotong|tidak utuh"):
        examine(archive)


def test_no_changed_byte_changes_what_is_restored(tmp_path: Path) -> None:
    archive = archives.packed(tmp_path / "a.tar.gz", {"files/a": b"rahasia"}, NOW)
    whole, manifest = archive.read_bytes(), examine(archive)
    refused = 0
    for place in range(10, len(whole)):  # after the head of gzip, whose time says nothing
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        try:
            # Among equal bytes (the padding) gzip may point at others that are the same.
            assert examine(archive) == manifest
        except BackupError:
            refused += 1
    assert refused > len(whole) // 2


def entry(name: str, **values: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    for attribute, value in values.items():
        setattr(info, attribute, value)
    return info


@pytest.mark.parametrize(
    "member",
    [
        entry("../keluar"),
        entry("/etc/kunci"),
        entry("files/../../keluar"),
        entry("files//dua"),
        entry("files/a\\b"),
        entry("files/tautan", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        entry("files/tautan", type=tarfile.LNKTYPE, linkname="database"),
        entry("files/alat", type=tarfile.CHRTYPE),
        entry("files/folder", type=tarfile.DIRTYPE),
    ],
    ids=lambda info: f"{info.name}-{info.type!r}",
)
def test_what_would_leave_its_folder_is_refused(tmp_path: Path, member: tarfile.TarInfo) -> None:
    archive = archives.forged(tmp_path / "a.tar.gz", [(member, b"")])
    with pytest.raises(BackupError, match="tidak semestinya"):
        examine(archive)


@pytest.mark.parametrize(
    ("names", "listed", "told"),
    [
        (["files/a"], [], "berubah atau hilang: files/a"),
        ([], ["files/a"], "berubah atau hilang: files/a"),
        (["files/a", "files/a"], ["files/a"], "dua kali"),
    ],
)
def test_too_many_and_missing_members_are_refused(
    tmp_path: Path, names: list[str], listed: list[str], told: str
) -> None:
    digest = Member("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", 1)
    manifest = archives.manifest(dict.fromkeys(listed, digest), NOW)
    members = [(entry(name), b"a") for name in names]
    members.append((entry("manifest.json"), manifest.to_bytes()))
    with pytest.raises(BackupError, match=told):
        examine(archives.forged(tmp_path / "a.tar.gz", members))


def test_a_manifest_of_a_later_form_is_refused() -> None:
    told = json.loads(archives.manifest({}, NOW).to_bytes()) | {"format": 2}
    with pytest.raises(BackupError, match="Bentuk cadangan 2"):
        Manifest.from_bytes(json.dumps(told).encode())
