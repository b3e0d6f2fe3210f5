"""The listener of a simulated system, which ends with all its connections, as a process that is restarted does."""
import contextlib
import socket
from http.server import ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Knows its connections: clients keep them open between requests."""

    def __init__(self, *arguments):
        self.connections = set()
        super().__init__(*arguments)

    def process_request(self, request, client_address):
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        """Be quiet: connections that break are what this is for."""

    def end(self) -> None:
        """Listen no more and break every connection."""
        self.shutdown()
        self.server_close()
        for one in tuple(self.connections):
            with contextlib.suppress(OSError):  # closed by the other side, or by a fault
                one.shutdown(socket.SHUT_RDWR)
