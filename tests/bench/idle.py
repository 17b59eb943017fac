"""What a server takes while nothing happens: memory with idle connections, and time until it first answers."""

import contextlib
import pathlib
import re
import resource
import socket
import statistics
import time

from servers import FILE_NAME, FILE_SIZE

FIRST = 200  # connections after which what is made once is there
REQUEST = f"GET /{FILE_NAME} HTTP/1.1\r\nHost: bench.example\r\n\r\n".encode()


def memory(server, count):
    """With `count` connections that had one answer each: MiB of the server's share, and bytes of its own for each."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 200, hard) if hard >= 0 else count + 200, hard))
    with contextlib.ExitStack() as connections:
        ask(server.port, FIRST, connections)
        before = own_bytes(server)
        ask(server.port, count - FIRST, connections)
        after = own_bytes(server)
        return {"pss": smaps(server, "Pss") / (1 << 20), "each": (after - before) / (count - FIRST)}


def ask(port, count, connections):
    """Adds so many connections, each with an answer; a batch at a time, so that a busy machine does not make it long."""
    while count > 0:
        batch = [connections.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
                 for _ in range(min(count, FIRST))]
        for connection in batch:
            connection.sendall(REQUEST)
        for connection in batch:
            answer = b""
            while len(answer.partition(b"\r\n\r\n")[2]) < FILE_SIZE:
                answer += connection.recv(4096)
        count -= len(batch)


def own_bytes(server):
    return smaps(server, "Private_Clean") + smaps(server, "Private_Dirty")


def smaps(server, what):
    total = 0
    for pid in server.processes():
        rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(re.search(rf"^{what}: +(\d+) kB", rollup, re.MULTILINE)[1]) * 1024
    return total


def start_ms(start, times):
    """From the start of the first process to the first answer, in milliseconds: the median. `start` starts a server."""
    took = []
    for number in range(times):
        began = time.monotonic()
        server = start(number)
        try:
            server.await_answer(pause=0.0005)
            took.append((time.monotonic() - began) * 1000)
        finally:
            server.stop()
    return statistics.median(took)
