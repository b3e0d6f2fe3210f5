"""The configuration files keep their promises, and nothing in the repository points at one machine."""
import configparser
import re
import subprocess

import pytest
from kit import paths

ODOO = {
    path.stem: configparser.ConfigParser(interpolation=None, inline_comment_prefixes=None)
    for path in (paths.CONFIG / "odoo").glob("*.conf")
}
for name, parser in ODOO.items():
    parser.read(paths.CONFIG / "odoo" / f"{name}.conf", encoding="utf-8")
# put together here so that this file does not break its own rule
ELSEWHERE = re.compile("|".join([
    "/wo" + "rk/", "deb." + "debian.org", "pypi." + "org", "files.python" + "hosted", "registry." + "npmjs",
    "BEGIN [A-Z ]*PRIVATE" + " KEY",
]))
PROSE = {".po", ".pot", ".lock", ".geojson", ".csv"}


def tracked() -> list:
    out = subprocess.run(["git", "ls-files", "-z"], cwd=paths.ROOT, capture_output=True, text=True, check=False)
    if out.returncode:
        pytest.skip("not a git checkout")
    return [paths.ROOT / name for name in out.stdout.split("\0") if name]


@pytest.mark.parametrize("name", ["development", "test", "production"])
def test_every_configuration_stays_at_home(name):
    options = ODOO[name]["options"]
    assert options["http_interface"] == "127.0.0.1"
    assert options["list_db"] == "False"
    assert not {"admin_passwd", "db_password", "dbfilter"} & set(options)


def test_production_is_ready_for_a_proxy_and_bounded():
    options = ODOO["production"]["options"]
    assert options["proxy_mode"] == "True"
    assert int(options["workers"]) >= 2
    assert int(options["limit_memory_soft"]) < int(options["limit_memory_hard"])
    assert int(options["limit_time_cpu"]) < int(options["limit_time_real"])


def test_only_throw_away_databases_give_up_safety():
    text = {path.stem: path.read_text() for path in (paths.CONFIG / "postgresql").glob("*.conf")}
    assert re.search(r"^fsync = off", text["test"], re.M)
    assert not re.search(r"^(fsync|full_page_writes|synchronous_commit) = off", text["development"], re.M)
    assert re.search(r"^fsync = on", text["production"], re.M)


def test_every_nginx_location_sends_the_headers():
    text = (paths.CONFIG / "nginx" / "ctsp.d" / "locations.conf").read_text()
    for block in re.findall(r"^location [^{]+\{.*?^\}", text, re.M | re.S):
        assert "headers.conf" in block or "return 404" in block, block


def test_nothing_points_at_one_machine_or_registry():
    found = []
    for path in tracked():
        if path.suffix in PROSE or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(paths.ROOT)}: {match[0]}" for match in ELSEWHERE.finditer(text)]
    assert not found


def test_claimed_identities_stay_outside():
    """A place that sets headers of its own inherits none: it has to take the gateway's away as well."""
    text = (paths.CONFIG / "nginx" / "ctsp.d" / "locations.conf").read_text(encoding="utf-8")
    general, *locations = re.split(r"^location ", text, flags=re.M)
    own = [part for part in locations if "proxy_set_header" in part]
    assert own
    for part in (general, *own):
        for header in ("X-Ctsp-Identity", "X-Ctsp-Signature"):
            assert f"proxy_set_header {header} " in part, part
