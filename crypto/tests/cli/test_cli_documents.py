"""Signing and verifying documents on the command line."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from reportlab.pdfgen import canvas

from authorities import PROVIDER
from ctsp_crypto.cli import main
from ctsp_crypto.cli.certificates import load, load_all
from ctsp_crypto.encodings import keys
from ctsp_crypto.providers.cloud import stamps
from ctsp_crypto.results import TimeStamp
from ctsp_crypto.signatures import Identity, structures
from ctsp_crypto.signatures.pdf import Statement, sign_pdf


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (
        ["ca", "init", "--folder", "ca"],
        ["ca", "issue", "--folder", "ca", "--subject", "C=CN,O=示例药监局（示例）,CN=张三（示例）", "-o", "z"],
    ):
        assert main(words) == 0
    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.drawString(100, 700, "Report")
    page.save()
    (tmp_path / "r.pdf").write_bytes(out.getvalue())
    return tmp_path


SIGN = ["--key", "z.key", "--cert", "z.pem", "--chain", "ca/ca.pem"]


def test_pdf(folder, capsys):
    assert main(["pdf", "sign", "r.pdf", *SIGN, "--reason", "签发检查报告", "-o", "s.pdf"]) == 0
    capsys.readouterr()
    assert main(["pdf", "verify", "s.pdf", "--root", "ca/root.pem"]) == 0
    text = capsys.readouterr().out
    assert "CN=张三（示例）" in text
    assert "覆盖整个文件：成立" in text
    assert main(["pdf", "verify", "s.pdf"]) == 1, "without a root nobody knows who signed"
    assert main(["pdf", "verify", "r.pdf", "--root", "ca/root.pem"]) == 1
    bad = (folder / "s.pdf").read_bytes().replace(b"/Count 1", b"/Count 2", 1)
    (folder / "s.pdf").write_bytes(bad)
    capsys.readouterr()
    assert main(["pdf", "verify", "s.pdf", "--root", "ca/root.pem", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["signatures"][0]["problems"] == ["内容与签名时的摘要不一致"]


class Authority:
    """A time stamp authority whose clock is `late`."""

    def __init__(self, late=0, away=False):
        self.late, self.away, self.pair = timedelta(seconds=late), away, PROVIDER.generate_key_pair()

    def time_stamp(self, digest):
        if self.away:
            return None
        part = stamps.signed_part(digest, datetime.now(UTC) + self.late, 1)
        return TimeStamp(stamps.write(part, PROVIDER.sign(self.pair, part).value), digest, "", "test")


def stamped(folder, authority, name="t.pdf", promised="cloud"):
    """A sealed paper, as the platform makes one where a time stamp service is configured."""
    pair = keys.read_private((folder / "z.key").read_bytes())
    identity = Identity(pair, load("z.pem"), load_all(["ca/ca.pem"]))
    content = sign_pdf(
        (folder / "r.pdf").read_bytes(), identity, PROVIDER, datetime.now(UTC),
        Statement("签发检查报告", promised=promised), stamper=authority)
    (folder / name).write_bytes(content)
    (folder / "stamper.pem").write_bytes(keys.write_public(authority.pair.public))
    return content


def checked(capsys, *options, name="t.pdf"):
    capsys.readouterr()
    code = main(["pdf", "verify", name, "--root", "ca/root.pem", "--json", *options])
    report = json.loads(capsys.readouterr().out)
    return code, report["state"], report["signatures"][0]["stamp"]["state"], report


def test_time_stamps_of_a_pdf(folder, capsys, monkeypatch):
    """It holds, holds not, is not looked at, or is not there though the paper says so: told apart by words and code."""
    monkeypatch.delenv("CTSP_CRYPTO_CONFIG", raising=False)
    authority = Authority()
    content = stamped(folder, authority)
    assert checked(capsys)[:3] == (3, "open", "unchecked")
    code, state, stamp, report = checked(capsys, "--stamper", "stamper.pem")
    assert (code, state, stamp, report["good"]) == (0, "good", "holds", True)
    said = report["signatures"][0]["stamp"]
    assert (said["authority"], bool(datetime.fromisoformat(said["time"]))) == ("stamper.pem", True)
    (folder / "other.pem").write_bytes(keys.write_public(PROVIDER.generate_key_pair().public))
    assert checked(capsys, "--stamper", "other.pem")[:3] == (1, "bad", "broken")
    assert checked(capsys, "--stamper", "other.pem", "--stamper", "stamper.pem")[0] == 0
    first = content.index(b"/Contents <") + 11
    last = content.index(b">", first)
    message = structures.SignedMessage.load(bytes.fromhex(content[first:last].decode()))
    message["content"]["signer_infos"][0]["unsigned_attrs"] = None
    cut = message.dump(True).hex().upper().encode().ljust(last - first, b"0")
    (folder / "cut.pdf").write_bytes(content[:first] + cut + content[last:])
    for options in ((), ("--stamper", "stamper.pem")):
        assert checked(capsys, *options, name="cut.pdf")[:3] == (1, "bad", "missing")
    assert main(["pdf", "verify", "cut.pdf", "--root", "ca/root.pem"]) == 1
    assert "被剪去" in capsys.readouterr().out
    stamped(folder, Authority(away=True))
    assert checked(capsys, "--stamper", "stamper.pem")[:3] == (1, "bad", "missing")
    stamped(folder, Authority(), promised="")
    assert checked(capsys, "--stamper", "stamper.pem")[:3] == (0, "good", "holds")
    stamped(folder, Authority(late=7200))
    assert checked(capsys, "--stamper", "stamper.pem")[:3] == (1, "bad", "holds"), "another time than the one stated"


def test_the_configured_time_stamp_authority(folder, capsys, monkeypatch):
    """Its key and name are taken from the platform's configuration, of which no secret is read."""
    authority = Authority()
    stamped(folder, authority)
    (folder / "crypto.toml").write_text(
        '[providers.gov]\nkind = "cloud"\nauthority = "示例时间戳服务机构"\n'
        'signatures = { url = "https://x.example", app = "a", secret = { file = "/nowhere" } }\n'
        f'stamper = ["{authority.pair.public.point.hex()}"]\n[ports]\ntime_stamper = "gov"\n', encoding="utf-8")
    assert checked(capsys, "--config", "crypto.toml")[:3] == (0, "good", "holds")
    monkeypatch.setenv("CTSP_CRYPTO_CONFIG", "crypto.toml")
    assert main(["pdf", "verify", "t.pdf", "--root", "ca/root.pem"]) == 0
    assert "由“示例时间戳服务机构”的时间戳证明" in capsys.readouterr().out
    monkeypatch.setenv("CTSP_CRYPTO_PORTS", "time_stamper=standard")
    assert checked(capsys)[0] == 3, "nobody is configured"
    assert main(["pdf", "verify", "--help"]) == 0
    assert "--stamper" in (text := capsys.readouterr().out) and "退出码" in text


