"""The page of the record: a check is asked for, goes on, and is told in words."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from foundation import outbox
from foundation.actors import SYSTEM
from foundation.ledger.anchors import write_anchor
from foundation.models import Event, Verification
from processes.audit.record import record_told
from processes.models import Instance, Task
from tests.cast import NOW, Cast
from tests.processes.conftest import begin, instance, world
from workflows.registry import Request

__all__ = ["instance", "world"]

PAGE = "/audit/catatan/"


@pytest.fixture
def head(client: Client, cast: Cast, settings: LazySettings, tmp_path: str) -> Client:
    settings.ANCHOR_FOLDER = tmp_path
    client.force_login(cast.kadis)
    return client


def text(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_a_check_is_asked_for_told_while_it_goes_on_and_then_whole(
    head: Client, instance: Instance
) -> None:
    assert "Belum pernah diperiksa" in text(head)
    assert head.get(reverse("audit:verify")).status_code == 405
    answer = head.post(reverse("audit:verify"), follow=True).content.decode()
    assert "Sistem sedang memeriksa" in answer
    assert "Periksa sekarang" not in answer
    assert 'data-refresh-seconds="2"' in answer
    assert "sopan/live" in answer
    outbox.drain()
    assert Verification.objects.get().fault_count == 0
    told = text(head)
    assert "Utuh" in told
    assert "Ratna Seran" in told
    assert "tidak ada kejanggalan" in told
    assert "sopan/live" not in told
    asked = Event.objects.get(verb="ledger_verification_asked")
    assert asked.actor_name == "Ratna Seran"


def test_what_was_changed_by_hand_is_named_with_a_link_to_its_page(
    head: Client, instance: Instance, cast: Cast
) -> None:
    other = begin(cast, agency=cast.other_agency, actor_user=cast.outsider, subject="Rahasia")
    Task.objects.filter(instance=instance).update(comment="lain")
    Event.objects.filter(stream=other.stream, sequence=1).update(verb="lain")
    head.post(reverse("audit:verify"))
    outbox.drain()
    told = text(head)
    assert "Ada kejanggalan" in told
    assert f'<a href="{reverse("processes:detail", args=[instance.pk])}">{instance.title}' in told
    assert "alasan diubah" in told
    # Of another agency it is said that something is wrong, not what it is about.
    assert f"Berkas {other.pk} (perangkat daerah lain)" in told
    assert "Rahasia" not in told


def test_the_digests_of_the_anchors_stand_there_to_be_compared(
    head: Client, instance: Instance
) -> None:
    assert "Belum ada jangkar" in text(head)
    anchor = write_anchor(now=NOW)
    assert anchor is not None
    assert anchor.digest in text(head)


def test_the_management_report_prints_the_head_and_the_last_anchor(
    head: Client, instance: Instance, cast: Cast
) -> None:
    request = Request(agency_id=cast.agency.pk, subject=instance.subject, actor=SYSTEM, now=NOW)
    told = record_told(request)["catatan"]
    assert told["jangkar"] == {"nomor": "-", "tanggal": "-", "sidik": "-"}
    anchor = write_anchor(now=NOW)
    assert anchor is not None
    told = record_told(request)["catatan"]
    assert (told["peristiwa"], told["sidik"]) == (2, instance.ledger_hash)
    assert told["jangkar"] == {
        "nomor": "1",
        "tanggal": "20 April 2026 09.00 WITA",
        "sidik": anchor.digest,
    }
