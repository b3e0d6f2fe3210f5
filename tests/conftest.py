"""Make the tool kit importable; tests that need a running platform find it in `platform`."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
