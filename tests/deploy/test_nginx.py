"""The example for nginx: what it must say, and nginx's own opinion where there is one."""

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from devices.door.app import MAX_BODY
from tests.deploy.example import DEPLOY

FOLDER = DEPLOY / "nginx"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
MEBIBYTE = 1024 * 1024


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "absensi.example.go.id")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.mark.skipif(not NGINX, reason="nginx: tidak terpasang")
@pytest.mark.parametrize("name", ["sopan.conf", "compose.conf"])
def test_nginx_finds_no_mistake(name: str, tmp_path: Path) -> None:
    make_certificate(tmp_path)
    site = (FOLDER / name).read_text()
    for there, here in (
        ("/etc/sopan/tls", str(tmp_path)),
        ("/etc/nginx/sopan-proxy.conf", str(FOLDER / "sopan-proxy.conf")),
        ("server web:", "server 127.0.0.1:"),  # names of containers, which only they know
        ("server machines:", "server 127.0.0.1:"),
    ):
        site = site.replace(there, here)
    main = tmp_path / "nginx.conf"
    main.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{site}}}\n")
    done = subprocess.run(
        [str(NGINX), "-t", "-q", "-p", tmp_path, "-e", "stderr", "-c", main],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_both_files_say_the_same_but_for_the_names_of_the_servers() -> None:
    def settled(name: str) -> str:
        text = re.sub(r"(?m)^#.*\n", "", (FOLDER / name).read_text())
        return re.sub(r"server \S+:\d+;", "server;", text).strip()

    assert settled("compose.conf") == settled("sopan.conf")


def test_machines_are_served_by_plain_http_before_anything_is_redirected() -> None:
    plain = (FOLDER / "sopan.conf").read_text().split("server {")[1]
    machines, _, redirect = plain.partition("location / {")
    assert "location ~* ^/iclock" in machines
    assert "return 301" in redirect
    assert "return 301" not in machines


def test_the_proxy_lets_through_what_the_program_takes() -> None:
    limits = re.findall(r"client_max_body_size (\d+)m", (FOLDER / "sopan.conf").read_text())
    machines, people = min(map(int, limits)), max(map(int, limits))
    assert machines * MEBIBYTE > MAX_BODY
    assert people * MEBIBYTE > settings.UPLOAD_MAX_BYTES


def test_nothing_that_a_caller_says_of_himself_is_passed_on() -> None:
    proxy = (FOLDER / "sopan-proxy.conf").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in proxy
    assert "$proxy_add_x_forwarded_for" not in proxy


def test_tls_is_1_2_or_newer() -> None:
    spoken = re.findall(r"ssl_protocols (.*);", (FOLDER / "sopan.conf").read_text())
    assert set(spoken) == {"TLSv1.2 TLSv1.3"}
