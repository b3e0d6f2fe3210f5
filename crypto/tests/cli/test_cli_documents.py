"""Signing and verifying documents on the command line."""

import io
import json

import pytest
from reportlab.pdfgen import canvas

from ctsp_crypto.cli import main


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
