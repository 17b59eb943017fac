"""Clients in the network of a machine: one that asks once, and a load that counts what becomes of each request."""

import collections
import ctypes
import os
import socket
import threading
import time

from machine import network_of

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
PAUSE = 0.002  # seconds between two requests: a load, and not a flood


def enter(machine):
    """Moves this thread, and no other, into the machine's network."""
    network = network_of(machine)
    try:
        if LIBC.setns(network, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(network)


def exchange(connection, path="/", close=True):
    """One request on an open connection: status and body."""
    end = "close" if close else "keep-alive"
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: {end}\r\n\r\n".encode())
    return read_response(connection)


def read_response(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("the connection ended within the head" if data else "closed without an answer")
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    fields = {name.strip().lower(): value.strip()
              for name, _, value in (line.partition(":") for line in head.decode().split("\r\n")[1:])}
    length = int(fields.get("content-length", 0))
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("the connection ended within the body")
        body += more
    return int(head.split()[1]), body, fields


def get(machine, path="/", port=80, limit=10.0):
    """Asks once from inside the machine's network: status and body; an exception where there is no answer."""
    result = {}

    def ask():
        try:
            enter(machine)
            with socket.create_connection(("127.0.0.1", port), limit) as connection:
                result["answer"] = exchange(connection, path)[:2]
        except OSError as error:
            result["error"] = error

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    if "error" in result:
        raise result["error"]
    return result["answer"]


class Load:
    """Threads that ask for a page again and again and check each body. Use as a context; then read `outcomes`."""

    def __init__(self, machine, body, keep_alive=False, threads=4):
        self.machine, self.body, self.keep_alive = machine, body, keep_alive
        self.outcomes = collections.Counter()
        self.longest = 0.0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def failed(self):
        return sum(count for name, count in self.outcomes.items() if name != "good")

    def _run(self):
        enter(self.machine)
        while not self._stop.is_set():
            try:
                with socket.create_connection(("127.0.0.1", 80), 20) as connection:
                    self._use(connection)
            except OSError as error:
                self._count(f"connect: {type(error).__name__}", 0.0)

    def _use(self, connection):
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                status, body, fields = exchange(connection, "/page.txt", close=not self.keep_alive)
                good = status == 200 and body == self.body
                self._count("good" if good else f"status {status}", time.monotonic() - started)
            except OSError as error:
                self._count(f"{type(error).__name__}: {error}", time.monotonic() - started)
                return
            self._stop.wait(PAUSE)
            if fields.get("connection", "").lower() == "close" or not self.keep_alive:
                return

    def _count(self, outcome, took):
        with self._lock:
            self.outcomes[outcome] += 1
            self.longest = max(self.longest, took)
