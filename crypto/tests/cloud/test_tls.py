"""HTTPS: a service that does not prove to be itself is refused, not asked again."""
import datetime
import ipaddress
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ctsp_crypto.errors import ProviderRefused
from ctsp_crypto.providers.cloud import CloudProvider
from simulator import Simulator


def issue(folder, name, address):
    """A self-signed certificate for an address: PEM files of certificate and key."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([
        x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256()))
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return tuple(map(str, paths))


@pytest.fixture
def start(tmp_path):
    """A service with a certificate; the client trusts that of `trusted`."""
    running = []

    def started(address="127.0.0.1", trusted="server", client="", **changes):
        files = {name: issue(tmp_path, name, address) for name in ("server", "other", "client")}
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files["server"])
        if client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(files["client"][0])
        simulator = Simulator(tls=context)
        if client == "shown":
            changes |= dict(zip(("client_certificate", "client_key"), files["client"]))
        services = [simulator.service(name, ca_file=files[trusted][0], attempts=2, first_pause=0.01, **changes)
                    for name in ("signature", "data")]
        running.extend((CloudProvider(*services), simulator))
        return running[-2], simulator

    yield started
    for one in running:
        one.close()


def test_a_service_that_is_itself(start):
    provider, simulator = start()
    assert simulator.url.startswith("https://")
    for _ in range(5):
        assert len(provider.random(8)) == 8
    assert simulator.connections == 1


@pytest.mark.parametrize("setting", [{"trusted": "other"}, {"address": "127.0.0.2"}])
def test_a_service_that_is_not(start, setting):
    """A certificate of an unknown issuer, and one for another address."""
    provider, simulator = start(**setting)
    with pytest.raises(ProviderRefused):
        provider.random(8)
    assert not simulator.calls


def test_a_client_certificate(start):
    provider, _simulator = start(client="shown")
    assert len(provider.random(8)) == 8


def test_a_client_certificate_that_is_missing(start):
    provider, simulator = start(client="hidden")
    assert not provider.health().ready
    assert not simulator.calls
