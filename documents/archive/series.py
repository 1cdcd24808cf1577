"""Is every series of numbers whole: each given once, none left out, none above the counter?"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from documents.issue.numbering import ARCHIVES, LETTERS
from documents.models import Archive, Document, LetterNumber
from foundation.models import Event
from organization.models import Agency
from organization.permissions import local_date

Series = tuple[int, str, int]  # agency's id, series, year
SHOWN = 5


def series_faults() -> Iterator[tuple[str, str]]:
    """Yield of each series what is wrong with it: ("surat diskominfo 2026", "nomor 7 hilang")."""
    given, untold = _given()
    counters = {
        (row.agency_id, row.series, row.year): row.last for row in LetterNumber.objects.all()
    }
    skipped = _skipped()
    codes = dict(Agency.objects.values_list("pk", "code"))
    for series in sorted(given.keys() | untold.keys() | counters.keys()):
        agency, name, year = series
        last = counters.get(series, 0)
        for reason in _faults(given[series], untold[series], last, skipped[series]):
            yield f"seri {name} {codes.get(agency, agency)} {year}", reason


def _faults(given: Counter[int], untold: int, last: int, skipped: set[int]) -> Iterator[str]:
    if double := sorted(serial for serial, times in given.items() if times > 1):
        yield f"nomor diberikan dua kali: {_listed(double)}"
    if beyond := sorted(serial for serial in given if serial > last):
        yield f"penghitung mundur: nomor {_listed(beyond)} melampaui {last}"
    known = given.keys() | skipped
    missing = [serial for serial in range(1, last + 1) if serial not in known]
    # Of letters from before their events told the serial, only how many there are is known.
    if len(missing) > untold:
        yield f"nomor terlewat: {_listed(missing)}"
    elif len(missing) < untold:
        yield f"{untold - len(missing)} nomor lebih banyak daripada yang dihitung"


def _listed(serials: list[int]) -> str:
    more = f" dan {len(serials) - SHOWN} lainnya" if len(serials) > SHOWN else ""
    return ", ".join(map(str, serials[:SHOWN])) + more


def _skipped() -> dict[Series, set[int]]:
    """Return the serials that somebody let be left out: the paper book has letters with them."""
    skipped: dict[Series, set[int]] = defaultdict(set)
    events = Event.objects.filter(verb="letter_numbers_skipped")
    for before, after in events.values_list("before", "after"):
        key = (after["agency"], after["name"], after["year"])
        skipped[key].update(range(before["last"] + 1, after["last"] + 1))
    return skipped


def _given() -> tuple[dict[Series, Counter[int]], Counter[Series]]:
    """Return how often each serial was given, and how many rows have one that no event tells."""
    given: dict[Series, Counter[int]] = defaultdict(Counter)
    told: set[str] = set()
    events = Event.objects.filter(verb__in=("document_issued", "archive_sealed"))
    for subject, after in events.values_list("subject", "after").iterator(chunk_size=1000):
        if series := after.get("series"):
            key = (series["agency"], series["name"], series["year"])
            given[key][series["serial"]] += 1
            told.add(subject)
    untold: Counter[Series] = Counter()
    letters = (
        Document.objects.exclude(number="").select_related("agency").only("agency", "written_at")
    )
    for document in letters.iterator(chunk_size=1000):
        if f"documents.document:{document.pk}" not in told:
            year = local_date(document.agency, document.written_at).year
            untold[document.agency_id, LETTERS, year] += 1
    archives = Archive.objects.select_related("agency").only("agency", "sealed_at")
    for archive in archives.iterator(chunk_size=1000):
        if f"documents.archive:{archive.pk}" not in told:
            year = local_date(archive.agency, archive.sealed_at).year
            untold[archive.agency_id, ARCHIVES, year] += 1
    return given, untold
