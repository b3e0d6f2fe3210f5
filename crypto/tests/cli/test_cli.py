"""The command line as a person or a script uses it: results, JSON, exit codes, errors in Chinese."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ctsp_crypto.cli import main

GOOD, FAILED, WRONG_USE, UNAVAILABLE = 0, 1, 2, 3


class Shell:
    """Runs commands in a folder of their own; `out`, `err` of the last one."""

    def __init__(self, folder, capsys):
        self.folder, self._capsys, self.out, self.err = folder, capsys, "", ""

    def __call__(self, *words, code=GOOD):
        arguments = [str(word) for word in words]
        self._capsys.readouterr()
        found = main(arguments)
        self.out, self.err = self._capsys.readouterr()
        assert found == code, (arguments, found, self.out, self.err)
        return self.out

    def json(self, *words, code=GOOD):
        return json.loads(self(*words, "--json", code=code))

    def write(self, name, content, mode=0o600):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path


@pytest.fixture
def sh(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, capsys)


def test_digest(sh):
    sh.write("abc", "abc")
    line = sh("digest", "abc")
    assert line == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0  abc\n"
    sh.write("list", line)
    assert "一致" in sh("digest", "-c", "list")
    sh.write("abc", "abd")
    assert "不一致" in sh("digest", "-c", "list", code=FAILED)
    assert sh.json("digest", "abc")[0]["file"] == "abc"


def test_mac(sh):
    sh("keygen", "hmac", "-o", "k")
    sh.write("f", b"content")
    value = sh.json("mac", "f", "--key", "k")["hmac_sm3"]
    assert sh("mac", "f", "--key", "k", "--verify", value) == "一致\n"
    sh("mac", "f", "--key", "k", "--verify", "00" * 32, code=FAILED)


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 2 * 1024 * 1024, 2 * 1024 * 1024 + 1])
def test_encrypt_and_decrypt(sh, size):
    content = os.urandom(size)
    sh.write("f", content)
    sh("keygen", "sm4", "-o", "k")
    sh("encrypt", "f", "-o", "f.enc", "--key", "k")
    sh("decrypt", "f.enc", "-o", "g", "--key", "k")
    assert (sh.folder / "g").read_bytes() == content


def test_encrypt_for_people_and_by_passphrase(sh):
    sh.write("f", "秘密")
    for name in ("a", "b", "c"):
        sh("keygen", "sm2", "-o", f"{name}.key", "--public", f"{name}.pub")
    sh("encrypt", "f", "-o", "f.enc", "--to", "a.pub", "--to", "b.pub")
    for name in ("a", "b"):
        sh("decrypt", "f.enc", "-o", f"{name}.txt", "--private-key", f"{name}.key")
    sh("decrypt", "f.enc", "-o", "c.txt", "--private-key", "c.key", code=FAILED)
    sh.write("phrase", "一个足够长的口令")
    sh("encrypt", "f", "-o", "p.enc", "--passphrase-file", "phrase")
    sh("decrypt", "p.enc", "-o", "p.txt", "--passphrase-file", "phrase")
    assert (sh.folder / "p.txt").read_text() == (sh.folder / "a.txt").read_text() == "秘密"
    sh("decrypt", "p.enc", "-o", "q.txt", "--private-key", "a.key", code=WRONG_USE)
    assert "须用口令打开" in sh.err


def test_a_damaged_file_gives_no_output(sh):
    """Every kind of damage; no plaintext appears, not even a part."""
    from ctsp_crypto.files import stream

    sh("keygen", "sm4", "-o", "k")
    sh.write("f", os.urandom(5000))
    sh("encrypt", "f", "-o", "f.enc", "--key", "k")
    good = (sh.folder / "f.enc").read_bytes()
    head = good.index(b"\n") + 1
    cases = [good[:-1], good[:head], good + b"x", good[:head] + good[head + 1 :], good[:100]]
    cases += [good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :] for at in range(0, len(good), 97)]
    for bad in cases:
        sh.write("bad", bad)
        assert main(["decrypt", "bad", "-o", "out", "--key", "k"]) in (FAILED, WRONG_USE)
        assert {path.name for path in sh.folder.iterdir()} == {"k", "f", "f.enc", "bad"}
    assert stream.CHUNK == 1024 * 1024


def test_pieces_cannot_be_moved(sh):
    import io

    from ctsp_crypto import DecryptionFailed, SymmetricKey
    from ctsp_crypto.files import decrypt_file, encrypt_file, locks
    from ctsp_crypto.providers.standard import StandardProvider

    provider = StandardProvider()
    key = SymmetricKey(provider.generate_key().secret)
    target = io.BytesIO()
    encrypt_file(io.BytesIO(bytes(range(50))), target, locks.with_key(provider, key), provider, chunk=10)
    data = target.getvalue()
    head = data.index(b"\n") + 1
    pieces = [data[at : at + 26] for at in range(head, len(data), 26)]
    assert len(pieces) == 5
    unlock = locks.open_with(provider, key=key)
    for order in ([1, 0, 2, 3, 4], [0, 1, 2, 3], [0, 1, 2, 4], [0, 1, 1, 2, 3, 4], [4], [0, 1, 2, 3, 4, 4]):
        with pytest.raises(DecryptionFailed):
            decrypt_file(io.BytesIO(data[:head] + b"".join(pieces[at] for at in order)), io.BytesIO(), unlock, provider)


def test_sign_and_verify(sh):
    sh("keygen", "sm2", "-o", "k", "--public", "p")
    sh.write("f", os.urandom(3_000_000))
    for form in ([], ["--raw"]):
        sh("sign", "f", "--key", "k", "--force", *form)
        assert sh("verify", "f", "--key", "p") == "签名成立\n"
    assert (sh.folder / "f.sig").stat().st_size == 64
    sh("verify", "f", "--key", "p", "--id", "别人", code=FAILED)
    with (sh.folder / "f").open("ab") as stream:
        stream.write(b"x")
    sh("verify", "f", "--key", "p", code=FAILED)
    assert sh.err == "错误：校验未通过：签名不成立\n"
    sh("verify", "f", code=WRONG_USE)


def test_openssl_reads_what_we_sign(sh):
    sh("keygen", "sm2", "-o", "k", "--public", "p")
    sh.write("f", b"message")
    sh("sign", "f", "--key", "k")
    done = subprocess.run(
        ["openssl", "dgst", "-sm3", "-verify", "p", "-sigopt", "distid:1234567812345678", "-signature", "f.sig", "f"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verified OK" in done.stdout, done.stderr


def test_an_encrypted_private_key(sh):
    sh.write("phrase", "一个足够长的口令")
    sh("keygen", "sm2", "-o", "k", "--public", "p", "--encrypted", "--passphrase-file", "phrase")
    assert b"ENCRYPTED" in (sh.folder / "k").read_bytes()
    sh.write("f", b"x")
    sh("sign", "f", "--key", "k", "--passphrase-file", "phrase")
    sh("verify", "f", "--key", "p")
    sh.write("phrase", "另一个足够长的口令")
    assert main(["sign", "f", "--key", "k", "--passphrase-file", "phrase", "--force"]) == FAILED


def test_certificates(sh):
    sh("ca", "init", "--folder", "ca")
    assert "不得用于生产" in sh.err
    sh(
        "ca",
        "issue",
        "--folder",
        "ca",
        "--subject",
        "C=CN,O=示例单位,CN=张三（示例）",
        "-o",
        "z",
        "--crl-url",
        "http://crl.example",
    )
    assert "张三（示例）" in sh("cert", "show", "z.pem")
    assert "结论：符合 GM/T 0015" in sh("cert", "check", "z.pem")
    chain = [
        "cert",
        "chain",
        "z.pem",
        "--root",
        "ca/root.pem",
        "--intermediate",
        "ca/ca.pem",
        "--crl",
        "ca/ca.crl",
        "--crl",
        "ca/root.crl",
        "--require-crl",
    ]
    assert "证书链有效" in sh(*chain)
    sh(*chain, "--usage", "encrypt", code=FAILED)
    assert "密钥用法不允许本次用途" in sh.out
    sh(*chain, "--at", "2050-01-01", code=FAILED)
    assert "证书已过期" in sh.out
    sh("ca", "revoke", "--folder", "ca", "z.pem", "--reason", "superseded")
    sh(*chain, code=FAILED)
    assert "证书已吊销" in sh.out
    assert "被取代" in sh("crl", "ca/ca.crl", "--issuer", "ca/ca.pem")
    sh("crl", "ca/ca.crl", "--issuer", "ca/root.pem", code=FAILED)
    sh("cert", "pair", "z.pem", "z.pem", code=FAILED)


@pytest.mark.parametrize("kind", ["RSA", "ECDSA"])
def test_other_kinds_of_ca(sh, kind):
    sh("ca", "init", "--folder", "ca", "--kind", kind)
    sh("ca", "issue", "--folder", "ca", "--subject", "CN=x", "-o", "x", "--profile", "server", "--dns", "x.example")
    sh("cert", "chain", "x.pem", "--root", "ca/root.pem", "--intermediate", "ca/ca.pem", "--usage", "server")
    sh("cert", "check", "x.pem", code=FAILED)


def test_requests(sh):
    sh("ca", "init", "--folder", "ca")
    sh("keygen", "sm2", "-o", "k")
    sh("csr", "new", "--key", "k", "--subject", "C=CN,O=示例,CN=李四（示例）", "-o", "r")
    assert "签名：成立" in sh("csr", "show", "r")
    sh("ca", "issue", "--folder", "ca", "--csr", "r", "-o", "li")
    assert not (sh.folder / "li.key").exists()
    assert "CN=李四（示例）,O=示例,C=CN" in sh("cert", "show", "li.pem")
    sh("csr", "new", "--key", "k", "--subject", "姓名=x", "-o", "r2", code=WRONG_USE)
    assert "名称中的“姓名=x”无法识别" in sh.err


def test_key_ceremonies(sh):
    places = ["--store", "keys", "--root", "root.key"]
    present = [*places, "--operator", "甲（示例）", "--witness", "乙（示例）"]
    sh("keys", "ceremony", "create", *present, "--domain", "audit")
    sh("keys", "ceremony", "add", *present, "--domain", "audit", "--purpose", "audit.mac", "--algorithm", "HMAC-SM3")
    sh("keys", "ceremony", "rotate", "data/audit.mac", *present, "--reason", "年度轮换")
    sh("keys", "ceremony", "rotate", "root", *present, "--reason", "年度轮换")
    sh("keys", "ceremony", "destroy", "data/audit.mac", "--version", "2", *present, "--reason", "到期", code=WRONG_USE)
    assert "请先轮换" in sh.err
    sh("keys", "ceremony", "destroy", "data/audit.mac", "--version", "1", *present, "--reason", "到期")
    assert "已销毁" in sh("keys", "list", *places)
    assert "见证人：乙（示例）" in sh("keys", "ceremony", "verify", *present)
    sh.write("a", "第一位保管人的口令")
    sh.write("b", "第二位保管人的口令")
    sh("keys", "ceremony", "backup", *present, "--custodian", "丙=a", "--custodian", "丁=b", "-o", "backup")
    bundle = next((sh.folder / "backup").glob("*.bundle"))
    shares = sorted((sh.folder / "backup").glob("*.share*"))
    new = ["--store", "keys2", "--root", "root2.key", "--operator", "甲（示例）"]
    sh("keys", "ceremony", "restore", *new, "--bundle", bundle, "--share", f"{shares[0]}=a", code=WRONG_USE)
    assert "须 2 位保管人到场" in sh.err
    sh(
        "keys",
        "ceremony",
        "restore",
        *new,
        "--bundle",
        bundle,
        "--share",
        f"{shares[0]}=a",
        "--share",
        f"{shares[1]}=b",
    )
    assert sh.json("keys", "list", "--store", "keys2", "--root", "root2.key") == sh.json("keys", "list", *places)
    assert len(sh.json("keys", "ceremony", "log", *places)) == 7
    record = sh.folder / "keys/data/audit.mac/000002.json"
    record.write_text(record.read_text().replace('"check":"', '"check":"0'))
    sh("keys", "ceremony", "verify", *present, code=FAILED)
    assert "data/audit.mac" in sh.err


def test_sealing(sh):
    log = sh.write("app.log", "1\n2\n3\n")
    sh("keygen", "sm2", "-o", "seal.pem")
    sh.write(
        "seal.toml",
        f"""
