"""A server for the proxy to talk to, good or bad as the query string says: `?act=NAME`, `&n=NUMBER`.

    with Origin() as origin:
        ... f"handler: proxy, to: {origin.url}" ...
        origin.requests[0].fields["host"]

Each act is a function of the connection and the request; one that returns nothing ends the connection, else it is kept.
By itself: `misbehaving_origin.py PORT`.
"""

import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

ACTS = {}
BAD_HEADS = {}  # act: what makes the head bad, as the error log says it

KEEP = True


def act(function):
    ACTS[function.__name__] = function
    return function


@dataclass
class Request:
    line: str
    lines: list  # (name, value), as received
    content: bytes = b""
    connection: int = 0
    query: dict = field(default_factory=dict)

    @property
    def fields(self):
        return {name.lower(): value for name, value in self.lines}

    def number(self, usual):
        return int(self.query.get("n", [usual])[0])


def respond(connection, content=b"", status="200 OK", fields=()):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", *fields]
    connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content)
    return KEEP


# The good ones.


@act
def good(connection, request):
    return respond(connection, b"good\n", fields=["Content-Type: text/plain", "X-Origin: here"])


@act
def echo(connection, request):
    """What has come, head and content."""
    head = "\n".join([request.line, *(f"{name}: {value}" for name, value in request.lines)])
    return respond(connection, head.encode("latin-1") + b"\n\n" + request.content)


@act
def large(connection, request):
    size = request.number(10_000_000)
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
    piece = bytes(range(256)) * 256
    while size > 0:
        connection.sendall(piece[:size])
        size -= len(piece)
    return KEEP


@act
def chunks(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                       b"5\r\nspam \r\n4;x=y\r\neggs\r\n0\r\nX-Sum: 9\r\nContent-Length: 7\r\n\r\n")
    return KEEP


@act
def until_close(connection, request):
    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nto the end")


@act
def no_content(connection, request):
    connection.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
    return KEEP


@act
def not_modified(connection, request):
    connection.sendall(b"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 100\r\n\r\n")
    return KEEP


@act
def hints(connection, request):
    connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\n")
    return respond(connection, b"hinted")


@act
def hops(connection, request):
    return respond(connection, b"hops", fields=["Connection: X-Mine, keep-alive", "X-Mine: 1", "Keep-Alive: timeout=9",
                                                "Proxy-Authenticate: Basic", "Upgrade: h2c", "X-Kept: yes"])


@act
def error_page(connection, request):
    return respond(connection, b"out of spam", status="503 Spam Is Out", fields=["Retry-After: 9"])


@act
def early(connection, request):
    """Answers before the content has come, and takes no more of it."""
    respond(connection, b"too much", status="413 Content Too Large", fields=["Connection: close"])
    time.sleep(0.2)


@act
def close_later(connection, request):
    """Says nothing of it, and ends the connection after this response."""
    respond(connection, b"bye")


@act
def impatient(connection, request):
    return respond(connection, b"quick", fields=["Keep-Alive: timeout=1"])


# The bad ones.


@act
def silence(connection, request):
    request.origin.gone.wait(20)


@act
def nothing(connection, request):
    pass


