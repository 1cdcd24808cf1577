"""What a page of the audit says: its tables by column, its links."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from django.test import Client
from lxml import html as lxml_html

from organization.models import User
from tests.pages import browser, html_of

SCOPE = {"sop": "pengelolaan_e_absensi", "dari": "2026-01", "sampai": "2026-04"}
Cells = dict[str, str]


def open_page(user: User | Client, path: str, **parameters: str) -> lxml_html.HtmlElement:
    """Return the page parsed; it must be there."""
    client = browser(user) if isinstance(user, User) else user
    response = client.get(path, SCOPE | parameters)
    assert response.status_code == 200
    return lxml_html.fromstring(html_of(response))


def words(element: lxml_html.HtmlElement) -> str:
    """Return the text of an element; a new line is a space."""
    for line in element.xpath(".//br"):
        line.tail = f" {line.tail or ''}"
    return " ".join(element.text_content().split())


def table(page: lxml_html.HtmlElement, section: str) -> list[Cells]:
    """Return the rows of the table in the section with this heading's id, by label of the cell."""
    (found,) = page.xpath(f"//section[@aria-labelledby='{section}']//table")
    return [
        {cell.get("data-label"): words(cell) for cell in row.xpath(".//td[@data-label]")}
        for row in found.xpath("./tbody/tr | ./tfoot/tr")
    ]


def link(page: lxml_html.HtmlElement, section: str, row: int, label: str) -> Mapping[str, str]:
    """Return the parameters of the first link in a cell."""
    (found,) = page.xpath(f"//section[@aria-labelledby='{section}']//table")
    cells = found.xpath("./tbody/tr | ./tfoot/tr")[row].xpath(f".//td[@data-label='{label}']//a")
    return dict(parse_qsl(urlsplit(cells[0].get("href")).query))
