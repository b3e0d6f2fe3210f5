"""Where things are. Everything is derived from the checkout this file lies in."""
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
CONFIG = ROOT / "config"
REQUIREMENTS = ROOT / "requirements"
VENV = ROOT / ".venv"
VAR = ROOT / "var"
LOGS = VAR / "log"


def ensure_var() -> None:
    for folder in (VAR, LOGS):
        folder.mkdir(exist_ok=True)
    VAR.chmod(0o700)
