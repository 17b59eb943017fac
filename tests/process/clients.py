"""Clients: curl for what a user would see, a raw socket for what no client would send, and steady load."""

import http.client
import itertools
import os
import re
import socket
import subprocess
import threading
from dataclasses import dataclass


BASEHTTPCTL = os.environ.get("BASEHTTPCTL", "")


def ctl(daemon, *arguments):
    """basehttpctl with the daemon's control socket: exit code and output."""
    command = [BASEHTTPCTL, "-s", str(daemon.folder / "control.sock"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def lost_of(daemon, sink):
    """What `status` says that a log's sink has lost, in lines."""
    status = ctl(daemon, "status").stdout
    return int(re.search(rf"^log {re.escape(str(sink))}: .*?(\d+) lines lost", status, re.M)[1])


@dataclass
class Answer:
    status: int
    fields: dict  # names in lower case
    body: bytes
    error: int  # curl's exit code
    connections: int  # made for this answer


def curl(url, *options, method=None):
    """One request by curl; the last answer where there were several (100, redirects)."""
    options = [*options, *(["-X", method] if method else [])]
    run = subprocess.run(
        ["curl", "-sS", "--max-time", "30", "--path-as-is", "-D", "/dev/stderr", "-w", "\n%{num_connects}", *options, url],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
    )
    body, _, connections = run.stdout.rpartition(b"\n")
    heads = re.findall(rb"HTTP/1\.[01] (\d\d\d)[^\r]*\r\n((?:[^\r\n]+\r\n)*)", run.stderr)
    status, lines = heads[-1] if heads else (b"0", b"")
    fields = {}
    for line in lines.decode("latin-1").splitlines():
        name, _, value = line.partition(":")
        fields[name.lower()] = value.strip()
    return Answer(int(status), fields, body, run.returncode, int(connections or 0))


def exchange(address, sent):
    """Sends bytes, and reads until the server closes."""
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(sent)
        return read_all(connection)


def read_all(connection):
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def idle_connection(address):
    """A connection that has had an answer and waits for its next request."""
    connection = socket.create_connection(address, timeout=20)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = b""
    while not answer.endswith(b"<p>Hello</p>\n"):  # the harness's index.html
        answer += connection.recv(4096)
    return connection


def get(address, target="/", headers=None):
    """A request on a connection of its own; status and body."""
    connection = http.client.HTTPConnection(*address, timeout=20)
    try:
        connection.request("GET", target, headers={"Connection": "close", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Load:
    """Requests without a pause, by several threads, until the block is left. A request each connection, or as many as
    the server allows: `keep_alive`."""

    def __init__(self, address, threads=4, target="/", keep_alive=False, numbered=False, headers=None):
        self._address, self._target = address, target
        self._numbers = itertools.count() if numbered else None  # each request gets one of its own, as its query
        self._headers = {**(headers or {}), **({} if keep_alive else {"Connection": "close"})}
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]
        self.answers = []  # (status, body)
        self.failures = []

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        self.wait(20)
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait(self, more):
        """Waits until so many more requests were answered, or have failed."""
        with self._changed:
            wanted = len(self.answers) + len(self.failures) + more
            if not self._changed.wait_for(lambda: len(self.answers) + len(self.failures) >= wanted, 20):
                raise AssertionError("no request is answered any more")

    def _run(self):
        connection = None
        while not self._stop.is_set():
            try:
                if connection is None:
                    connection = http.client.HTTPConnection(*self._address, timeout=20)
                query = f"?{next(self._numbers)}" if self._numbers else ""
                connection.request("GET", self._target + query, headers=self._headers)
                answer = connection.getresponse()
                result = (answer.status, answer.read())
                with self._changed:
                    self.answers.append(result)
                    self._changed.notify_all()
                if answer.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as error:
                with self._changed:
                    self.failures.append(repr(error))
                    self._changed.notify_all()
                connection = None
        if connection is not None:
            connection.close()
