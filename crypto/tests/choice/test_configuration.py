"""The file and the environment: what they say is done, what they misspell is an error."""
from pathlib import Path

import pytest

import soft_device
import vectors
from authorities import Tree
from ctsp_crypto import Secret
from ctsp_crypto.choice import load
from ctsp_crypto.encodings import pem
from ctsp_crypto.errors import CryptoError, PolicyError, ProviderUnavailable

CLOUD = """
[providers.cloud]
kind = "cloud"
signatures = { url = "https://crypto.example/signature", app = "ctsp", secret = { env = "CLOUD" }, attempts = 5 }
data = { url = "https://crypto.example/data", app = "ctsp", secret = { file = "SECRET" } }
pinned = { "sign:2" = "POINT" }
stamper = "POINT"
read_back = false
probe = { signer = { locator = "sign", version = 2 }, cipher = { locator = "data" } }

[ports]
signer = "cloud"
time_stamper = "cloud"
"""
SAMPLE = Path(__file__).parents[3] / "config/crypto/cloud.toml"
ENVIRONMENT = {"CLOUD": "a secret of sixteen bytes and more"}


@pytest.fixture
def write(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"another secret of sixteen bytes\n")
    secret.chmod(0o600)

    def written(text):
        path = tmp_path / "crypto.toml"
        path.write_text(text.replace("SECRET", str(secret)).replace("POINT", vectors.SM2_POINT.hex())
                        .replace("LIBRARY", str(soft_device.build())), encoding="utf-8")
        return path

    written.secret = secret
    return written


def test_cloud(write):
    made = load(write(CLOUD), ENVIRONMENT)
    assigned = made.assignments()
    assert (assigned["signer"], assigned["time_stamper"], assigned["cipher"]) == ("cloud", "cloud", "standard")
    provider = made._providers["cloud"]
    assert provider._signatures.service.attempts == 5
    assert provider._data.service.secret == Secret(b"another secret of sixteen bytes")
    assert provider._signatures.service.secret == Secret(ENVIRONMENT["CLOUD"].encode())
    assert provider._stampers[0].point == provider._keys._known["sign", 2].point == vectors.SM2_POINT
    assert provider._read_back is False
    probe = made._probes["cloud"]
    assert (probe.signer.locator, probe.signer.version, probe.cipher.version, probe.macer) == ("sign", 2, 1, None)


def test_no_time_stamps_without_the_authoritys_key(write):
    """A cloud that serves everything by default is not asked for what nobody here could verify."""
    known = load(write(CLOUD + 'default = "cloud"\nkey_maker = "standard"'), ENVIRONMENT).assignments()
    assert known["time_stamper"] == known["certificate_verifier"] == "cloud"
    without = CLOUD.replace('stamper = "POINT"\n', "")
    with pytest.raises(PolicyError, match="time_stamper”: “stamper”"):
        load(write(without), ENVIRONMENT)
    assigned = load(write(without.replace('time_stamper = "cloud"', 'default = "cloud"')), ENVIRONMENT).assignments()
    assert "time_stamper" not in assigned
    several = CLOUD.replace('stamper = "POINT"', 'stamper = ["POINT"]\nauthority = "示例机构"')
    assert load(write(several), ENVIRONMENT)._providers["cloud"]._authority == "示例机构"


@pytest.mark.skipif(not SAMPLE.exists(), reason="the package alone, without the platform's configuration")
def test_the_platforms_sample(write, tmp_path):
    """What config/crypto shows is a configuration: services, secrets, roots and ports are taken as they stand there."""
    (tmp_path / "root.pem").write_bytes(pem.write("CERTIFICATE", Tree.plant().root.certificate.der))
    text = SAMPLE.read_text(encoding="utf-8").replace("/etc/ctsp/crypto", str(tmp_path)).replace("04…", "POINT")
    assigned = load(write(text), {}).assignments()
    served = ("signer", "verifier", "macer", "time_stamper", "certificate_verifier")
    assert {assigned[port] for port in served} == {"cloud"}
    assert assigned["digester"] == "standard"


def test_roots(write, tmp_path):
    path = tmp_path / "root.pem"
    path.write_bytes(pem.write("CERTIFICATE", Tree.plant().root.certificate.der))
    made = load(write(CLOUD.replace("read_back", f"roots = ['{path}']\nread_back")), ENVIRONMENT)
    assert len(made._providers["cloud"]._trusted.roots) == 1
    assert load(write(CLOUD), ENVIRONMENT)._providers["cloud"]._trusted is None


