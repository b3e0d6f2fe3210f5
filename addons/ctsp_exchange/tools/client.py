"""Sends one request to another system and says what became of it. Knows no database; safe for threads."""
import json
import os
import time
from dataclasses import dataclass, field

import requests

from . import deadline, pinned

LIMIT = 1 << 20  # bytes of an answer
PIECE = 1 << 14
RETRYABLE = frozenset({408, 425, 429})
LINE = frozenset({401, 403, 404, 407})
"""statuses that blame key, address or path: the line's fault, not the message's"""
STALE, REPLAYED = 40103, 40104


@dataclass(frozen=True)
class Ask:
    """``timeouts``: to connect, between pieces of the answer, and altogether, in seconds.

    ``public``: the host was named by somebody outside: it is looked up once, has to be a public address, and that
    address is spoken to. ``plain``: any 2xx accepts, no envelope is expected.
    """

    url: str
    body: bytes
    headers: dict = field(repr=False)
    timeouts: tuple[float, float, float] = (5.0, 10.0, 30.0)
    public: bool = False
    plain: bool = False


@dataclass(frozen=True)
class Outcome:
    """``kind``: ``ok``, ``retry``, ``line`` (retry; the line is at fault) or ``final``. ``reason`` is a code of
    :data:`REASONS`, or what the other side wrote (``said``). ``after``: seconds they asked us to wait."""

    kind: str
    reason: str = ""
    said: str = ""
    status: int = 0
    code: int | None = None
    answer: dict = field(default_factory=dict)
    after: float = 0
    duration: float = 0


def ask(request: Ask) -> Outcome:
    """Send ``request``; never raises."""
    started, cut = time.monotonic(), bool
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxies, no .netrc
            session.verify = os.environ.get("CTSP_EXCHANGE_CA") or True
            if request.public:
                pinned.mount(session)
            with deadline.ends(session, request.url, request.timeouts[2]) as cut:
                response = session.post(
                    request.url, data=request.body, headers=request.headers, timeout=request.timeouts[:2],
                    allow_redirects=False, stream=True)
                content = _content(response)
                if cut():  # headers that end in the middle look like an answer
                    raise TimeoutError
        outcome = judge(response.status_code, response.headers, content, request.plain)
    except _TooLong:
        outcome = Outcome("line", "answer_long")
    except pinned.NotPublic:
        outcome = Outcome("line", "not_public")
    except (requests.Timeout, TimeoutError):
        outcome = Outcome("line", "timeout")
    except requests.exceptions.SSLError:
        outcome = Outcome("line", "tls")
    except requests.exceptions.ConnectionError as error:
        outcome = Outcome("line", "timeout" if cut() or "timed out" in str(error) else "refused")
    except (requests.RequestException, ValueError, OSError):
        outcome = Outcome("line", "timeout" if cut() else "broken")
    object.__setattr__(outcome, "duration", time.monotonic() - started)
    return outcome


def judge(status: int, headers, content: bytes, plain: bool = False) -> Outcome:
    """Say what an answer means. The envelope is ``{code, message, data, requestId}``."""
    if plain:
        return Outcome("ok", status=status) if 200 <= status < 300 else _without_envelope(status, headers)
    try:
        answer = json.loads(content)
        code, said = answer["code"], str(answer.get("message") or "")[:500]
        if type(code) is not int:
            raise TypeError(code)
    except (ValueError, KeyError, TypeError, RecursionError):
        return _without_envelope(status, headers)
    facts = {"status": status, "code": code, "answer": answer, "said": said, "after": _after(headers)}
    if status < 300 and code == 0:
        return Outcome("ok", **facts)
    if status in LINE or code in (STALE, REPLAYED):
        return Outcome("line", "key_refused", **facts)
    if status in RETRYABLE:
        return Outcome("retry", "busy", **facts)
    if status >= 500:
        return Outcome("line", "their_error", **facts)
    return Outcome("final", "refused_content", **facts)


def _without_envelope(status, headers):
    facts = {"status": status, "after": _after(headers)}
    if status in RETRYABLE:
        return Outcome("retry", "busy", **facts)
    if status in LINE:
        return Outcome("line", "key_refused", **facts)
    if 400 <= status < 500:
        return Outcome("final", "refused_content", **facts)
    return Outcome("line", "their_error" if status >= 500 else "unreadable", **facts)


def _content(response):
    """Read the answer within its bounds."""
    content = b""
    for piece in response.iter_content(PIECE):
        content += piece
        if len(content) > LIMIT:
            raise _TooLong
    return content


def _after(headers):
    text = headers.get("Retry-After") or ""
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else 0.0


class _TooLong(Exception):
    """The answer is longer than anybody needs."""
