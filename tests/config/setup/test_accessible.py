"""The assistant's pages, which no account ever sees, have nothing serious in any face either."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from organization.models import Employee
from organization.services import issue_setup_code
from tests.access.drawn import Drawn
from tests.access.test_accessibility import looked_at
from tests.cast import NOW
from tests.config.setup.test_assistant import LETTER, OFFICE, staff_file

pytestmark = [
    pytest.mark.django_db, pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(600),
    pytest.mark.xdist_group("accessibility"),
]  # fmt: skip
STEPS = ("", "perangkat-daerah/", "pegawai/", "pimpinan/", "pejabat/", "kalender/", "mesin/")


def seen() -> Iterator[Drawn]:
    """Yield each page as it is before and after its step, wrong input included."""

    def shown(name: str, html: bytes) -> Drawn:
        return Drawn(name, "whoever has the server", f"/{name.replace(' ', '-')}", html.decode())

    code, owner = issue_setup_code(now=NOW), Client()
    yield shown("code", owner.get("/mulai/").content)
    yield shown("wrong code", owner.post("/mulai/", {"code": "aaaa"}).content)
    owner.post("/mulai/", {"code": code})
    yield shown("empty", owner.get("/mulai/").content)
    yield shown("no name", owner.post("/mulai/perangkat-daerah/", {"code": "?"}).content)
    owner.post("/mulai/perangkat-daerah/", OFFICE)
    wrong = staff_file("nama;nip\nKornelis;1\n")
    yield shown("wrong file", owner.post("/mulai/pegawai/", {"file": wrong}).content)
    owner.post("/mulai/pegawai/", {"file": staff_file()})
    head = {**LETTER, "role": "Kadis", "employee": Employee.objects.order_by("pk")[0].pk}
    yield shown("password", owner.post("/mulai/pimpinan/", head).content)
    owner.post("/mulai/kalender/")
    for step in STEPS:
        yield shown(f"step {step}", owner.get(f"/mulai/{step}").content)


def test_no_page_of_the_assistant_has_anything_serious_in_any_face() -> None:
    with time_machine.travel(NOW, tick=False):
        pages = list(seen())
    assert len(pages) == 6 + len(STEPS)
    wrong = looked_at(pages)
    assert wrong == [], "\n".join(wrong)
