"""Somebody who uses the site by HTTP alone: reads pages, fills the forms that stand on them."""

import time
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from lxml import html

TIMEOUT = 60  # seconds for one page
PATIENCE = 120.0  # seconds for what the system does by itself


class Visitor:
    """One browser of one person; `text` is the page that he sees."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.address, self.text = url, ""

    def get(self, path: str) -> str:
        """Open a page, as a link on the one before leads to it; return its words."""
        self._read(Request(urljoin(self.address, path)))  # noqa: S310
        return self.words

    def download(self, path: str) -> bytes:
        with self.opener.open(urljoin(self.url, path), timeout=TIMEOUT) as answer:
            content: bytes = answer.read()
        return content

    @property
    def words(self) -> str:
        return " ".join(self.tree.text_content().split())

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.text)

    def link(self, part: str, words: str = "") -> str:
        """Return the first link of the page with this in its address and these words in it."""
        for link in self.tree.iter("a"):
            if part in (link.get("href") or "") and words in " ".join(link.text_content().split()):
                return str(link.get("href"))
        raise AssertionError(f"no link {part} {words} at {self.address}: {self.words[:2000]}")

    def names_in(self, action: str) -> set[str]:
        """Return the names of what can be filled in in a form."""
        return {str(name) for name in self._form(action).fields}

    def submit(self, action: str, **values: str) -> str:
        """Fill in the form whose address ends so, send it, and return what the next page says."""
        form = self._form(action)
        told: dict[str, str] = {**dict(form.form_values()), **values}
        target = urljoin(self.address, form.get("action") or self.address)
        headers = {"Referer": self.address}
        self._read(Request(target, urlencode(told).encode(), headers))  # noqa: S310
        return self.words

    def choice(self, name: str, words: str) -> str:
        """Return the value of the option that begins so."""
        for option in self.tree.iter("option"):
            is_here = option.getparent().get("name") == name
            if is_here and " ".join(option.text_content().split()).startswith(words):
                return str(option.get("value"))
        raise AssertionError(f"no option {words} of {name} at {self.address}")

    def sign_in(self, username: str, password: str) -> None:
        self.get("/accounts/login/")
        self.submit("/accounts/login/", username=username, password=password)
        assert "/accounts/login/" not in self.address, self.words

    def wait_for(self, path: str, words: str, seconds: float = PATIENCE) -> str:
        """Open a page again and again until it says so."""
        end = time.monotonic() + seconds
        while words not in self.get(path):
            assert time.monotonic() < end, f"{path} never said {words}: {self.words[:3000]}"
            time.sleep(0.3)
        return self.words

    def _form(self, action: str) -> html.FormElement:
        for form in self.tree.forms:
            target = urljoin(self.address, form.get("action") or self.address)
            if target.partition("?")[0].endswith(action):
                return form
        raise AssertionError(f"no form {action} at {self.address}: {self.words[:2000]}")

    def _read(self, request: Request) -> None:
        with self.opener.open(request, timeout=TIMEOUT) as answer:
            self.text = answer.read().decode()
            self.address = answer.url
