"""The API answers whatever it is asked as its description says, and never with a fault of its own.

Every operation gets requests that fit its description and such that do not, by a program with every
scope, with ids of things that are there mixed in. What a request did is undone after it.
`SOPAN_FUZZ_SECONDS` lets each of the two go on for so long with ever new requests (`make fuzz`).
"""

import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
import time_machine
from django.conf import LazySettings
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok

from attendance import services as attendance
from attendance.services.periodic import JOB
from devices.models import Device
from documents.models import Document
from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from processes.models import Instance, Task
from tests.access.world import undone
from tests.api.programs import issue
from tests.attendance.people import AFTER_APRIL, APRIL, fill_april
from tests.cast import NOW, Cast
from tests.stages import month_at

SECONDS = int(os.environ.get("SOPAN_FUZZ_SECONDS", "0"))
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.timeout(900 + 2 * SECONDS)]

EXAMPLES = 6  # of each operation and kind, in a round
CHECKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
           "response_schema_conformance")  # fmt: skip


@pytest.fixture
def ids(cast: Cast, settings: LazySettings) -> Iterator[Mapping[str, list[int]]]:
    """Make something of everything that has an address; yields their ids by parameter."""
    settings.API_REQUESTS_PER_MINUTE = settings.API_FAILURES_PER_MINUTE = 10**9
    month = month_at(cast, 1)
    month.pass_stage()
    fill_april(cast.everyone)
    recap = attendance.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    payload = {"agency": cast.agency.pk, "kind": "daily", "day": "2026-04-17"}
    incident = OutboxJob.objects.create(
        kind=JOB, key="uji", payload=payload, state=OutboxJob.State.INCIDENT, run_after=NOW,
        created_at=NOW, last_error="Mesin mati",
    )  # fmt: skip
    assert cast.operator.employee is not None
    with time_machine.travel(max(month.now, AFTER_APRIL), tick=False):
        yield {
            "instance_id": [*Instance.objects.values_list("pk", flat=True)],
            "task_id": [*Task.objects.values_list("pk", flat=True)],
            "document_id": [*Document.objects.values_list("pk", flat=True)],
            "recap_id": [recap.pk],
            "device_id": [*Device.objects.values_list("pk", flat=True)],
            "incident_id": [incident.pk],
            "employee_id": [cast.operator.employee.pk],
        }


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_it_is_described(
    mode: GenerationMode, ids: Mapping[str, list[int]], cast: Cast
) -> None:
    load_all_checks()
    token = issue(cast.kadis).text
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(found) > 20
    end, round_number = time.monotonic() + SECONDS, 0
    while not round_number or time.monotonic() < end:
        for operation in found:
            check_operation(operation, mode, ids, token, round_number)
        round_number += 1


def check_operation(
    operation: Any, mode: GenerationMode, ids: Mapping[str, list[int]], token: str, number: int
) -> None:
    """Ask one operation some of what could be asked; the same in the first round of each run."""
    checks = CHECKS.get_by_names(CHECKED)

    @seed(number)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode), st.data())
    def ask(case: Any, data: st.DataObject) -> None:
        for name in case.path_parameters or {}:
            if name in ids and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(ids[name]))
        with undone():
            # Nothing between this client and the site would unpack what goes out packed.
            headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
            case.call_and_validate(checks=checks, headers=headers)

    ask()
