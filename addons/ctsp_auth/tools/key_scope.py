"""Which calls an API key covers: ``model`` (everything), ``model:read``, ``model:method``; by commas. Pure."""
import re

READING = frozenset({
    "read", "search", "search_read", "search_count", "search_fetch", "fields_get", "name_search", "read_group",
    "formatted_read_group", "web_read", "web_search_read", "web_read_group", "default_get", "has_access",
})
ITEM = re.compile(r"[a-z][a-z0-9_.]*(:[a-z][a-z0-9_]*)?")


def items(text: str) -> list[str]:
    """:raise ValueError: with the part that is none"""
    found = [part for part in re.split(r"[\s,，、;]+", text or "") if part]
    for part in found:
        if not ITEM.fullmatch(part):
            raise ValueError(part)
    return found


def covers(text: str, model: str, method: str) -> bool:
    """Say whether a key with this scope may call ``method`` of ``model``; an empty scope covers every call."""
    asked = items(text)
    if not asked:
        return True
    if method.startswith("_"):
        return False
    reading = f"{model}:read" in asked and method in READING
    return model in asked or reading or f"{model}:{method}" in asked
