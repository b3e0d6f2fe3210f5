"""The middleware of a UKey on a user's computer, for tests: certificates and signatures over HTTP on loopback.

The contract is in `addons/ctsp_auth/static/src/keys/adapters.js`. The PIN dialog is left out.
"""
import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Middleware:
    """`keys`: {id: (certificate, private key)} of what is plugged in."""

    def __init__(self, provider):
        self.provider, self.keys = provider, {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def certificates(self) -> list[dict]:
        return [
            {"id": name, "certificate": base64.b64encode(certificate.der).decode(), "label": certificate.subject_text}
            for name, (certificate, _key) in self.keys.items()
        ]

    def sign(self, name: str, text: str) -> str:
        return base64.b64encode(self.provider.sign(self.keys[name][1], text.encode()).value).decode()

    def _handler(middleware):  # noqa: N805 the handler's self is another
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._answer(middleware.certificates())

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._answer({"signature": middleware.sign(asked["id"], asked["text"])})

            def do_OPTIONS(self):
                self._answer({})

            def _answer(self, value):
                content = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Access-Control-Allow-Headers", "content-type")
                self.send_header("Access-Control-Allow-Private-Network", "true")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_arguments):
                """Be quiet."""

        return Handler
