"""Attendance logs into punches: raw first, then rows, each punch once."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.db import transaction

from devices.attlog import (
    BadLine,
    Layout,
    LogLine,
    ParsedLog,
    implausible,
    local_text,
    parse_attlog,
)
from devices.exceptions import NotAllowedNow
from devices.models import Device, Punch, PunchEvidence, RawUpload, RejectedLine
from devices.services.pins import PinBook
from devices.services.sessions import IN_SERVICE
from foundation import ledger
from foundation.actors import Actor

BATCH = 500
SHOWN_LINES = 200
MAX_SPANS = 20

Values = tuple[int | None, int | None, str]  # state, verify, work code


@dataclass(frozen=True)
class ImportReport:
    """What became of every line: total = accepted + duplicate + quarantined."""

    upload_id: int
    device: str
    layout: str
    total: int
    accepted: int
    duplicate: int
    quarantined: int
    differing: int  # told again with other values, kept as evidence; among the duplicates
    unknown_pins: tuple[str, ...]  # of accepted punches that belong to nobody yet
    rejected: tuple[BadLine, ...]  # the quarantined lines, at most 200, new ones only

    def __str__(self) -> str:
        return (
            f"{self.total} baris: {self.accepted} ketukan baru, {self.duplicate} sudah ada, "
            f"{self.quarantined} dikarantina."
        )


def import_attlog(
    *,
    device: Device,
    content: bytes,
    filename: str,
    actor: Actor,
    now: datetime,
    layout: Layout | None = None,
    channel: str = RawUpload.Channel.FILE,
) -> ImportReport:
    """Keep a log whole and make its punches; importing it again adds nothing.

    Raises NotAnAttendanceLog (LayoutUnclear) for content that is no log, NotAllowedNow for a
    machine that is not in service or another machine's file; nothing is written then.
    """
    if device.state not in IN_SERVICE:
        raise NotAllowedNow(
            f"{device.name} berstatus “{device.get_state_display()}”. Setujui mesin itu dulu, "
            "lalu impor lagi."
        )
    name = PurePath(filename.replace("\\", "/")).name[:200]
    _refuse_other_machine(device, name)
    parsed = parse_attlog(content, filename=name, layout=layout)
    return _store(device, content, name, parsed, channel, actor, now)


def _refuse_other_machine(device: Device, name: str) -> None:
    """A USB export may carry the serial number of its machine in its name."""
    stem = name.lower().removesuffix(".dat").removesuffix("_attlog")
    other = Device.objects.filter(serial__iexact=stem).exclude(pk=device.pk).first()
    if stem and other:
        raise NotAllowedNow(
            f"Nama berkas menunjuk mesin {other.serial} ({other.name}), bukan {device.name}. "
            "Pilih mesin yang benar, lalu ulangi."
        )


@transaction.atomic
def _store(
    device: Device,
    content: bytes,
    name: str,
    parsed: ParsedLog,
    channel: str,
    actor: Actor,
    now: datetime,
) -> ImportReport:
    # Two imports of one machine must not both find a punch missing.
    Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    sorter = _Sorter(device, parsed, channel, now)
    upload = RawUpload.objects.create(
        device=device,
        serial=device.serial,
        channel=channel,
        name=name,
        layout=parsed.layout,
        content=zlib.compress(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        received_at=now,
        received_by_id=actor.user_id,
        **sorter.counts(),
    )
    sorter.save(upload)
    report = sorter.report(upload)
    ledger.record(
        stream=device.agency,
        actor=actor,
        verb="attendance_log_imported",
        subject=f"devices.rawupload:{upload.pk}",
        after={
            "device": device.serial,
            "sha256": upload.sha256,
            "channel": str(channel),
            **sorter.counts(),
        },
        now=now,
    )
    return report


class _Sorter:
    """Sorts the lines of one log into new, known, differing and quarantined."""

    def __init__(self, device: Device, parsed: ParsedLog, channel: str, now: datetime) -> None:
        self.device, self.parsed, self.channel = device, parsed, channel
        self.now_local = now.astimezone(device.zone).replace(tzinfo=None)
        self.pins = PinBook(device.agency)
        self.known = _known_punches(device, parsed.lines)
        self.new: dict[tuple[str, str], Punch] = {}
        self.evidence: dict[tuple[tuple[str, str], Values], None] = {}
        self.tally: Counter[str] = Counter(total=len(parsed.lines) + len(parsed.bad))
        self.rejected: list[BadLine] = []
        for line in parsed.lines:
            self._sort(line)
        self.bad = self._new_bad_lines(parsed.bad)

    def _sort(self, line: LogLine) -> None:
        key = line.pin, local_text(line.local)
        values: Values = line.state, line.verify, line.work_code
        first = self.known.get(key)
        if first is not None:
            self.tally["duplicate"] += 1
            if first != values:
                self.evidence[key, values] = None
            return
        reason = implausible(line.local, now_local=self.now_local)
        self.known[key] = values
        self.new[key] = self._punch(line, key[1], reason)
        self.tally["quarantined" if reason else "accepted"] += 1
        if reason:
            self.rejected.append(BadLine(line.number, line.raw, reason))

    def _punch(self, line: LogLine, local: str, reason: str) -> Punch:
        return Punch(
            device=self.device,
            pin=line.pin,
            local_time=local,
            at=line.local.replace(tzinfo=self.device.zone),
            time_zone=self.device.time_zone,
            state=line.state,
            verify=line.verify,
            work_code=line.work_code,
            channel=self.channel,
            employee_id=self.pins.employee_id(line.pin, line.local.date()),
            quarantine=reason,
        )

    def _new_bad_lines(self, bad: Iterable[BadLine]) -> dict[str, BadLine]:
        by_digest = {hashlib.sha256(b.raw.strip().encode()).hexdigest(): b for b in bad}
        kept = RejectedLine.objects.filter(device=self.device)
        for digest in kept.values_list("sha256", flat=True):
            by_digest.pop(digest, None)
        self.tally["quarantined"] += len(by_digest)
        self.tally["duplicate"] += len(self.parsed.bad) - len(by_digest)
        self.rejected += by_digest.values()
        return by_digest

    def counts(self) -> dict[str, int]:
        return {
            name: self.tally[name] for name in ("total", "accepted", "duplicate", "quarantined")
        }

    def save(self, upload: RawUpload) -> None:
        for punch in self.new.values():
            punch.upload = upload
        Punch.objects.bulk_create(self.new.values(), batch_size=BATCH)
        RejectedLine.objects.bulk_create(
            [
                RejectedLine(
                    device=self.device,
                    upload=upload,
                    number=line.number,
                    raw=line.raw[:500],
                    sha256=digest,
                    reason=line.reason,
                )
                for digest, line in self.bad.items()
            ],
            batch_size=BATCH,
        )
        self._save_evidence(upload)

    def _save_evidence(self, upload: RawUpload) -> None:
        if not self.evidence:
            return
        pins = {pin for (pin, _), _ in self.evidence}
        rows = Punch.objects.filter(device=self.device, pin__in=pins)
        punches = {(row.pin, row.local_time): row for row in rows}
        for key, (state, verify, code) in self.evidence:
            PunchEvidence.objects.get_or_create(
                punch=punches[key],
                state=state,
                verify=verify,
                work_code=code,
                defaults={"upload": upload},
            )

    def report(self, upload: RawUpload) -> ImportReport:
        unknown = {p.pin for p in self.new.values() if p.employee_id is None and not p.quarantine}
        return ImportReport(
            upload_id=upload.pk,
            device=self.device.name,
            layout=str(self.parsed.layout),
            differing=len(self.evidence),
            unknown_pins=tuple(sorted(unknown, key=lambda pin: (len(pin), pin))),
            rejected=tuple(sorted(self.rejected, key=lambda line: line.number)[:SHOWN_LINES]),
            **self.counts(),
        )


def _known_punches(device: Device, lines: Iterable[LogLine]) -> dict[tuple[str, str], Values]:
    """Return the punches that the machine has told before, in the spans of these lines."""
    by_year: dict[int, list[str]] = {}
    for line in lines:
        by_year.setdefault(line.local.year, []).append(local_text(line.local))
    # Year by year: one line of the year 2000 must not fetch all that was between.
    spans = list(by_year.values())
    if len(spans) > MAX_SPANS:
        spans = [[text for span in spans for text in (min(span), max(span))]]
    known: dict[tuple[str, str], Values] = {}
    for span in spans:
        rows = Punch.objects.filter(
            device=device, local_time__gte=min(span), local_time__lte=max(span)
        ).values_list("pin", "local_time", "state", "verify", "work_code")
        known |= {(pin, local): (state, verify, code) for pin, local, state, verify, code in rows}
    return known
