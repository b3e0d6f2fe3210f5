"""What the platform uses cryptography for: declared beside the code, compared with it by a test (``ctsp_all``)."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """``port`` of the package, what for in words, and the modules that call it: below ``addons``, or of the package
    (``crypto:keys/lifecycle.py``).
    """

    port: str
    text: str
    modules: tuple[str, ...]
