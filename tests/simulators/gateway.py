"""A small security gateway for tests: passes requests on and says in signed headers who came. For tests.

It does what 安全认证网关 do behind their TLCP side; the certificate that was judged there is given here.
"""
import base64
import http.client
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "content-length", "host"}


class Gateway:
    """`holder`: the certificate of whoever comes, None for nobody. `repeat`: say again what signed in.

    `late`: say what was true so many seconds ago. `key`: what it signs with.
    """

    def __init__(self, behind: str, key, provider):
        self.behind, self.key, self.provider = urlsplit(behind).netloc, key, provider
        self.holder, self.repeat, self.late, self._said = None, False, 0, None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def headers(self, host: str, path: str) -> dict[str, str]:
        if self.holder is None:
            return {}
        if self.repeat:
            return self._said
        if path.startswith("/web/login") or not self._said:
            said = {
                "serial": self.holder.serial_text, "issuer": self.holder.issuer_text, "host": host,
                "time": int(time.time()) - self.late, "nonce": secrets.token_urlsafe(16)}
            text = base64.b64encode(json.dumps(said, ensure_ascii=False).encode()).decode()
            signature = self.provider.sign(self.key, text.encode()).value
            self._said = {"X-Ctsp-Identity": text, "X-Ctsp-Signature": base64.b64encode(signature).decode()}
        return self._said

    def _handler(gateway):  # noqa: N805 the handler's self is another
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                host = self.headers["Host"]
                kept = {name: value for name, value in self.headers.items()
                        if name.lower() not in HOP and not name.lower().startswith("x-ctsp-")}
                kept |= {"Host": host, "Content-Length": str(len(body))} | gateway.headers(host, self.path)
                line = http.client.HTTPConnection(gateway.behind, timeout=60)
                line.request(self.command, self.path, body, kept)
                answer = line.getresponse()
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                line.close()

            do_GET = do_POST = do_HEAD = _pass_on  # noqa: N815 names of the standard library

            def log_message(self, *_arguments):
                """Be quiet."""

        return Handler
