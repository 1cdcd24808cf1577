"""What `bench.load` saw, as a table for people, and whether it is good enough."""

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from statistics import median
from typing import Any

GOAL_MS = 300  # the 95th percentile of every page
GOAL_GROWTH = 0.10  # of memory, from the second minute to the end
FEWEST = 20  # answers of a page below which its 95th percentile is one answer's chance
WARM = 120.0  # seconds until everything that is loaded once is loaded
Z = 1.96  # of 95 %


def wilson(good: int, total: int) -> tuple[float, float]:
    """Return the interval of a share that 95 % of such samples would cover (Wilson 1927)."""
    if not total:
        return 0.0, 1.0
    share, spread = good / total, Z * Z / total
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return milliseconds within which this share was answered."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def kinds(statuses: dict[str, int]) -> Counter[str]:
    """Count answers as good, bad (5xx or none) and refused (4xx)."""
    found: Counter[str] = Counter()
    for status, count in statuses.items():
        first = status[0] if status.isdigit() else "5"
        found[{"2": "good", "3": "good", "4": "refused"}.get(first, "bad")] += count
    return found


def growth(samples: Sequence[tuple[float, dict[str, int]]]) -> dict[str, tuple[int, int]]:
    """Return bytes of each unit when warm and at the end, each the median of three samples."""
    if not samples:
        return {}
    warm = min(WARM, samples[-1][0] / 3)  # of a short run the first third
    early = [memory for second, memory in samples if second >= warm][:3]
    late = [memory for _, memory in samples][-3:]
    return {
        unit: (
            int(median(memory[unit] for memory in early)),
            int(median(memory[unit] for memory in late)),
        )
        for unit in samples[0][1]
    }


def missed(result: dict[str, Any]) -> list[str]:
    """Return the goals that were not reached, a sentence each."""
    people, found = result["people"], []
    for page, seconds in people["seconds"].items():
        worst = percentile(seconds, 0.95)
        if len(seconds) >= FEWEST and worst >= GOAL_MS:
            found.append(f"{page}: p95 {worst:.0f} ms")
    total = sum((kinds(statuses) for statuses in people["statuses"].values()), Counter())
    door = kinds(result["machines"]["summary"]["replies"])
    if bad := total["bad"] + door["bad"]:
        found.append(f"{bad} jawaban 5xx atau tanpa jawaban")
    if refused := _unexpected(people["statuses"]):
        found.append(f"{refused} penolakan yang tidak diharapkan")
    for unit, (early, late) in growth(result["memory"]).items():
        if late > early * (1 + GOAL_GROWTH):
            found.append(f"memori {unit} tumbuh {100 * (late / early - 1):.0f} %")
    for name, what in (("punches", "ketukan"), ("tasks", "tugas")):
        for fault, said in (("lost", "hilang"), ("twice", "ganda")):
            if count := result[name][fault]:
                found.append(f"{what} {said}: {count}")
    if silent := result["machines"]["summary"]["unacknowledged"]:
        found.append(f"{silent} ketukan tidak dijawab")
    if failed := result["jobs"]["failed"]:
        found.append(f"{failed} pekerjaan gagal")
    return found


def _unexpected(statuses: dict[str, dict[str, int]]) -> int:
    """Count refusals; a task that a colleague took or completed first is none."""
    late = {"ambil tugas", "buka tugas", "selesaikan tugas"}
    return sum(
        count
        for page, found in statuses.items()
        for status, count in found.items()
        if status.startswith("4") and not (page in late and status in ("403", "404", "409", "410"))
    )


def passed(result: dict[str, Any]) -> bool:
    return not missed(result)


def table(result: dict[str, Any]) -> str:
    size, asked = result["size"], result["asked"]
    province = f"{size['agencies']} perangkat daerah, {size['employees']:,} pegawai"
    peak = f"{size['machines']} mesin, {asked['punches']:g} ketukan/detik"
    office = f"{size['people']} orang bekerja, berpikir {asked['think']:g} detik"
    lines = [
        "",
        f"{province}, {peak}",
        f"{office}; {result['seconds'] / 60:g} menit",
        "",
        f"{'halaman':24}{'jumlah':>8}{'p50':>8}{'p95':>8}{'p99':>8} ms   5xx  4xx",
    ]
    people = result["people"]
    for page, seconds in sorted(
        people["seconds"].items(), key=lambda row: -percentile(row[1], 0.95)
    ):
        found = kinds(people["statuses"][page])
        shown = "".join(f"{percentile(seconds, share):8.0f}" for share in (0.5, 0.95, 0.99))
        lines.append(f"{page:24}{len(seconds):8,}{shown}   {found['bad']:5}{found['refused']:5}")
    return "\n".join([*lines, "", *_others(result), "", *_verdict(result)])


def _others(result: dict[str, Any]) -> list[str]:
    people, machines = result["people"], result["machines"]["summary"]
    total = sum((kinds(statuses) for statuses in people["statuses"].values()), Counter())
    everything = [second for seconds in people["seconds"].values() for second in seconds]
    low, high = wilson(total["bad"], total.total())
    rate = f"{total.total():,} jawaban, {total.total() / result['seconds']:.1f}/detik"
    middle, slow = percentile(everything, 0.5), percentile(everything, 0.95)
    faults = f"galat {total['bad']} (95 %: {100 * low:.2f}-{100 * high:.2f} %)"
    lines = [f"semua halaman: {rate}, p50 {middle:.0f}, p95 {slow:.0f} ms, {faults}"]
    for kind, row in machines["milliseconds"].items():
        lines.append(
            f"mesin, {kind}: {row['count']:,}, p50 {row.get('p50', 0):.0f},"
            f" p95 {row.get('p95', 0):.0f}, p99 {row.get('p99', 0):.0f} ms"
        )
    lines += [f"mesin, jawaban: {in_words(machines['replies'])}"]
    for name, what in (("punches", "ketukan"), ("tasks", "tugas selesai")):
        row = result[name]
        lines.append(
            f"{what}: dijawab {row['acknowledged']:,}, hilang {row['lost']}, ganda {row['twice']}"
        )
    for unit, (early, late) in growth(result["memory"]).items():
        change = 100 * (late / early - 1) if early else 0.0
        lines.append(f"memori {unit}: {early / 1e6:.0f} -> {late / 1e6:.0f} MB ({change:+.1f} %)")
    share = {unit: taken / result["seconds"] for unit, taken in result["processor"].items()}
    share["orang (pembangkit)"] = people["processor_seconds"] / result["seconds"]
    share["mesin (pembangkit)"] = result["machines"]["processor_seconds"] / result["seconds"]
    lines.append(
        "inti prosesor: " + ", ".join(f"{unit} {part:.2f}" for unit, part in share.items())
    )
    lines.append(
        f"sambungan basis data: paling banyak {result['connections']}; pekerjaan menunggu"
        f" {result['jobs']['waiting']}, gagal {result['jobs']['failed']}"
    )
    return lines


def in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))


def _verdict(result: dict[str, Any]) -> list[str]:
    found = missed(result)
    goal = (
        f"tujuan: p95 < {GOAL_MS} ms, 5xx 0, memori < {100 * GOAL_GROWTH:.0f} %, hilang dan ganda 0"
    )
    if not found:
        return [f"{goal}: tercapai"]
    return [goal, *(f"  belum: {sentence}" for sentence in found)]
