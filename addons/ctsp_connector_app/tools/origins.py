"""Other sites, as an administrator lists them. Pure."""
import re

FORM = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?")


def sites(values) -> list[str]:
    """Return those of ``values`` that are the origin of a site (``https://host`` or ``https://host:port``)."""
    return [value for value in values or [] if isinstance(value, str) and FORM.fullmatch(value)]


def framed(policy: str | None, ancestors: str) -> str:
    """Return a Content-Security-Policy as it was, but for who may frame the page."""
    kept = [part.strip() for part in (policy or "").split(";")]
    return "; ".join([*(part for part in kept if part and not part.startswith("frame-ancestors")),
                      f"frame-ancestors {ancestors}"])
