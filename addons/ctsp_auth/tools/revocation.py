"""Fetching revocation lists: from outside, hence bounded in size and in time."""
import threading

import requests
from urllib3.exceptions import HTTPError

LARGEST = 32 * 1024 * 1024
SILENCE, LONGEST = 10, 60
"""seconds without a byte, and for the whole content: a server that drips is never silent"""
PIECE = 64 * 1024


class NotFetched(Exception):
    """The list could not be had; the text says why, in the words of the programs between."""


class TooLarge(NotFetched):
    """More bytes than any list has."""


def fetch(url: str, *, largest: int = LARGEST, silence: float = SILENCE, longest: float = LONGEST) -> bytes:
    """Return what lies at ``url``.

    :raise TooLarge: more than ``largest`` bytes
    :raise NotFetched: no answer, another status than 2xx, cut off, or not done within the time
    """
    try:
        with requests.get(url, timeout=silence, stream=True) as answer:
            answer.raise_for_status()
            return _read(answer.raw, largest, longest)
    except (requests.RequestException, HTTPError, OSError) as problem:
        raise NotFetched(type(problem).__name__) from problem


def _read(raw, largest, longest):
    content, late = bytearray(), threading.Event()

    def stop():
        late.set()
        raw.shutdown()

    watch = threading.Timer(longest, stop)
    watch.start()
    try:
        while piece := raw.read(PIECE, decode_content=True):
            content += piece
            if len(content) > largest:
                raise TooLarge
    finally:
        watch.cancel()
    if late.is_set():
        raise NotFetched("Timeout")
    return bytes(content)
