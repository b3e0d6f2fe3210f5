"""An end to a request as a whole: time-outs of sockets begin anew with every byte; who drips never meets one."""
import contextlib
import socket
import threading


@contextlib.contextmanager
def ends(session, url: str, seconds: float):
    """Cut the connections that ``session`` makes to ``url`` within the block when ``seconds`` are over.

    Yields a function that says whether they were cut. What waits for such a connection then fails as if it had broken.
    """
    made, over = [], threading.Event()
    adapter = session.get_adapter(url)
    adapter.get_connection_with_tls_context = _noting(adapter.get_connection_with_tls_context, made)

    def cut():
        over.set()
        for connection, sockets in made:
            for one in filter(None, (connection.sock, *sockets)):
                with contextlib.suppress(OSError):  # closed meanwhile
                    socket.socket.shutdown(one, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield over.is_set
    finally:
        timer.cancel()


def _noting(pools, made):
    """Wrap an adapter's method that returns a pool: connections of that pool are noted in ``made``."""
    def noting(*args, **options):
        pool = pools(*args, **options)
        dial = pool._new_conn

        def dialled():
            connection, sockets = dial(), []
            connect = connection.connect

            def connected():
                connect()
                sockets.append(connection.sock)  # an answer without a length takes it away from the connection

            connection.connect = connected
            made.append((connection, sockets))
            return connection

        pool._new_conn = dialled
        return pool

    return noting
