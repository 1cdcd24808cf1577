"""A browser begins to listen, shows what is pushed to it, and its link opens the card.

The maker's push service is played by one of our own; the browser is told by its own tools what the
service would have handed it, opened with the keys that the site was given.
"""

import json
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from processes.models import NoticeAddress, Task
from processes.notices.channels.push_messages import new_key
from tests.cast import PASSWORD, make_cast
from tests.processes.conftest import SOPS, begin
from tests.processes.notice_services import Reader, Service, open_service
from tests.processes.notices.delivering import work
from tests.processes.pages import to_decision

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser, pytest.mark.long,
    pytest.mark.timeout(300), pytest.mark.django_db(transaction=True),
]  # fmt: skip

# A private window has no push service: what it would answer is put in its place.
ANSWERED = """
    const told = %s;
    PushManager.prototype.getSubscription = async () => null;
    PushManager.prototype.subscribe = async (asked) => {
      const length = asked.applicationServerKey.length;
      if (!asked.userVisibleOnly || length !== 65) throw new Error("key");
      return { toJSON: () => ({ endpoint: told.endpoint, keys: told }) };
    };
"""
SHOWN = """
    navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
      .then((all) => all.map((one) => [one.title, one.body, one.data.link]))
"""


@pytest.fixture
def push(settings: LazySettings, served: str) -> Iterator[Service]:
    with open_service() as service:
        settings.WEBHOOK_NETWORKS, settings.PUSH_KEY = ["127.0.0.1/32"], new_key()
        settings.SOP_ROOTS, settings.PUBLIC_URL = [SOPS], served
        yield service


def pushed(page: Page, url: str, text: str) -> None:
    """Hand a message to the worker as the push service of the browser would."""
    tools = page.context.new_cdp_session(page)
    with page.expect_event("domcontentloaded"):  # its registration is told to who asks anew
        found: list[str] = []
        tools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
        )
        tools.send("ServiceWorker.enable")
        page.reload()
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    message = {"origin": url, "registrationId": found[-1], "data": text}
    tools.send("ServiceWorker.deliverPushMessage", message)


def shown(page: Page) -> list[list[str]]:
    """Return what the browser shows, once it shows anything."""
    for _ in range(300):
        if found := page.evaluate(SHOWN):
            return list(found)
        page.wait_for_timeout(100)
    return []


def test_a_push_is_shown_and_leads_to_the_card(
    chromium: Browser, served: str, push: Service
) -> None:
    cast, reader = make_cast(), Reader(push)
    task = to_decision(begin(cast), cast)
    context = chromium.new_context(locale="id-ID")
    context.grant_permissions(["notifications"], origin=served)
    context.add_init_script(ANSWERED % json.dumps(reader.form))
    page = context.new_page()
    page.goto(f"{served}/accounts/login/?next=/accounts/pemberitahuan/")
    page.locator("[name=username]").fill(cast.kadis.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form[method=post] button").first.click()
    page.get_by_role("button", name="Aktifkan di peramban ini").click()
    expect(page.locator("main")).to_contain_text("Aktif di 1 peramban")
    assert NoticeAddress.objects.get().owner == cast.kadis

    work()  # what happened is told, at once or in the morning
    work()  # whatever the hour is now: it is sent
    ((_, _, body),) = push.received
    pushed(page, served, json.dumps(reader.read(body)))
    ((title, text, link),) = shown(page)
    assert (title, text) == ("SOPan", "1 keputusan menunggu Anda")
    page.goto(f"{served}{link}")
    expect(page.locator("main")).to_contain_text("Cuti Joko")
    assert Task.objects.get(pk=task.pk).status == Task.Status.READY