[seal]
state = "{sh.folder}/state"
checkpoints = "{sh.folder}/points"
key = "{sh.folder}/seal.key"
signing_key = "{sh.folder}/seal.pem"
report = "{sh.folder}/report"
[[log]]
name = "应用日志"
path = "{log}"
[[file]]
name = "配置"
path = "{sh.write("sshd_config", "PermitRootLogin no")}"
kind = "sshd_config"
""",
    )
    config = ["--config", "seal.toml"]
    sh("seal", *config, code=WRONG_USE)
    assert "seal.key 不存在" in sh.err
    assert "通过" in sh("seal", *config, "--new-key")
    assert "通过" in sh("verify", *config)
    assert json.loads((sh.folder / "points/00000001.json").read_text())["algorithm"] == "SM2-SM3"
    assert "3 行" in sh("status", *config)
    log.write_text("1\n3\n")
    assert "已封存的第 2 行被删除" in sh("verify", *config, code=FAILED)
    report = json.loads((sh.folder / "report/verify.json").read_text())
    assert (report["passed"], report["findings"][0]["kind"]) == (False, "line_deleted")
    log.write_text("1\n2\n3\n")
    sh.write("sshd_config", "PermitRootLogin yes")
    assert "PermitRootLogin yes" in sh("seal", *config, code=FAILED)
    sh("accept", *config, "配置", "--by", "甲（示例）", "--reason", "变更单 1")
    sh("verify", *config)
    sh("keygen", "sm2", "-o", "seal.pem", "--force")
    sh("verify", *config, code=FAILED)
    assert "检查点被篡改" in sh.out, "a key the attacker made himself"


def test_wrong_use(sh):
    for words, said in (
        ([], ""),
        (["digest"], "缺少参数：文件"),
        (["nonsense"], "无效"),
        (["digest", "none"], "none：文件不存在"),
        (["keygen", "rot13", "-o", "x"], "无效"),
        (["verify", "--config", "none.toml"], "无法读取配置文件"),
        (["cert", "show", "root.key"], "不是 X.509 证书"),
        (["sign", "f", "--key", "open.key"], "权限为 0600"),
    ):
        sh.write("root.key", "x")
        sh.write("open.key", "x", 0o644)
        sh.write("f", "x")
        sh(*words, code=WRONG_USE)
        assert said in sh.err, words
        assert "Traceback" not in sh.err
    assert json.loads(sh("--json", "digest", "none", code=WRONG_USE)) == {"error": "none：文件不存在"}


def test_nothing_is_written_over(sh):
    sh.write("f", "x")
    sh("keygen", "sm4", "-o", "k")
    sh("keygen", "sm4", "-o", "k", code=WRONG_USE)
    sh("encrypt", "f", "-o", "f", "--key", "k", code=WRONG_USE)
    assert "已存在" in sh.err
    assert (sh.folder / "k").stat().st_mode & 0o777 == 0o600


def test_no_provider(sh):
    """A machine without OpenSSL 3: its own exit code, in a process of its own."""
    sh.write("f", "x")
    done = subprocess.run(
        [sys.executable, "-m", "ctsp_crypto.cli", "keygen", "sm2", "-o", "k"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "CTSP_LIBCRYPTO": "/nonexistent.so",
            "PYTHONPATH": str(Path(main.__code__.co_filename).parents[2]),
        },
    )
    assert done.returncode == UNAVAILABLE
    assert "密码服务不可用" in done.stderr


def test_progress_on_large_files(sh, monkeypatch):
    from ctsp_crypto.cli.console import Bar

    clock = iter(range(10_000))
    monkeypatch.setattr("ctsp_crypto.cli.console.time.monotonic", lambda: next(clock))
    with Bar("SM3", 100, True) as bar:
        for done in range(0, 101, 10):
            bar(done)
    sh.write("f", "x")
    assert "100%" in sh._capsys.readouterr().err


def test_selftest_and_help(sh, monkeypatch):
    assert "自检通过" in sh("selftest")
    assert sh.json("selftest")["good"] is True
    from ctsp_crypto.providers import known

    monkeypatch.setattr(known, "SM3_DIGEST", bytes(32))
    assert "自检失败" in sh("selftest", code=FAILED)
    for words in (["-h"], ["seal", "-h"], ["keys", "ceremony", "backup", "-h"], ["ca", "issue", "-h"]):
        assert main(words) == GOOD
