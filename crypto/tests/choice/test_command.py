"""`ctsp-crypto selftest`: what is configured, what it is used for, and whether it may be."""
import json

from ctsp_crypto.choice.chooser import PORTS
from ctsp_crypto.cli import main, selftest


def test_every_port_has_a_chinese_name():
    assert set(selftest.PORTS) == set(PORTS)


def test_software(capsys, monkeypatch):
    monkeypatch.delenv("CTSP_CRYPTO_CONFIG", raising=False)
    assert main(["selftest", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["good"] is True
    (provider,) = found["providers"]
    assert provider["provider"] == "standard"
    assert "signer" in provider["ports"]
    assert not any(provider["checks"].values())
    assert set(provider["checks"]) <= set(selftest.CHECKS)


def test_a_cloud_that_is_away(capsys, tmp_path, monkeypatch):
    """Exit code 3: not wrong, but not there."""
    monkeypatch.setenv("SECRET", "0123456789abcdef")
    service = '{ url = "http://127.0.0.1:9", app = "a", secret = { env = "SECRET" }, attempts = 1 }'
    path = tmp_path / "crypto.toml"
    path.write_text(f"""[providers.cloud]
kind = "cloud"
signatures = {service}
data = {service}
[ports]
signer = "cloud"
""")
    assert main(["selftest", "--config", str(path)]) == 3
    text = capsys.readouterr().out
    assert "用于：签名\n" in text
    assert "自检失败：不得使用" in text


def test_a_configuration_that_is_wrong(capsys, tmp_path):
    path = tmp_path / "crypto.toml"
    path.write_text("[ports]\nsinger = 'standard'\n")
    assert main(["selftest", "--config", str(path)]) == 2
    assert capsys.readouterr().err
