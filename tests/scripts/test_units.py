"""The units of systemd: it accepts them, and what they start exists and knows the options they name."""
import re
import shutil
import subprocess

import pytest
from kit import paths, venv

UNITS = sorted((paths.CONFIG / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
INSTALLED = "/opt/ctsp"
OPTION = re.compile(r"(?<!\S)--[a-z-]+")


def command(unit) -> list[str]:
    """What the unit starts, as it lies in this checkout."""
    line, = re.findall(r"^ExecStart=(.+)$", unit.read_text(encoding="utf-8"), re.M)
    return line.replace(INSTALLED, str(paths.ROOT)).split()


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_what_is_started_exists(unit):
    words = command(unit)
    for word in words:
        if word.startswith(str(paths.ROOT)):
            assert (paths.ROOT / word).exists(), word
    wanted = set(OPTION.findall(" ".join(words)))
    if wanted:
        known = words[:2]  # an interpreter and its script, or a program and its command
        shown = subprocess.run([*known, "--help"], capture_output=True, text=True, check=False).stdout
        assert wanted <= set(OPTION.findall(re.sub(r"[\[\]|,]", " ", shown))), shown


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_timer_has_its_service(unit):
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service") in SERVICES
        assert "WantedBy=timers.target" in unit.read_text(encoding="utf-8")


def test_systemd_accepts_them(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd here")
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(INSTALLED, str(paths.ROOT))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / unit.name for unit in UNITS)],
        capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "ctsp" in line]
    assert done.returncode == 0 and not said, done.stderr


def test_the_owner_s_password_is_not_the_platform_s():
    """Who serves does not know what takes months out of the log."""
    for unit in SERVICES:
        reads = "EnvironmentFile=/etc/ctsp/archive.env" in unit.read_text(encoding="utf-8")
        assert reads == (unit.stem == "ctsp-archive"), unit.name


def test_programs_of_the_platform_s_data_find_it(monkeypatch):
    """A platform installed with systemd keeps its data elsewhere than a checkout does."""
    kept = re.findall(r"^data_dir = (\S+)$", (paths.CONFIG / "odoo" / "production.conf").read_text(), re.M)
    for name in ("ctsp-archive", "ctsp-backup"):
        text = (paths.CONFIG / "systemd" / f"{name}.service").read_text(encoding="utf-8")
        assert re.findall(r"^Environment=CTSP_DATA=(\S+)$", text, re.M) == kept
    monkeypatch.setenv("CTSP_DATA", "/somewhere")
    shown = subprocess.run(
        [venv.PYTHON, "-c", "from kit.odoo import Odoo; print(Odoo(None).data)"], cwd=paths.ROOT / "scripts",
        capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "/somewhere"
