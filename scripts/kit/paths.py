"""Where things are. Everything is derived from the checkout this file lies in."""
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
CRYPTO = ROOT / "crypto"
CONFIG = ROOT / "config"
REQUIREMENTS = ROOT / "requirements"
VENV = ROOT / ".venv"
VAR = ROOT / "var"
LOGS = VAR / "log"
SAMPLE_ACCOUNTS = VAR / "sample-accounts"


def ensure_var() -> None:
    """Run-time files are nobody else's business; PostgreSQL under another account may pass through, no more."""
    for folder, mode in ((VAR, 0o711), (LOGS, 0o700)):
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
