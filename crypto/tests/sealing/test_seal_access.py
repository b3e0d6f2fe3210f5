"""Access-control files: what changed is named in words, no password hash is ever stored or shown."""

import pytest

from machine import kinds

PASSWD = (
    "root:x:0:0:root:/root:/bin/bash\n"
    "ctsp:x:998:998::/var/lib/ctsp:/usr/sbin/nologin\n"
    "li:x:1000:1000::/home/li:/bin/bash\n"
)
SHADOW = (
    "root:$6$salt$AAAAAAAAAAAA:19000:0:99999:7:::\nctsp:!:19000::::::\nli:$6$salt$BBBBBBBBBBBB:19000:0:99999:7:::\n"
)
SUDOERS = "Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n"
SSHD = "PermitRootLogin no\nPasswordAuthentication no\n"


@pytest.fixture
def etc(world):
    world.write(1)
    for name, kind, content in (
        ("passwd", "passwd", PASSWD),
        ("shadow", "shadow", SHADOW),
        ("sudoers", "sudoers", SUDOERS),
        ("sshd_config", "sshd_config", SSHD),
    ):
        world.watch(name, kind, content)
    assert world.seal().passed
    assert world.verify().passed
    return world


def messages(report):
    return [f.message.split("：", 1)[1] for f in report.findings if f.kind == "access_changed"]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("passwd", "li:x:1000:1000", "li:x:0:1000", "账户 li：UID由“1000”改为“0”"),
        ("passwd", "/usr/sbin/nologin", "/bin/bash", "账户 ctsp：登录 Shell由“/usr/sbin/nologin”改为“/bin/bash”"),
        ("passwd", "li:x:", "li::", "账户 li：口令由“x”改为“（空口令）”"),
        ("passwd", PASSWD, f"{PASSWD}evil:x:0:0::/:/bin/sh\n", "新增账户 evil：evil:x:0:0::/:/bin/sh"),
        ("passwd", "li:x:1000:1000::/home/li:/bin/bash\n", "", "删除账户 li：li:x:1000:1000::/home/li:/bin/bash"),
        ("shadow", "BBBBBBBBBBBB", "CCCCCCCCCCCC", "账户 li：口令散列已变化"),
        ("shadow", "ctsp:!:", "ctsp:$6$salt$DDDD:", "账户 ctsp：口令散列由“!”改为“（已设口令）”"),
        ("shadow", "li:$6$salt$BBBBBBBBBBBB", "li:", "账户 li：口令散列由“（已设口令）”改为“（空口令）”"),
        ("sudoers", SUDOERS, f"{SUDOERS}li ALL=(ALL) NOPASSWD: ALL\n", "新增第 3 行“li ALL=(ALL) NOPASSWD: ALL”"),
        (
            "sshd_config",
            "PermitRootLogin no",
            "PermitRootLogin yes",
            "第 1 行由“PermitRootLogin no”改为“PermitRootLogin yes”",
        ),
    ],
)
def test_what_changed_is_named(etc, name, old, new, said):
    path = etc.etc / name
    path.write_text(path.read_text().replace(old, new, 1))
    for report in (etc.verify(), etc.seal()):
        assert said in messages(report)
        assert not report.passed, "sealing never takes a change over by itself"
    assert etc.engine().accept(name, "示例管理员", "变更单 12") == 1
    assert etc.verify().passed


def test_every_flipped_byte_is_found(etc):
    for name in ("passwd", "shadow", "sshd_config"):
        path = etc.etc / name
        good = path.read_bytes()
        for at in range(len(good)):
            bad = bytearray(good)
            bad[at] ^= 1
            path.write_bytes(bytes(bad))
            assert "access_changed" in kinds(etc.verify()), (name, at)
        path.write_bytes(good)
    assert etc.verify().passed


def test_order_and_blanks_are_found(etc):
    path = etc.etc / "passwd"
    path.write_text("".join(sorted(PASSWD.splitlines(keepends=True))))
    assert kinds(etc.verify()) == ["access_changed"]


def test_no_hash_leaves_the_file(etc):
    """Neither state nor report nor checkpoint holds a password hash or a plain digest of the file."""
    path = etc.etc / "shadow"
    path.write_text(path.read_text().replace("AAAAAAAAAAAA", "EEEEEEEEEEEE"))
    text = etc.verify().text() + str(etc.verify().as_dict())
    for file in etc.folder.rglob("*"):
        if file.is_file() and etc.etc not in file.parents:
            text += file.read_text(errors="replace")
    for secret in ("AAAA", "BBBB", "EEEE", "$6$", "salt"):
        assert secret not in text


def test_mode_owner_and_presence(etc):
    path = etc.etc / "sudoers"
    path.chmod(0o666)
    assert "权限由 0644 变为 0666" in etc.verify().text()
    path.unlink()
    assert kinds(etc.verify()) == ["access_missing"]
    assert etc.engine().accept("sudoers", "示例管理员", "停用") == 1


def test_a_new_file_in_a_watched_folder(world):
    world.write(1)
    folder = world.etc / "sudoers.d"
    folder.mkdir()
    (folder / "ops").write_text("ops ALL=(ALL) ALL\n")
    world.tables["file"].append({"name": "sudoers.d", "path": f"{folder}/*", "kind": "sudoers"})
    assert world.seal().passed
    (folder / "zz").write_text("li ALL=(ALL) NOPASSWD: ALL\n")
    assert kinds(world.seal()) == ["access_new"]
    assert kinds(world.verify()) == ["access_new"]
    assert world.engine().accept("sudoers.d", "示例管理员", "新增运维组") == 1
    assert world.verify().passed


def test_what_appears_in_an_empty_folder_is_not_approved(world):
    """The folder was empty when sealing began: a file put there later is news, not a first registration."""
    world.write(1)
    folder = world.etc / "sudoers.d"
    folder.mkdir()
    world.tables["file"].append({"name": "sudoers.d", "path": f"{folder}/*", "kind": "sudoers", "optional": True})
    assert world.seal().passed
    (folder / "zz").write_text("li ALL=(ALL) NOPASSWD: ALL\n")
    for report in (world.seal(), world.verify(), world.seal()):
        assert kinds(report) == ["access_new"]


def test_an_attacker_cannot_approve(etc):
    """Rolling the versions back, or editing them, is found."""
    versions = etc.folder / "state" / "files" / "passwd"
    before = {path: path.read_bytes() for path in versions.iterdir()}
    path = etc.etc / "passwd"
    path.write_text(PASSWD.replace("li:x:1000", "li:x:1001"))
    etc.engine().accept("passwd", "示例管理员", "调整")
    etc.seal()
    for file, content in before.items():
        file.write_bytes(content)
    path.write_text(PASSWD)
    assert kinds(etc.verify()) == ["state_rolled_back"]
    journal = versions / "versions.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"/bin/bash", b"/bin/bush"))
    assert kinds(etc.verify()) == ["state_damaged"]
