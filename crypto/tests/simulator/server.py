"""The HTTP side: signatures of requests and answers, replay, and misbehaviour on demand.

`python -m simulator --port 8190 --secret …` (with crypto/tests and crypto/src on the path) runs it alone.
"""
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ctsp_crypto import Secret
from ctsp_crypto.errors import CryptoError
from ctsp_crypto.providers.cloud import Service, signing

from . import contract
from .services import Services, code_of

SECRET = b"a secret shared by both sides"


@dataclass
class Fault:
    """What goes wrong at paths that contain `path`, the next `times` times; `change` spoils an answer."""

    path: str = ""
    times: int = 1_000_000
    status: int = 0
    headers: tuple = ()
    delay: float = 0
    drip: float = 0
    drop: bool = False
    body: bytes | None = None
    unsigned: bool = False
    change: Callable[[dict], object] | None = None


class Simulator:
    """Started on a free port of the loopback interface; one server plays all three services."""

    def __init__(self, secret: bytes = SECRET, port: int = 0, app: str = "ctsp", tls: ssl.SSLContext | None = None):
        self.services, self.secret, self.app = Services(), Secret(secret), app
        self.faults: list[Fault] = []
        self.calls: list[str] = []
        self.complaints: list[str] = []
        self.nonces: set[str] = set()
        self._lock = threading.Lock()
        handler = type("Bound", (Handler,), {"simulator": self})
        self._server, self._scheme = Server(("127.0.0.1", port), handler), "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    @property
    def connections(self) -> int:
        return self._server.accepted

    def service(self, name: str, **changes) -> Service:
        return Service(**{"url": f"{self.url}/{name}", "app": self.app, "secret": self.secret} | changes)

    def close(self) -> None:
        """Nobody is answered any more, on connections that are open either."""
        self._server.shutdown()
        self._server.server_close()
        self._server.sever()

    @contextmanager
    def fault(self, **what):
        """Misbehave inside the block."""
        one = Fault(**what)
        self.faults.append(one)
        try:
            yield one
        finally:
            self.faults.remove(one)

    def take_fault(self, path: str) -> Fault:
        with self._lock:
            for fault in self.faults:
                if fault.path in path and fault.times > 0:
                    fault.times -= 1
                    return fault
        return Fault()

    def fresh(self, nonce: str) -> bool:
        with self._lock:
            known = nonce in self.nonces
            self.nonces.add(nonce)
            return not known


class Server(ThreadingHTTPServer):
    """Counts connections, so that pooling can be seen, and knows which are open."""

    daemon_threads = True
    accepted = 0

    def __init__(self, *arguments):
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request, client_address):
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self._open.discard(request)
        super().shutdown_request(request)

    def sever(self) -> None:
        for request in list(self._open):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request, client_address):
        """A client that breaks off (a refused certificate, a time-out) is no news."""

    def get_request(self):
        request = super().get_request()
        self.accepted += 1
        return request


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive."""

    protocol_version = "HTTP/1.1"
    simulator: Simulator
    timeout = 30
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def answer(self, method: str):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = "/" + self.path.split("/", 2)[2]
        self.simulator.calls.append(path)
        fault = self.simulator.take_fault(path)
        time.sleep(fault.delay)
        if fault.drop:
            self.close_connection = True
            return
        if fault.status:
            self.send(fault.status, b"{}", fault, signed=False)
            return
        status, answer = self.outcome(method, path, body)
        if fault.change and status == 200:
            answer = fault.change(answer) or answer
        content = json.dumps(answer).encode() if fault.body is None else fault.body
        self.send(status, content, fault, signed=not fault.unsigned)

    def outcome(self, method: str, path: str, body: bytes) -> tuple[int, dict]:
        if not self.authentic(method, path, body):
            return 401, {"code": "unauthorized"}
        found = contract.operation(method, path)
        if not found:
            return 404, {"code": "not_found"}
        template, operation = found
        asked = json.loads(body) if body else None
        self.complain(path, contract.request_problems(operation, asked))
        values = asked if asked is not None else dict(zip(re.findall(r"\{(\w+)\}", template), path.split("/")[3::2]))
        try:
            answer = self.simulator.services.operations()[template](values)
        except CryptoError as error:
            return 400, {"code": code_of(error)}
        self.complain(path, contract.answer_problems(operation, answer))
        return 200, answer

    def authentic(self, method: str, path: str, body: bytes) -> bool:
        headers, simulator = self.headers, self.simulator
        moment, nonce = headers.get(signing.TIME, "0"), headers.get(signing.NONCE, "")
        expected = signing.request_headers(
            simulator.secret, simulator.app, method, path, body, int(moment), nonce)
        return (headers.get(signing.APP) == simulator.app
                and abs(time.time() - int(moment)) <= signing.WINDOW
                and signing.equal(headers.get(signing.SIGNATURE, ""), expected[signing.SIGNATURE])
                and simulator.fresh(nonce))

    def complain(self, path: str, problems: list[str]):
        self.simulator.complaints += [f"{path}: {problem}" for problem in problems]

    def send(self, status: int, content: bytes, fault: Fault, signed: bool):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in fault.headers:
            self.send_header(name, value)
        if signed:
            nonce = self.headers.get(signing.NONCE, "")
            self.send_header(signing.SIGNATURE, signing.answer_signature(self.simulator.secret, nonce, status, content))
        self.end_headers()
        try:
            if not fault.drip:
                self.wfile.write(content)
                return
            for byte in content:
                self.wfile.write(bytes((byte,)))
                time.sleep(fault.drip)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_arguments):
        pass
