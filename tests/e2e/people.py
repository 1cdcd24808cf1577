"""People at a browser: each has a window of his own and does what a person does."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.servers import chromium_path

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LOOK = 60.0  # seconds that a page may take to come
PATIENCE = 120.0  # seconds that the system may take for its own steps


@contextmanager
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=LOOK * 1000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield chromium
        chromium.close()


class Person:
    """Somebody with an account, at a desk or with a phone."""

    def __init__(self, chromium: Browser, url: str, *, width: int = 1280) -> None:
        self.url = url
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, accept_downloads=True, locale="id-ID"
        )
        context.set_default_timeout(LOOK * 1000)
        self.page: Page = context.new_page()
        self.page.on("response", self._watch)
        self.server_errors: list[str] = []

    def _watch(self, response: Any) -> None:
        if response.status >= 500:
            self.server_errors.append(f"{response.status} {response.url}")

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto(f"{self.url}/accounts/login/")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(password)
        self.leave(self.page.locator("main form button, form[method=post] button").first)

    def choose_password(self, given: str, chosen: str) -> None:
        """Answer the forced first change."""
        expect(self.page).to_have_url(f"{self.url}/accounts/password/")
        for name, value in (
            ("old_password", given),
            ("new_password1", chosen),
            ("new_password2", chosen),
        ):
            self.page.locator(f"[name={name}]").fill(value)
        self.press("Simpan kata sandi")
        expect(self.page).not_to_have_url(f"{self.url}/accounts/password/")

    def go(self, path: str) -> None:
        # A page that just renews itself may take the place of the visit: then there is no answer.
        visits = (self.page.goto(self.url + path) for _ in range(3))
        response = next((answer for answer in visits if answer is not None), None)
        assert response is not None
        assert response.ok, f"{path}: {response.status}"

    def press(self, name: str) -> None:
        """Press a button that leads to another page, and wait until that one is there."""
        self.leave(self.page.get_by_role("button", name=name).first)

    def complete(self) -> None:
        """Complete the task whose page is open; what is refused is told with its reason."""
        with self.page.expect_navigation() as leaving:
            self.page.get_by_role("button", name="Selesaikan tahap").first.click()
        answer = leaving.value
        assert answer is None or answer.ok, self.page.inner_text("main")

    def press_here(self, name: str) -> None:
        """Press a button whose answer comes into the same page."""
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.leave(self.page.get_by_role("link", name=name).first)

    def leave(self, way: Locator) -> None:
        """Click what leads to another page, and wait until that one is there.

        A busy browser may not have begun to leave when the click is done: whoever looked at the
        page then would find the old one, complete and with nothing to fill in.
        """
        with self.page.expect_navigation():
            way.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(value)

    def tick_all(self, name: str) -> None:
        """Tick every box of a list; there is at least one."""
        boxes = self.page.locator(f"[name={name}]")
        boxes.first.wait_for()
        for box in boxes.all():
            box.check()

    def attach(self, name: str, file: Path | dict[str, Any]) -> None:
        self.page.locator(f"input[type=file][name={name}]").set_input_files(file)  # type: ignore[arg-type]

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def shot(self, path: Path, *, height: int = 800) -> None:
        """Keep what the window shows when it is this high."""
        width = (self.page.viewport_size or {"width": 1280})["width"]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("window.scrollTo(0, 0)")
        self.page.screenshot(path=path)

    def open_task(self, name: str, about: str = "") -> None:
        """Find a task in the queue, of the file about this where there are more; look at it."""
        row = self.page.locator("a.row", has_text=name).filter(has_text=about)
        self.leave(self._until(lambda: row, "/tugas/antrean/"))

    def take_task(self, name: str, about: str = "") -> None:
        """Find a task in the queue and press Kerjakan."""
        self.open_task(name, about)
        self.press("Kerjakan")

    def open_card(self, about: str) -> None:
        """Find what waits for a superior's decision, about this person; press Kerjakan.

        The card is there a moment before its task, and so before the way to it.
        """
        card = self.page.locator("section.card", has_text=about)
        way = card.get_by_role("link", name="Buka untuk memutuskan")
        self.leave(self._until(lambda: way, "/absensi/persetujuan/"))
        self.press("Kerjakan")

    def waits_for(self, text: str, path: str) -> None:
        """Look at a page again and again until the system has done its part."""
        self._until(lambda: self.page.locator("main", has_text=text), path)

    def _until(self, find: Any, path: str) -> Locator:
        deadline = time.monotonic() + PATIENCE
        while True:
            self.go(path)
            found: Locator = find()
            if found.count():
                return found.first
            if time.monotonic() > deadline:
                raise AssertionError(f"{path} never showed it:\n{self.page.inner_text('main')}")
            time.sleep(0.4)

    def download(self, link: Locator, folder: Path) -> Path:
        with self.page.expect_download() as waiting:
            link.click()
        target = folder / waiting.value.suggested_filename
        waiting.value.save_as(target)
        return target


def no_server_errors(people: Sequence[Person]) -> list[str]:
    return [error for person in people for error in person.server_errors]
