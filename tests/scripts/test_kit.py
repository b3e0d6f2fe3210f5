"""The scripts' own judgement, without network, database or Odoo."""
import errno
import socket
import threading
from pathlib import Path

import pytest
from kit import addons, apt, database, errors, postgres, python, serve, venv
from kit.errors import Problem


def make_addon(root: Path, name: str, depends=(), **files: str) -> None:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "__manifest__.py").write_text(repr({"name": name, "depends": list(depends)}))
    for file, content in files.items():
        (folder / f"{file}.py").write_text(content)


@pytest.fixture
def tree(tmp_path):
    make_addon(tmp_path, "ctsp_trial", ["ctsp_institution"])
    make_addon(tmp_path, "ctsp_base", ["mail"], models="a = 1")
    make_addon(tmp_path, "ctsp_institution", ["ctsp_base", "portal"])
    make_addon(tmp_path, "ctsp_test_kernel", ["ctsp_base"])
    return tmp_path


def test_addons_come_dependencies_first(tree):
    names = list(addons.read(tree))
    assert names.index("ctsp_base") < names.index("ctsp_institution") < names.index("ctsp_trial")


def test_closure_and_platform(tree):
    ours = addons.read(tree)
    assert addons.closure(ours, ["ctsp_institution"]) == ["ctsp_base", "ctsp_institution"]
    assert "ctsp_test_kernel" not in addons.platform(ours)
    assert addons.top_modules(ours) == ["ctsp_base", "ctsp_institution", "ctsp_trial"]


def test_ctsp_all_stands_for_everything(tree):
    make_addon(tree, "ctsp_all", ["ctsp_trial"])
    assert addons.top_modules(addons.read(tree)) == ["ctsp_all"]


def test_a_cycle_is_named(tmp_path):
    make_addon(tmp_path, "a", ["b"])
    make_addon(tmp_path, "b", ["a"])
    with pytest.raises(Problem, match="循环依赖"):
        addons.read(tmp_path)


def test_a_broken_manifest_is_named(tmp_path):
    make_addon(tmp_path, "a")
    (tmp_path / "a" / "__manifest__.py").write_text("{'name': ")
    with pytest.raises(Problem, match="a/__manifest__"):
        addons.read(tmp_path)


def test_the_hash_follows_content_and_nothing_else(tree):
    before = addons.read(tree)["ctsp_base"].digest
    cache = tree / "ctsp_base" / "__pycache__"
    cache.mkdir()
    (cache / "models.pyc").write_bytes(b"x")
    assert addons.read(tree)["ctsp_base"].digest == before
    (tree / "ctsp_base" / "models.py").write_text("a = 2")
    assert addons.read(tree)["ctsp_base"].digest != before


def test_a_template_depends_on_its_addons_only(tree):
    names = ["ctsp_base", "ctsp_institution"]
    before = addons.fingerprint(addons.read(tree), names)
    (tree / "ctsp_trial" / "new.py").write_text("")
    assert addons.fingerprint(addons.read(tree), names) == before
    (tree / "ctsp_base" / "new.py").write_text("")
    assert addons.fingerprint(addons.read(tree), names) != before


DEB822 = """# a comment
Types: deb
URIs: http://archive.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb
URIs: http://archive.example/debian-security
Suites: bookworm-security
Components: main
"""


def test_sources_of_both_kinds_are_read():
    first, second = apt.parse_deb822(DEB822)
    assert first == apt.Source(
        "http://archive.example/debian", ("bookworm", "bookworm-updates"), "/usr/share/keyrings/archive.gpg"
    )
    assert second.suites == ("bookworm-security",)
    line = "deb [arch=amd64 signed-by=/k.gpg] http://archive.example/debian bookworm main contrib"
    assert apt.parse_one_line(f"# deb x y main\n{line}") == [
        apt.Source("http://archive.example/debian", ("bookworm",), "/k.gpg")
    ]


def test_no_debian_source_says_what_to_do(tmp_path):
    with pytest.raises(Problem, match="软件源") as caught:
        apt.machine_source(tmp_path)
    assert "ODOO_HOME" in caught.value.remedy