@act
def reset(connection, request):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@act
def half_a_head(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-A: b\r\n")


@act
def half_a_head_and_silence(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-A: b\r\n")
    request.origin.gone.wait(20)


@act
def short_length(connection, request):
    """Less content than was announced, more than is held back."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50000)


@act
def short_chunks(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc350\r\n" + b"x" * 50000 + b"\r\n")


@act
def bad_chunk(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc350\r\n" + b"x" * 50000 + b"\r\nspam\r\n")


@act
def pause_in_content(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50000)
    request.origin.gone.wait(20)


@act
def too_much_content(connection, request):
    """More than was announced: what follows must not be taken for another response."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngoodHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
    return KEEP


@act
def unasked_response(connection, request):
    """Another response after this one, a moment later."""
    respond(connection, b"good")
    return respond(connection, b"evil")


def bad_head(name, head, problem):
    def send(connection, request):
        connection.sendall(head)

    ACTS[name] = send
    BAD_HEADS[name] = problem


OK = b"HTTP/1.1 200 OK\r\n"
bad_head("not_http", b"220 mail.example.org ESMTP\r\n", "Bad status line")
bad_head("http_0_9", b"<html>\r\n</html>\r\n", "Bad status line")
bad_head("http_2", b"HTTP/2 200\r\n\r\n", "Bad status line")
bad_head("long_status", b"HTTP/1.1 2000 OK\r\n\r\n", "Bad status line")
bad_head("endless_status_line", b"HTTP/1.1 200 " + b"O" * 100_000, "Bad status line")
bad_head("lone_line_feeds", b"HTTP/1.1 200 OK\nContent-Length: 0\n\n", "ends without CR")
bad_head("folded_field", OK + b"A: b\r\n c\r\n\r\n", "folded")
bad_head("space_before_colon", OK + b"Content-Length : 0\r\n\r\n", "white space before the colon")
bad_head("field_without_name", OK + b": x\r\n\r\n", "Bad field line")
bad_head("nul_in_field", OK + b"A: b\0c\r\n\r\n", "control byte")
bad_head("carriage_return_in_field", OK + b"A: b\rSet-Cookie: c\r\n\r\n", "a CR that no LF follows")
bad_head("many_fields", OK + b"A: b\r\n" * 1000 + b"\r\n", "Too many field lines")
bad_head("large_field", OK + b"A: " + b"b" * 100_000 + b"\r\n\r\n", "Field lines too large")
bad_head("two_lengths", OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nspam", "more than once")
bad_head("length_and_chunked", OK + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "exclude each other")
bad_head("signed_length", OK + b"Content-Length: +4\r\n\r\nspam", "Bad Content-Length")
bad_head("coding_in_1_0", b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "does not exist before")
bad_head("unknown_coding", OK + b"Transfer-Encoding: gzip\r\n\r\nspam", "not supported")
bad_head("unasked_upgrade", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "unasked")


class Origin:
    def __init__(self, path=None, name=""):
        self.path, self.name = path, name
        self.requests = []
        self.connections = 0
        self.answered = 0  # requests whose act has said all that it says
        self.gone = threading.Event()
        self._open = set()
        if path:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.bind(str(path))
            self.socket.listen(64)
            path.chmod(0o666)
            self.url = f"unix:{path}"
        else:
            self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
            self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.gone.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self._thread.join()
        for connection in list(self._open):
            self.end(connection)

    def end(self, connection):
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def end_all(self):
        """Ends the connections that are open."""
        for connection in list(self._open):
            self.end(connection)

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, connection, number):
        try:
            with connection, connection.makefile("rb") as stream:
                while request := self._read(stream, number):
                    kept = ACTS[request.query.get("act", ["good"])[0]](connection, request)
                    self.answered += 1
                    if not kept:
                        return
        except OSError:
            pass
        finally:
            self._open.discard(connection)

    def _read(self, stream, number):
        line = stream.readline().decode("latin-1").rstrip("\r\n")
        if not line:
            return None
        request = Request(line, [], connection=number)
        request.origin = self
        request.query = parse_qs(urlsplit(line.split(" ")[1]).query)
        while (text := stream.readline().decode("latin-1").rstrip("\r\n")):
            name, _, value = text.partition(":")
            request.lines.append((name, value.strip()))
        self.requests.append(request)
        if request.query.get("act") == ["early"]:
            return request
        if "transfer-encoding" in request.fields:
            while size := int(stream.readline().split(b";")[0], 16):
                request.content += stream.read(size)
                stream.readline()
            while stream.readline().strip():
                pass
        else:
            request.content = stream.read(int(request.fields.get("content-length", 0)))
        return request


if __name__ == "__main__":
    alone = Origin()
    print(alone.url, flush=True)
    sys.stdin.read()
