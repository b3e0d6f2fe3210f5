"""Connections to hosts that somebody outside named: looked up once, checked, and that very address is spoken to (SSRF).

Between a check and the connection a name could come to stand for an address inside (DNS rebinding): here the check is
made by the connection itself. Certificates are still those of the name. Knows no database.
"""
import socket

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from . import hosts


class NotPublic(Exception):
    """The name stands for an address that is not of the open Internet."""


def address(name: str, port: int) -> str:
    """Return the address that ``name`` stands for.

    :raise NotPublic: one of its addresses is none of the open Internet; this host in development only
    """
    found = [place[4][0] for place in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    loopback = "loopback" in hosts.configured()
    for place in found:
        if not hosts.is_public(place) and not (loopback and hosts.is_loopback(place)):
            raise NotPublic(name)
    return found[0]


class _Pinned:
    """Dials the address that was checked; the name stays for the certificate and the header Host."""

    def _new_conn(self):
        name = self._dns_host
        self._dns_host = address(name, self.port)
        try:
            return super()._new_conn()
        finally:
            self._dns_host = name


class _HTTP(_Pinned, HTTPConnection):
    pass


class _HTTPS(_Pinned, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPS


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args, **options):
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


def mount(session) -> None:
    """Have ``session`` speak to public addresses only."""
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
