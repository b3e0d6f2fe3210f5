"""How long to wait before the next try: twice as long each time, anywhere below that (full jitter). Pure."""

BASE, CAP = 1.0, 300.0  # seconds


def delay(tries: int, base: float = BASE, cap: float = CAP, random=None) -> float:
    """Return seconds until the next try after ``tries`` failures.

    :param random: a function that returns a number from 0 to 1; half the span is waited at least, so that a system
        that has just come up is not met by everybody at once, nor hammered by one
    """
    span = min(cap, base * 2 ** min(max(tries - 1, 0), 30))
    if random is None:
        return span
    return span * (0.5 + random() / 2)