def test_a_taken_port_is_reported():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Problem, match="已被占用") as caught:
            serve.check_port(taken.getsockname()[1])
    assert "--port" in caught.value.remedy


def test_a_free_port_stays_free(monkeypatch, tmp_path):
    """It is none of those that connections going out are given, and is given once; where all are, any will do."""
    given = [serve.free_port() for _time in range(20)]
    assert len(set(given)) == 20
    assert max(given) < serve.first_outgoing() or serve.first_outgoing() <= serve.LOWEST
    monkeypatch.setattr(serve, "OUTGOING", tmp_path / "range")
    (tmp_path / "range").write_text("1024\t65000\n")
    assert serve.free_port()


def test_no_space_is_reported():
    with pytest.raises(Problem, match="磁盘空间不足"):
        venv.check_space(10**18)


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, "磁盘空间不足"), (errno.EACCES, "没有权限")])
def test_what_a_disk_refuses_is_told_in_words(capsys, number, told):
    def command():
        raise OSError(number, "in English", "/backup/x")

    with pytest.raises(SystemExit) as ended:
        errors.main(command)
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert told in said
    assert "/backup/x" in said
    assert "Traceback" not in said


def test_a_wrong_odoo_home_is_reported(tmp_path):
    with pytest.raises(Problem, match="ODOO_HOME"):
        venv.given_home(tmp_path)


def test_missing_postgres_binaries_are_reported(monkeypatch, tmp_path):
    monkeypatch.setenv("CTSP_PG_BIN", str(tmp_path))
    with pytest.raises(Problem, match="postgres"):
        postgres.binaries()


def test_python_versions():
    assert python.supported((3, 11, 7))
    assert python.supported((3, 13))
    assert not python.supported((3, 10))
    assert not python.supported((3, 14))


def test_a_deep_checkout_gets_a_short_socket(tmp_path):
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 5)
    assert len(str(postgres.short_folder(deep) / ".s.PGSQL.5432")) <= postgres.SOCKET_LIMIT
    assert postgres.short_folder(Path("/srv/ctsp")) == Path("/srv/ctsp")


def test_the_last_one_out_stops_the_database(tmp_path, monkeypatch):
    """A run that ends does not stop the server under the next one, whoever of them started it."""
    happened = []
    monkeypatch.setattr(postgres.Cluster, "_start", lambda _self: happened.append("start"))
    monkeypatch.setattr(postgres.Cluster, "running", lambda _self: True)
    monkeypatch.setattr(postgres.Cluster, "stop", lambda _self: happened.append("stop"))
    first, second = postgres.Cluster(tmp_path / "postgres"), postgres.Cluster(tmp_path / "postgres")
    first.join()
    second.join()
    first.leave(lambda: False)
    assert happened == ["start", "start"]
    second.leave(lambda: True)
    assert "stop" not in happened, "somebody else's session"
    first.join()
    first.leave(lambda: False)
    assert happened[-1] == "stop"


def test_a_database_that_is_stopping_is_waited_for(tmp_path, monkeypatch):
    stopping, joined = threading.Event(), threading.Event()
    cluster, next_one = postgres.Cluster(tmp_path / "postgres"), postgres.Cluster(tmp_path / "postgres")
    monkeypatch.setattr(postgres.Cluster, "_start", lambda _self: None)
    monkeypatch.setattr(postgres.Cluster, "running", lambda _self: True)
    order = []

    def stop(_self):
        stopping.set()
        assert not joined.wait(0.2), "joined a server that is going down"
        order.append("stopped")

    def join():
        stopping.wait()
        next_one.join()
        joined.set()
        order.append("joined")

    monkeypatch.setattr(postgres.Cluster, "stop", stop)
    cluster.join()
    thread = threading.Thread(target=join)
    thread.start()
    cluster.leave(lambda: False)
    thread.join()
    assert order == ["stopped", "joined"]


@pytest.mark.parametrize("name", ["Ctsp", "a b", 'x"; DROP DATABASE y', "", "1a"])
def test_odd_database_names_are_refused(name):
    with pytest.raises(Problem, match="不合法"):
        database.checked(name)
