"""A FastCGI responder for the daemon to talk to, good or bad as the query string says: `?act=NAME`.

    with Responder() as responder:
        ... f"handler: fastcgi, to: {responder.url}" ...
        responder.requests[0].variables["SCRIPT_NAME"]

Each act is a function of the connection and the request; one that returns KEEP keeps the connection.
"""

import socket
import struct
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs

KEEP = True
BEGIN, END, PARAMS, STDIN, STDOUT, STDERR = 1, 3, 4, 5, 6, 7
ACTS = {}
BAD = {}  # act: what the error log says


def act(function):
    ACTS[function.__name__] = function
    return function


@dataclass
class Request:
    variables: dict = field(default_factory=dict)
    content: int = 0  # bytes
    keep: bool = False
    records: list = field(default_factory=list)  # their types, one of a row


def record(kind, content=b"", padding=0, version=1, request=1):
    return struct.pack("!BBHHBx", version, kind, request, len(content), padding) + content + bytes(padding)


def end(exit_status=0, status=0):
    return record(END, struct.pack("!IBxxx", exit_status, status))


HEAD = b"Content-Type: text/plain\r\n\r\n"


@act
def good(connection, request):
    connection.sendall(record(STDOUT, HEAD + b"good\n", padding=3) + record(STDOUT) + end())
    return KEEP


@act
def variables(connection, request):
    text = "".join(f"{name}={value}\n" for name, value in sorted(request.variables.items()))
    connection.sendall(record(STDOUT, HEAD + text.encode("latin-1")) + end())
    return KEEP


@act
def count(connection, request):
    connection.sendall(record(STDOUT, HEAD + str(request.content).encode()) + end())
    return KEEP


@act
def diagnostics(connection, request):
    connection.sendall(record(STDERR, b"PHP Warning:  spam\nin \x1b[31m") + record(STDOUT, HEAD + b"x")
                       + record(STDERR, b"line 3") + end())
    return KEEP


@act
def missing(connection, request):
    connection.sendall(record(STDOUT, b"Status: 404 Not Here\nX-A: b\n\nno spam") + end())
    return KEEP


@act
def large(connection, request):
    connection.sendall(record(STDOUT, HEAD))
    piece = record(STDOUT, bytes(range(250)) * 240)
    for _ in range(int(request.query["n"][0])):
        connection.sendall(piece)
    connection.sendall(end())
    return KEEP


@act
def early(connection, request):
    """Warns, then answers before the content has come, and takes no more of it."""
    connection.sendall(record(STDERR, b"too much\n") + record(STDOUT, b"Status: 413\r\n\r\ntoo much") + end())
    request.responder.gone.wait(1)


@act
def silence(connection, request):
    request.responder.gone.wait(20)


@act
def pause_in_content(connection, request):
    connection.sendall(record(STDOUT, HEAD + b"x" * 50_000))
    request.responder.gone.wait(20)


@act
def cut(connection, request):
    connection.sendall(record(STDOUT, HEAD + b"x" * 50_000))


@act
def short_length(connection, request):
    connection.sendall(record(STDOUT, b"Content-Length: 60000\r\n\r\n" + b"x" * 50_000) + end())


def bad(name, answer, problem):
    ACTS[name] = lambda connection, request: connection.sendall(answer)
    BAD[name] = problem


bad("nothing", b"", "closed without a response")
bad("dies", record(STDERR, b"Segmentation fault") + end(139), "ended without a response, with exit status 139")
bad("half_a_head", record(STDOUT, b"A: b\r\n") + end(), "ended within the head of the response")
bad("half_a_record", record(STDOUT, HEAD)[:20], "closed within the head")
bad("http", b"HTTP/1.1 200 OK\r\n\r\n", "not a FastCGI record")
bad("another_request", record(STDOUT, HEAD, request=2), "of another request")
bad("another_type", record(PARAMS, HEAD), "of a type that a responder does not send")
bad("large_head", record(STDOUT, b"A: " + b"b" * 60_000) * 2, "Field lines too large")
bad("many_fields", record(STDOUT, b"A: b\n" * 1000), "Too many field lines")
bad("no_head", record(STDOUT, b"<html>\n\n") + end(), "Bad field line")
bad("local_redirect", record(STDOUT, b"Location: /x\n\n") + end(), "A local redirect")
bad("two_statuses", record(STDOUT, b"Status: 200\nStatus: 404\n\n") + end(), "Bad Status")
bad("chunks", record(STDOUT, b"Transfer-Encoding: chunked\n\n0\r\n\r\n") + end(), "no Transfer-Encoding")
bad("nul_in_field", record(STDOUT, b"A: b\0c\n\n") + end(), "control byte")
bad("bare_cr", record(STDOUT, b"A: b\rSet-Cookie: c\n\n") + end(), "a CR that no LF follows")
bad("another_role", end(0, 3), "not a FastCGI responder")


class Responder:
    def __init__(self, path=None):
        self.requests = []
        self.connections = 0
        self.gone = threading.Event()
        self._open = set()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.gone.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self._thread.join()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection, connection.makefile("rb") as stream:
                while request := self._read(stream):
                    if not ACTS[request.query.get("act", ["good"])[0]](connection, request) or not request.keep:
                        return
        except OSError:
            pass
        finally:
            self._open.discard(connection)

    def _read(self, stream):
        request, parameters = Request(), b""
        request.responder = self
        while header := stream.read(8):
            version, kind, number, size, padding = struct.unpack("!BBHHBx", header)
            assert (version, number) == (1, 1), header
            content = stream.read(size)
            stream.read(padding)
            if request.records[-1:] != [kind]:
                request.records.append(kind)
            if kind == BEGIN:
                role, flags = struct.unpack("!HB5x", content)
                assert role == 1, role
                request.keep = bool(flags & 1)
            elif kind == PARAMS and content:
                parameters += content
            elif kind == PARAMS:
                request.variables = dict(pairs(parameters))
                request.query = parse_qs(request.variables["QUERY_STRING"])
                self.requests.append(request)
                if request.query.get("act") == ["early"]:
                    return request
            elif kind == STDIN and content:
                request.content += len(content)
            elif kind == STDIN:
                return request
        return None


def pairs(data):
    at = 0

    def length():
        nonlocal at
        size, at = (data[at], at + 1) if data[at] < 128 else (struct.unpack_from("!I", data, at)[0] & 0x7FFFFFFF, at + 4)
        return size

    while at < len(data):
        name, value = length(), length()
        yield data[at:at + name].decode("latin-1"), data[at + name:at + name + value].decode("latin-1")
        at += name + value
