"""Certificates of invented servers: signed by themselves, or by an authority of a test's own."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Signer:
    """Who signs: a name and its key, and the certificate that others may trust."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def trusted_in(self, folder: Path) -> Path:
        """Write the certificate where SSL_CERT_FILE may point; return the file."""
        path = folder / "authority.pem"
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return path


def authority() -> Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Otoritas Uji")
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    built = _begun(name, name, key).add_extension(usage, critical=True)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return Signer(key, built.sign(key, hashes.SHA256()))


def server(folder: Path, host: str, signer: Signer | None = None) -> ssl.SSLContext:
    """Return what a server of this host shows; signed by itself where nobody else signs."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(host)
    issuer = signer.certificate.subject if signer else subject
    built = _begun(subject, issuer, key)
    built = built.add_extension(x509.SubjectAlternativeName([_host(host)]), critical=False)
    certificate = built.sign(signer.key if signer else key, hashes.SHA256())
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        subject_name=subject, issuer_name=issuer, public_key=key.public_key(),
        serial_number=x509.random_serial_number(), not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    )  # fmt: skip


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
