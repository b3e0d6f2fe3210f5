"""Other sites, as an administrator lists them. Pure."""
import re

FORM = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?")


def sites(values) -> list[str]:
    """Return those of ``values`` that are the origin of a site (``https://host`` or ``https://host:port``)."""
    return [value for value in values or [] if isinstance(value, str) and FORM.fullmatch(value)]
