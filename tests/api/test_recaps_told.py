"""BKD's own system, over all agencies: told that a month is frozen, it takes the figures over."""

import json
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings

from attendance import services
from foundation.actors import SYSTEM
from processes.services import webhooks
from tests.api.programs import program_of
from tests.attendance.asking import bkd
from tests.attendance.people import AFTER_APRIL, APRIL, fill_april
from tests.cast import Cast, appoint
from tests.processes.test_services__webhooks import verifying_example, work
from tests.processes.webhook_receivers import receiver
from tests.stages import month_at

pytestmark = pytest.mark.django_db


def test_bkd_takes_the_documents_of_a_month_over_with_the_hashes_that_it_was_told(
    cast: Cast, settings: LazySettings
) -> None:
    """Told of each document, it asks for its line and its Word file."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
    officer = bkd(cast)
    appoint(officer, "BKD", cast.agency)
    with receiver() as system:
        webhooks.subscribe(
            agency=None, keeper=cast.agency, address=system.address, names=["document.issued"],
            actor=SYSTEM, user=cast.admin, now=AFTER_APRIL,
        )  # fmt: skip
        month = month_at(cast, 1)
        month.pass_stage()
        work()
        told = [json.loads(body)["data"] for _, body in system.received]
    assert told
    with time_machine.travel(month.now, tick=False):
        program = program_of(officer, "dokumen:baca")
        for one in told:
            row = program.get(f"/documents/{one['document']}").body
            file = program.get(f"/documents/{one['document']}/file")
            assert file.content.startswith(b"PK")  # Word
            assert file.headers["Content-Length"] == str(row["size"]) == str(len(file.content))
            assert sha256(file.content).hexdigest() == one["sha256"] == row["sha256"]
            assert row["instance"] == one["instance"] == month.instance.pk


def test_a_frozen_month_is_told_and_taken_over_whole(cast: Cast, settings: LazySettings) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
    officer = bkd(cast)
    appoint(officer, "BKD", cast.agency)
    fill_april(cast.everyone)
    with receiver() as system:
        _, secret = webhooks.subscribe(
            agency=None, keeper=cast.agency, address=system.address, names=["recap.frozen"],
            actor=SYSTEM, user=cast.admin, now=AFTER_APRIL,
        )  # fmt: skip
        given: dict[str, Any] = {
            "agency": cast.agency, "month": APRIL, "actor": SYSTEM, "now": AFTER_APRIL
        }  # fmt: skip
        services.build_draft(**given)
        services.freeze_recap(**given)
        work()
        ((headers, body),) = system.received
    assert verifying_example()["verify"](secret, headers, body)
    told = json.loads(body)["data"]
    with time_machine.travel(AFTER_APRIL, tick=False):
        program = program_of(officer, "rekap:baca")
        recap = program.get(f"/recaps/{told['recap']}").body
        rows = program.get(f"/recaps/{told['recap']}/rows", limit=2).body
        rest = program.get(f"/recaps/{told['recap']}/rows", after=rows["next"]).body
    assert recap["sha256"] == told["sha256"]
    assert (recap["status"], recap["agency"]) == ("frozen", cast.agency.code)
    assert (rows["more"], rest["more"]) == (True, False)
    assert len(rows["items"]) + len(rest["items"]) == len(cast.everyone)
    assert not any(row["number"] in body.decode() for row in rows["items"])
