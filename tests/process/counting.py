"""A client that counts: each of its requests has a target of its own, and it knows which were answered in full. So the
access log can be held against what clients saw, line by line."""

import collections
import re
import select
import socket
import threading
import time

TARGET = re.compile(r'"GET /\?n=(\d+) HTTP/1\.1"')
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n", re.IGNORECASE)


class Counting:
    """Requests over `connections` persistent connections, one at a time on each, until the block is left or `count` of
    them were sent. A connection that breaks is made anew, and what it was waiting for counts as cut off."""

    def __init__(self, address, connections=8, count=None):
        self._address, self._count = address, count
        self._sent = 0
        self._stop = threading.Event()
        self._poll = select.epoll()
        self._waiting = {}  # fd: _Exchange
        self._thread = threading.Thread(target=self._run, args=(connections,))
        self._failure = None
        self.answered = set()  # the numbers of requests that were answered with 200, whole
        self.cut_off = set()  # of those that were not

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self.join()

    def join(self):
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def running(self):
        return self._thread.is_alive()

    def wait(self, more, seconds=60):
        """Waits until so many more requests were answered."""
        wanted, deadline = len(self.answered) + more, time.monotonic() + seconds
        while len(self.answered) < wanted:
            if not self.running() or time.monotonic() > deadline:
                raise AssertionError(f"no request is answered any more, after {len(self.answered)}") from self._failure
            self._stop.wait(0.005)

    def _run(self, connections):
        try:
            for _ in range(connections):
                self._connect()
            while self._waiting:
                for fd, _ in self._poll.poll(20) or self._give_up():
                    self._advance(fd)
        except Exception as error:  # what happened here is told where the block ends
            self._failure = error
        finally:
            for exchange in self._waiting.values():
                exchange.socket.close()
            self._poll.close()

    def _give_up(self):
        raise AssertionError("no answer came for 20 s")

    def _connect(self):
        connection = socket.create_connection(self._address, timeout=20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._waiting[connection.fileno()] = _Exchange(connection)
        self._poll.register(connection, select.EPOLLIN)
        self._ask(connection.fileno())

    def _ask(self, fd):
        exchange = self._waiting[fd]
        if self._stop.is_set() or self._sent == self._count:
            self._leave(fd)
            return
        exchange.number = self._sent
        self._sent += 1
        try:
            exchange.socket.sendall(b"GET /?n=%d HTTP/1.1\r\nHost: x\r\n\r\n" % exchange.number)
        except OSError:
            self._cut(fd)

    def _advance(self, fd):
        exchange = self._waiting[fd]
        try:
            got = exchange.socket.recv(65536)
        except OSError:
            got = b""
        if not got:
            self._cut(fd)
            return
        exchange.received += got
        if exchange.complete():
            self.answered.add(exchange.number)
            exchange.received = b""
            self._ask(fd)

    def _cut(self, fd):
        self.cut_off.add(self._waiting[fd].number)
        self._leave(fd)
        self._connect()

    def _leave(self, fd):
        self._poll.unregister(fd)
        self._waiting.pop(fd).socket.close()


class _Exchange:
    def __init__(self, connection):
        self.socket, self.number, self.received = connection, 0, b""

    def complete(self):
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not self.received.startswith(b"HTTP/1.1 200 "):
            raise AssertionError(f"an answer that nobody asked for: {self.received[:end]}")
        return len(self.received) == end + 4 + int(LENGTH.search(self.received)[1])


def numbers(lines):
    """How often each request stands in the lines of an access log; every line must be a whole one."""
    seen = collections.Counter()
    for line in lines:
        seen[_number(line)] += 1
    return seen


def _number(line):
    found = TARGET.search(line)
    if not found:
        raise AssertionError(f"not a line of these clients: {line!r}")
    return int(found[1])


class Ledger:
    """The lines of an access log in combined format, to be held against what clients saw."""

    def __init__(self, lines):
        self.lines = lines
        # A request whose worker died has a line too, without a status.
        self.finished = {_number(line) for line in lines if '" 200 ' in line}
        self.died = {_number(line) for line in lines if '" - ' in line}

    def faults(self, load):
        """Where an answered request has not its one line, or one that was cut off more than one, or one that says
        something else: (numbers of requests, what is wrong with them)."""
        seen = numbers(self.lines)
        found = [
            ({number for number, times in seen.items() if times != 1}, "requests with more than one line"),
            (load.answered - set(seen), "answered requests without a line"),
            (self.finished - load.answered, "lines of answers that nobody had"),
            (set(seen) - load.answered - load.cut_off, "lines of requests that nobody made"),
        ]
        return [(wrong, what) for wrong, what in found if wrong]

    def check(self, test, load):
        for wrong, what in self.faults(load):
            test.fail(f"{len(wrong)} of {len(load.answered)} {what}: {sorted(wrong)[:10]}")
