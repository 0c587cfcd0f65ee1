"""Who sits on the network, and what a crawl reveals of itself."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sample_site.server import SampleServer
from tests.hostile.watching import crawl_watched, healthy

pytestmark = pytest.mark.long


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A server's TLS with a certificate for `name` that it made itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "server.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize("name", ["localhost", "vov.vn"])
def test_a_server_with_a_certificate_of_its_own_making_is_not_believed(tmp_path: Path, name: str) -> None:
    with SampleServer() as site:
        site.use_tls(certificate(tmp_path, name))
        mirror = site.url.replace("http://127.0.0.1", "https://localhost")
        crawl = crawl_watched(tmp_path, mirror, f"urls={healthy(site, 1)[0].url}", "-s", "RETRY_TIMES=0")
        assert crawl.status == 5
        assert not crawl.addresses()
        assert not site.requests


def test_no_cookie_and_no_referrer_is_sent(tmp_path: Path) -> None:
    with SampleServer() as site:
        own = healthy(site, 1)[0]
        body = site.pages.get(own.address).body
        site.answer(own.address, body=body, headers={"Set-Cookie": "who=you; Path=/"})
        crawl = crawl_watched(tmp_path, site.url, f"urls={own.url}", "related=1")
        assert crawl.status == 0
        assert len(site.requests) > 3
        assert not [record.headers for record in site.requests if {"cookie", "referer"} & record.headers.keys()]
