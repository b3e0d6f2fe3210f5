"""pdf: placeholder until signatures are there."""


def add(commands) -> None:
    """Nothing yet."""
