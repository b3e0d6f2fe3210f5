"""A CA for one run and a certificate of this host, for nginx in tests: FOLDER ADDRESS. Run by the platform's Python."""
import ipaddress
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SIGNS = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)


def issue(folder: Path, host: str) -> None:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA of this run")])
    root = _builder(root_name, root_name, root_key).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True).add_extension(SIGNS, critical=True).add_extension(
        x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False).sign(
        root_key, hashes.SHA256())
    own_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    own = _builder(own_name, root_name, key).add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host)), x509.DNSName("localhost")]),
        critical=False).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False).sign(
        root_key, hashes.SHA256())
    (folder / "authority.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / "front.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    private = folder / "front.key"
    private.touch(mode=0o600)
    private.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def _builder(name, issuer, key):
    now = datetime.now(UTC)
    return x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key()).serial_number(
        x509.random_serial_number()).not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=2))


if __name__ == "__main__":
    issue(Path(sys.argv[1]), sys.argv[2])
