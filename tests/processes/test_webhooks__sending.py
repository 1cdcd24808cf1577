"""A message travels by TLS to a server that proves its name, at the address that was checked."""

import socket
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tests.cast import Cast
from tests.processes.certificates import authority, server
from tests.processes.test_services__webhooks import start, subscribe, the_delivery, work
from tests.processes.webhook_receivers import receiver

pytestmark = pytest.mark.django_db
NAME = "sistem.contoh.go.id"
UNTRUSTED = "Sertifikat alamat ini tidak dipercaya, atau bukan untuk nama ini."


@pytest.fixture(autouse=True)
def allowed(settings: LazySettings) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]


def test_a_certificate_that_signs_itself_is_refused(cast: Cast, tmp_path: Path) -> None:
    with receiver(server(tmp_path, "127.0.0.1")) as system:
        subscribe(cast, system.address, "instance.started")
        start(cast)
        work()
    assert system.received == []
    assert (the_delivery().state, the_delivery().error) == ("waiting", UNTRUSTED)


def test_a_certificate_of_a_trusted_authority_is_taken(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = authority()
    monkeypatch.setenv("SSL_CERT_FILE", str(signer.trusted_in(tmp_path)))
    with receiver(server(tmp_path, "127.0.0.1", signer)) as system:
        subscribe(cast, system.address, "instance.started")
        start(cast)
        work()
    assert len(system.received) == 1
    assert (the_delivery().state, the_delivery().answer) == ("delivered", 204)


def test_a_trusted_certificate_of_another_name_is_refused(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = authority()
    monkeypatch.setenv("SSL_CERT_FILE", str(signer.trusted_in(tmp_path)))
    with receiver(server(tmp_path, "lain.contoh.go.id", signer)) as system:
        subscribe(cast, system.address, "instance.started")
        start(cast)
        work()
    assert system.received == []
    assert the_delivery().error == UNTRUSTED


def test_the_address_that_was_checked_is_the_one_that_is_called(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is asked once; what it would answer the next moment leads nowhere."""
    signer = authority()
    monkeypatch.setenv("SSL_CERT_FILE", str(signer.trusted_in(tmp_path)))
    asked, real = [], socket.getaddrinfo

    def rebinding(host: Any, port: Any, *given: Any, **more: Any) -> Any:
        if host != NAME:
            return real(host, port, *given, **more)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port, *given, **more)

    monkeypatch.setattr("socket.getaddrinfo", rebinding)
    with receiver(server(tmp_path, NAME, signer)) as system:
        subscribe(cast, f"https://{NAME}:{system.port}/kabar", "instance.started")
        start(cast)
        work()
    ((headers, _),) = system.received
    assert headers["host"] == f"{NAME}:{system.port}"
    assert asked == [NAME]


def test_a_name_that_nobody_knows_is_told_as_such(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*given: Any, **more: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    subscribe(cast, f"https://{NAME}/kabar", "instance.started")
    start(cast)
    monkeypatch.setattr("processes.webhooks.addresses.socket.getaddrinfo", unknown)
    work()
    assert the_delivery().error == "Nama server pada alamat ini tidak ditemukan."


def test_what_a_redirect_names_is_never_asked(cast: Cast) -> None:
    with receiver() as system:
        system.statuses = [307]
        subscribe(cast, system.address, "instance.started")
        start(cast)
        work()
        work()
    assert len(system.received) == 1
    assert "pengalihan tidak diikuti" in the_delivery().error