def test_cms(folder, capsys):
    (folder / "f").write_bytes(b"content")
    assert main(["cms", "sign", "f", *SIGN, "-o", "f.p7s"]) == 0
    assert main(["cms", "verify", "f.p7s", "--content", "f", "--root", "ca/root.pem"]) == 0
    assert main(["cms", "verify", "f.p7s", "--root", "ca/root.pem"]) == 2
    assert main(["cms", "sign", "f", *SIGN, "-o", "f.p7m", "--attached", "--pkcs7"]) == 0
    assert main(["cms", "verify", "f.p7m", "--root", "ca/root.pem", "--save", "g"]) == 0
    assert (folder / "g").read_bytes() == b"content"
    (folder / "f").write_bytes(b"Content")
    assert main(["cms", "verify", "f.p7s", "--content", "f", "--root", "ca/root.pem"]) == 1
    assert main(["cms", "sign", "f", "--key", "z.key", "--cert", "ca/ca.pem", "-o", "x"]) == 2
    assert "证书与私钥不是一对" in capsys.readouterr().err


def test_a_root_key_inside_a_device(tmp_path, monkeypatch, capsys):
    """Ceremonies on a store whose root key never leaves the (software) device; rotation by naming the next key."""
    import soft_device

    soft_device.control()
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "crypto.toml"
    config.write_text(
        f'[providers.hsm]\nkind = "sdf"\nlibrary = "{soft_device.build()}"\n[ports]\ncipher = "hsm"\n', encoding="utf-8"
    )
    monkeypatch.setenv("CTSP_CRYPTO_CONFIG", str(config))
    one, two = (soft_device.wrapped(bytes((number,)) * 16).locator for number in (1, 2))
    people = ["--store", "keys", "--operator", "甲（示例）", "--witness", "乙（示例）"]
    ceremony = ["keys", "ceremony"]
    assert main([*ceremony, "create", *people, "--root", f"provider:{one}", "--domain", "audit"]) == 0
    assert main([*ceremony, "rotate", "root", *people, "--root", f"provider:{one},{two}", "--reason", "年度轮换"]) == 0
    assert "重新加密：2" in capsys.readouterr().out
    assert main([*ceremony, "verify", *people, "--root", f"provider:{one},{two}"]) == 0
    assert main([*ceremony, "verify", *people, "--root", f"provider:{one}"]) == 2
    assert "没有第 2 版根密钥" in capsys.readouterr().err
