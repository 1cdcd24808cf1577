"""What a page costs a browser that has never been here: bytes, requests, blocking, jumps.

No absolute time is judged: the busy time of a page is told in turns of a loop that the same browser
ran just before, at the same speed.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, StorageState

SLOWED = 4  # times, as a phone of modest price beside a desk
SLOW_LINE = {
    "offline": False, "latency": 300, "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}  # fmt: skip
STATIC = "/static/"

# Twenty million additions; a turn of the clock by which blocking is told.
LOOP = """() => {
  const begun = performance.now();
  let sum = 0;
  for (let step = 0; step < 20_000_000; step += 1) sum += step % 7;
  return [performance.now() - begun, sum][0];
}"""
# Of what is over 50 ms in one go nothing of the page answers to a finger.
OBSERVED = """() => {
  window.blocked = 0; window.shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    window.blocked += Math.max(0, entry.duration - 50);
  })).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (!entry.hadRecentInput) window.shifted += entry.value;
  })).observe({ type: "layout-shift", buffered: true });
}"""
PAINTED = """() => performance.getEntriesByName("first-contentful-paint")
  .map((entry) => entry.startTime)[0] || 0"""
QUIET = 600  # milliseconds after the page is there: what looks again by itself has begun


@dataclass
class Weight:
    """One visit with an empty cache."""

    url: str
    bytes_by_url: dict[str, int] = field(default_factory=dict)
    kept_by_url: dict[str, str] = field(default_factory=dict)  # Cache-Control of static files
    blocked_turns: float = 0.0  # busy beyond 50 ms in one go, in turns of the loop
    shifted: float = 0.0  # cumulative layout shift
    painted_slowly: float = 0.0  # seconds until the first words, at 400 kbit/s and 300 ms

    @property
    def total(self) -> int:
        return sum(self.bytes_by_url.values())

    @property
    def strangers(self) -> list[str]:
        home = urlsplit(self.url).netloc
        return [url for url in self.bytes_by_url if urlsplit(url).netloc != home]

    @property
    def forgotten(self) -> list[str]:
        """Return the static files that a browser would ask for again within a day."""
        return [url for url, kept in self.kept_by_url.items() if _seconds(kept) < 86_400]


def weigh(chromium: Browser, state: StorageState, url: str) -> Weight:
    """Visit the page twice, each time as a stranger: for its weight, then over a slow line."""
    weight = Weight(url)
    context = chromium.new_context(
        viewport={"width": 360, "height": 800}, storage_state=state, locale="id-ID"
    )
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    turn = page.evaluate(LOOP)
    _listen(line, weight)
    page.add_init_script(f"({OBSERVED})()")
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(QUIET)
    weight.blocked_turns = page.evaluate("window.blocked") / turn
    weight.shifted = page.evaluate("window.shifted")
    context.close()
    weight.painted_slowly = _painted_slowly(chromium, state, url)
    return weight


def _listen(line: CDPSession, weight: Weight) -> None:
    """Count what comes over the line, packed as it came."""
    urls: dict[str, str] = {}

    def answered(event: dict[str, Any]) -> None:
        url = event["response"]["url"]
        if url.startswith("data:"):  # the browser's own pictures of its form fields
            return
        urls[event["requestId"]] = url
        if urlsplit(url).path.startswith(STATIC):
            headers = {k.lower(): v for k, v in event["response"]["headers"].items()}
            weight.kept_by_url[url] = headers.get("cache-control", "")

    def ended(event: dict[str, Any]) -> None:
        if url := urls.get(event["requestId"]):
            weight.bytes_by_url[url] = int(event["encodedDataLength"])

    line.on("Network.responseReceived", answered)
    line.on("Network.loadingFinished", ended)
    line.send("Network.enable")


def _painted_slowly(chromium: Browser, state: StorageState, url: str) -> float:
    context = chromium.new_context(
        viewport={"width": 360, "height": 800}, storage_state=state, locale="id-ID"
    )
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.goto(url, wait_until="load")
    page.wait_for_function(PAINTED)
    seconds = float(page.evaluate(PAINTED)) / 1000
    context.close()
    return seconds


def _seconds(kept: str) -> int:
    parts = (part.strip().partition("=") for part in kept.split(","))
    return next((int(value) for name, _, value in parts if name == "max-age"), 0)
