"""Pages as people open them."""

from typing import Protocol

from django.test import Client

from organization.models import User


class Page(Protocol):
    """A response as tests read it."""

    @property
    def content(self) -> bytes: ...


def browser(user: User) -> Client:
    client = Client()
    user.refresh_from_db()  # his sessions may have been ended since he was read
    client.force_login(user)
    return client


def html_of(response: Page) -> str:
    return response.content.decode()
