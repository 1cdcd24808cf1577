"""One database, both variants, in turn: run by `python -m bench` in a process of its own.

The rounds of the two variants follow each other in random order, so that whatever else the machine
does hits both; compared are the two times of the same round.
"""

import json
import os
import random
import statistics
import sys
import time
from dataclasses import dataclass, field

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.statements import Statements, count_statements
from bench.variants import DEFINITION_KEY, Sopan, Variant, Viewflow
from organization.models import User
from processes.definitions import definition_of
from processes.models import Instance
from tests.cast import Cast, make_cast

DECISION_FIELD = "keputusan"
APPROVED, RETURNED = "disetujui", "dikembalikan"


@dataclass
class Round:
    """Seconds of every act of a variant in one round."""

    claims: list[float] = field(default_factory=list)
    completions: list[float] = field(default_factory=list)

    @property
    def milliseconds_per_task(self) -> float:
        return 1000 * (sum(self.claims) + sum(self.completions)) / len(self.claims)


class Walk:
    """Takes processes of one variant from start to end, as the right person at each step."""

    def __init__(self, variant: Variant, cast: Cast, returns: int) -> None:
        self.variant, self.cast, self.returns = variant, cast, returns
        self.started = 0
        self.lanes: dict[str, str] = {}

    def people(self, lane: str) -> User:
        user = {
            "Kadis": self.cast.kadis,
            "Admin": self.cast.admin,
            "Operator": self.cast.operator,
        }[lane]
        # Read anew, as every request does; what a person may do must not be remembered.
        return User.objects.get(pk=user.pk)

    def one(self, into: Round) -> None:
        self.started += 1
        process_id = self.variant.start(self.started)
        left = self.returns
        while task := self.variant.open_task(process_id):
            task_id, step = task
            user = self.people(self.lanes[step])
            answers = {"catatan": "sudah dikerjakan"}
            if step == "meneliti":
                decision = RETURNED if left else APPROVED
                answers = {DECISION_FIELD: decision, "alasan": "Tanggal 3 kurang lengkap"}
                left -= 1 if left else 0
            begun = time.perf_counter()
            self.variant.claim(process_id, task_id, user)
            claimed = time.perf_counter()
            self.variant.complete(process_id, task_id, user, answers)
            done = time.perf_counter()
            into.claims.append(claimed - begun)
            into.completions.append(done - claimed)
        if not self.variant.finished(process_id):
            raise RuntimeError(f"{self.variant.name}: proses {process_id} tidak selesai")

    def counts(self) -> dict[str, Statements]:
        """Return the statements of one plain task: the first of a process that is never timed."""
        self.started += 1
        process_id = self.variant.start(self.started)
        task = self.variant.open_task(process_id)
        if task is None:
            raise RuntimeError("proses tanpa tugas")
        task_id, step = task
        user = self.people(self.lanes[step])
        with CaptureQueriesContext(connection) as claiming:
            self.variant.claim(process_id, task_id, user)
        with CaptureQueriesContext(connection) as completing:
            self.variant.complete(process_id, task_id, user, {"catatan": "sudah"})
        return {
            "claim": count_statements(claiming.captured_queries),
            "complete": count_statements(completing.captured_queries),
        }


def probe() -> float:
    """Return the milliseconds of a fixed piece of work: tells whether the machine was busy."""
    begun = time.perf_counter()
    sum(number * number for number in range(400_000))
    return 1000 * (time.perf_counter() - begun)


def measure(rounds: int, instances: int, returns: int) -> dict[str, object]:
    """Return medians of both variants and the median of the ratios of the same round."""
    call_command("migrate", verbosity=0)
    cast = make_cast()
    walks = [Walk(variant(cast), cast, returns) for variant in (Sopan, Viewflow)]
    lanes = lanes_of(walks[0].variant)
    for walk in walks:
        walk.lanes = lanes
        walk.one(Round())  # parses, compiles, connects
    counts = {walk.variant.name: walk.counts() for walk in walks}
    taken: dict[str, list[Round]] = {walk.variant.name: [] for walk in walks}
    probes = [probe()]
    for _ in range(rounds):
        random.shuffle(walks)
        for walk in walks:
            current = Round()
            for _ in range(instances):
                walk.one(current)
            taken[walk.variant.name].append(current)
        probes.append(probe())
    pairs = zip(taken["sopan"], taken["viewflow"], strict=True)
    ratios = [ours.milliseconds_per_task / theirs.milliseconds_per_task for ours, theirs in pairs]
    return {
        "database": connection.vendor,
        "rounds": rounds,
        "instances_per_round": instances,
        "returns": returns,
        "variants": {name: _summary(taken[name], counts[name]) for name in taken},
        "ratio": {
            "median": statistics.median(ratios),
            "lowest": min(ratios),
            "highest": max(ratios),
        },
        "cpu_probe_ms": {
            "median": statistics.median(probes),
            "lowest": min(probes),
            "highest": max(probes),
        },
    }


def lanes_of(sopan: Variant) -> dict[str, str]:
    """Return the lane of each step, as the diagram has it."""
    instance = Instance.objects.get(pk=sopan.start(0), definition_key=DEFINITION_KEY)
    return {step.id: step.lane for step in definition_of(instance).steps}


def _summary(rounds: list[Round], counts: dict[str, Statements]) -> dict[str, object]:
    claims = [1000 * second for one in rounds for second in one.claims]
    completions = [1000 * second for one in rounds for second in one.completions]
    return {
        "ms_per_task": statistics.median(one.milliseconds_per_task for one in rounds),
        "claim_ms": statistics.median(claims),
        "complete_ms": statistics.median(completions),
        "claim": counts["claim"].as_json(),
        "complete": counts["complete"].as_json(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(*(int(argument) for argument in sys.argv[1:4]))))
