"""Archives as a test needs them: right, torn, or with what does not belong there."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from config.backups.evidence import Evidence, Finding, Trial, write_evidence
from config.backups.manifest import Contents, Manifest, Member
from config.backups.packing import Packer


def contents() -> Contents:
    return Contents(engine="sqlite", counts={"orang": 3}, migrations=[], streams=1, anchors=0)


def manifest(members: Mapping[str, Member], made_at: datetime) -> Manifest:
    return Manifest(
        made_at=made_at,
        contents=contents(),
        members=dict(members),
        field_keys=["00000000"],
        secret_key="0",
    )


def packed(path: Path, files: Mapping[str, bytes], made_at: datetime) -> Path:
    """Write an archive as the product does."""
    source = path.parent / "sumber"
    with path.open("wb") as stream:
        packer = Packer(stream, lambda size: None)
        for name, content in files.items():
            source.write_bytes(content)
            packer.add(name, source)
        packer.finish(manifest(packer.members, made_at).to_bytes())
    return path


def forged(path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """Write an archive member by member, as nobody should."""
    with gzip.open(path, "wb") as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for info, content in members:
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def evidence_of(
    folder: Path, made_at: datetime, *, faults: int = 0, trial: bool | None = None
) -> Evidence:
    """Leave an archive and its evidence in a folder, made at that moment."""
    name = f"sopan-{made_at:%Y%m%dT%H%M%S}Z.tar.gz"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"12345")
    tried = None
    if trial is not None:
        tried = Trial(made_at, 2.5, [Finding("catatan", trial, "44 peristiwa utuh")])
    evidence = Evidence(
        name=name,
        made_at=made_at,
        seconds=1.5,
        engine="sqlite",
        size=5,
        sha256="ab" * 32,
        rows=12345,
        tables=93,
        files=67,
        streams=8,
        heads_sha256="cd" * 32,
        field_keys=["0011aabb"],
        faults=[f"files/{number}: berkas hilang" for number in range(faults)],
        trial=tried,
    )
    write_evidence(folder / name, evidence)
    return evidence
