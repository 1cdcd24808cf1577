"""A soak's figures as a table for people, and its place in docs/reliability.md."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.soak.checker import Figures, middle_and_longest

END = "<!-- end of soak -->"
WORDS = {
    "start": "began an instance",
    "claim": "took a task",
    "approve": "approved",
    "return": "returned",
    "issue": "had a numbered letter written",
    "file": "filed",
    "punch": "pressed a finger",
}
ACTS = {
    "kill_web_worker": "kill -9 of a web process",
    "kill_web": "kill -9 of the whole web server",
    "kill_worker": "kill -9 of a worker",
    "kill_clock": "kill -9 of the clock",
    "kill_broker": "kill -9 of the broker, its memory lost",
    "stop_database": "immediate stop of PostgreSQL",
    "kill_database": "kill -9 of PostgreSQL's first process",
    "pause_web_worker": "a web process stands still, 1 to 4 s",
    "pause_worker": "a worker stands still beyond its lease",
    "pause_broker": "the broker stands still, 1 to 4 s",
    "pause_database": "PostgreSQL stands still, 1 to 4 s",
}


def written(
    found: Mapping[str, list[str]],
    figures: Figures,
    sizes: Mapping[str, int],
    run: Mapping[str, Any],
) -> str:
    """Return the report as Markdown."""
    begun = (
        f"{run['date']}, seed {run['seed']}: {run['seconds']:.0f} s of load on {run['processors']} "
        f"processors, load of the machine {run['load']}, broker {run['broker']}; "
        f"{figures.acts.total()} acts of the nemesis. Afterwards everything was at its end within "
        f"{run['drained']:.0f} s."
    )
    lines = [
        begun,
        "",
        "| Broken promise | Cases |",
        "|---|---|",
        *(f"| {name} | {len(cases)} |" for name, cases in found.items()),
        "",
        f"No answer, or a 5xx: {100 * figures.info_share:.1f} % of all requests. Stored: "
        + ", ".join(f"{count:,} {name}" for name, count in sizes.items())
        + ".",
        "",
        "| Somebody | asked | acknowledged | refused | nobody knows |",
        "|---|---|---|---|---|",
    ]
    for f, name in WORDS.items():
        told: Mapping[str, int] = figures.told.get(f, {})
        counted = " | ".join(f"{told.get(kind, 0):,}" for kind in ("invoke", "ok", "fail", "info"))
        lines.append(f"| {name} | {counted} |")
    lines += [
        "",
        "Seconds after each act, median and longest:",
        "",
        "| Act | Times | Somebody answered | Longest silence | Step of the system |",
        "|---|---|---|---|---|",
    ]
    for act, name in ACTS.items():
        told_of = (figures.recoveries, figures.standstills, figures.system)
        cells = " | ".join(
            "{:.1f}, {:.1f}".format(*middle_and_longest(times[act])) if times.get(act) else "-"
            for times in told_of
        )
        lines.append(f"| {name} | {figures.acts[act]} | {cells} |")
    return "\n".join(lines)


def put(report: str, page: Path, *, broker: str) -> None:
    """Replace what stands between the markers of this broker on a page."""
    begin = f"<!-- soak: {broker} -->"
    before, _, rest = page.read_text().partition(begin)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{page} has no {begin} ... {END}")
    page.write_text(f"{before}{begin}\n{report}\n{END}{after}")
