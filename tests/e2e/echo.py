"""A front door with somebody behind it who repeats what he is told."""
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kit import serve
from kit.front_door import HOST, FrontDoor


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that came through the door."""

    def do_GET(self):
        content = json.dumps(dict(self.headers.items())).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        if self.path == "/framed":
            self.send_header("X-Ctsp-Frame-Ancestors", "'self' https://app.example.org")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        """Be quiet."""


@contextmanager
def echoing(folder, **options):
    behind = ThreadingHTTPServer((HOST, 0), Echo)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    port, front, plain = behind.server_port, serve.free_port(), serve.free_port()
    nginx = FrontDoor(folder, port, port, front, plain, **options)
    nginx.start()
    try:
        yield nginx
    finally:
        nginx.stop()
        behind.shutdown()
        behind.server_close()
