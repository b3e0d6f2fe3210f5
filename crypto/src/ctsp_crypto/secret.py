"""`Secret`: bytes that do not show themselves."""
import hmac


class Secret:
    """Key bytes or a password; empty after `wipe()`. Shows only its length, in tracebacks, logs and pickles too.

    Wiping overwrites this copy. Python and the libraries below may have made others: it shortens a secret's life,
    it does not promise its end.
    """

    __slots__ = ("__weakref__", "_bytes")

    def __init__(self, value: bytes | bytearray | memoryview):
        if not isinstance(value, bytes | bytearray | memoryview):
            raise TypeError("a Secret is made of bytes")
        self._bytes = bytearray(value)

    def reveal(self) -> bytes:
        """The bytes themselves, for the moment of use: never store, format or log what this returns."""
        return bytes(self._bytes)

    def wipe(self) -> None:
        for index in range(len(self._bytes)):
            self._bytes[index] = 0
        self._bytes.clear()

    def __len__(self) -> int:
        return len(self._bytes)

    def __bool__(self) -> bool:
        return bool(self._bytes)

    def __eq__(self, other: object) -> bool:
        """Constant time in the content."""
        return hmac.compare_digest(self._bytes, other._bytes) if isinstance(other, Secret) else NotImplemented

    __hash__ = None

    def __repr__(self) -> str:
        return f"Secret({len(self._bytes)} bytes)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, protocol):
        raise TypeError("a Secret is not pickled or copied")