def test_device(write):
    soft_device.control()
    made = load(write("""
        [providers.hsm]
        kind = "sdf"
        library = "LIBRARY"
        sessions = 3
        mac = "SM4-MAC"
        pins = { 7 = { env = "PIN" } }
        [ports]
        random_source = "hsm"
        digester = "hsm"
        """), {"PIN": soft_device.PIN.decode()})
    provider = made.of("digester")
    assert (provider.options.sessions, provider.options.mac) == (3, "SM4-MAC")
    assert provider.options.pins[7] == Secret(soft_device.PIN)
    assert made.of("random_source") is provider
    made.close()


def test_a_default(write):
    made = load(write('[providers.other]\nkind = "standard"\n[ports]\ndefault = "other"\n'), {})
    assert set(made.assignments().values()) == {"other"}


def test_the_environment(write):
    path = write(CLOUD)
    made = load(environment=ENVIRONMENT | {"CTSP_CRYPTO_CONFIG": str(path),
                                           "CTSP_CRYPTO_PORTS": "cipher=cloud, signer=standard"})
    assert (made.assignments()["cipher"], made.assignments()["signer"]) == ("cloud", "standard")


@pytest.mark.parametrize("ports", ["signer", "signer=", "sinner=standard", "signer=cloud"])
def test_an_environment_that_makes_no_sense(ports):
    with pytest.raises(PolicyError):
        load(environment={"CTSP_CRYPTO_PORTS": ports})


BAD = {
    "not TOML": "[providers",
    "an unknown table": "[provider.x]\nkind = 'standard'",
    "an unknown port": "[ports]\nsinger = 'standard'",
    "an unknown provider": "[ports]\nsigner = 'hsm'",
    "an unknown default": "[ports]\ndefault = 'hsm'",
    "no kind": "[providers.x]\nlibrary = 'y'",
    "an unknown kind": "[providers.x]\nkind = 'reference'",
    "gmssl": "[providers.x]\nkind = 'compatible'",
    "an unknown setting": "[providers.x]\nkind = 'standard'\nfast = true",
    "a device without library": "[providers.x]\nkind = 'sdf'",
    "a device with a misspelt option": "[providers.x]\nkind = 'sdf'\nlibrary = 'LIBRARY'\nsession = 3",
    "an access code in the file": "[providers.x]\nkind = 'sdf'\nlibrary = 'LIBRARY'\npins = { 1 = '12345678' }",
    "an index that is none": "[providers.x]\nkind = 'sdf'\nlibrary = 'LIBRARY'\npins = { one = { env = 'CLOUD' } }",
    "a cloud without services": "[providers.x]\nkind = 'cloud'",
    "a secret that is not there": CLOUD.replace('"CLOUD"', '"NONE"'),
    "a secret in the file": CLOUD.replace('{ env = "CLOUD" }', '"a secret of sixteen bytes"'),
    "a secret from nowhere": CLOUD.replace('{ env = "CLOUD" }', "{}"),
    "clear HTTP": CLOUD.replace("https://crypto.example/data", "http://crypto.example/data"),
    "a misspelt time-out": CLOUD.replace("attempts", "attempt"),
    "a pin without version": CLOUD.replace("sign:2", "sign"),
    "a pin that is no key": CLOUD.replace('= "POINT" }', '= "00" }'),
    "roots that are not there": CLOUD.replace("read_back", "roots = ['/none/root.pem']\nread_back"),
    "one root and no list": CLOUD.replace("read_back", "roots = '/none/root.pem'\nread_back"),
    "a root that is none": CLOUD.replace("read_back", "roots = ['SECRET']\nread_back"),
    "an unknown probe": CLOUD.replace("cipher =", "decipher ="),
    "a list": "providers = []",
    "a word for a provider": "[providers]\nx = 'standard'",
    "a word for a service": "[providers.x]\nkind = 'cloud'\nsignatures = 'https://a'\ndata = 'https://b'",
    "a word for a probe": "[providers.x]\nkind = 'standard'\nprobe = 'sign'",
    "a word for a probe's key": "[providers.x]\nkind = 'standard'\nprobe = { signer = 'sign' }",
    "a word for ports": "ports = 'standard'",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_configurations(write, name):
    with pytest.raises(PolicyError) as caught:
        load(write(BAD[name]), ENVIRONMENT)
    assert "sixteen" not in str(caught.value)


def test_secrets_that_others_can_read(write):
    path = write(CLOUD)
    write.secret.chmod(0o644)
    with pytest.raises(PolicyError):
        load(path, ENVIRONMENT)
    write.secret.unlink()
    with pytest.raises(CryptoError):
        load(path, ENVIRONMENT)


def test_no_such_file(tmp_path):
    with pytest.raises(PolicyError):
        load(tmp_path / "none.toml", {})


def test_no_such_library(write):
    with pytest.raises(ProviderUnavailable):
        load(write("[providers.x]\nkind = 'sdf'\nlibrary = '/none/libsdf.so'"), {})
