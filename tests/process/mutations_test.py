"""100 000 mutated requests, pipelined: every answer is well-formed, no worker dies, and the access log has one line for each
answer. The seed is printed; SEED=N in the environment plays it again.

usage: mutations_test.py [--requests N]
"""

import collections
import os
import random
import re
import socket
import sys
import threading
import unittest

import beside
from harness import DaemonTest, until

REQUESTS = 100_000
BATCH = 20
HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n((?:[A-Za-z-]+: [^\r\n\0]*\r\n)*)\r\n")
HTTP_0_9 = "-"

CORPUS = [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"HEAD /big?a=b HTTP/1.1\r\nHost: x:80\r\nUser-Agent: a (b; c) d/1.0\r\n\r\n",
    b"GET /a/b%20c/../index.html HTTP/1.1\r\nHost: x\r\nAccept: text/html;q=0.5, */*\r\nAccept-Encoding: gzip, br;q=0\r\n\r\n",
    b"GET /big HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9,20-29, -5\r\nIf-Range: \"a\"\r\n\r\n",
    b"GET /big HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\nIf-None-Match: W/\"a\", \"b\"\r\n\r\n",
    b"GET http://x:80/index.html HTTP/1.1\r\nHost: x\r\nCookie: a=b; c=d\r\nReferer: http://x/\r\n\r\n",
    b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello=world",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nA: b\r\n\r\n",
    b"PUT /new HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\nMax-Forwards: 1\r\n\r\n",
    b"GET /folder HTTP/1.1\r\nHost: [::1]:8080\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi\r\nX-Forwarded-For: 127.0.0.1\r\nTE: trailers\r\n\r\n",
]
WORDS = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b";", b",", b"\"", b"\\", b"%", b"%00", b"%2e%2e/", b"../", b"//", b"?", b"#",
         b"*", b"-", b"=", b"0", b"9" * 20, b"ffffffffffffffff", b"\xff", b"\xc3\xa4", b"HTTP/1.1", b"HTTP/9.9", b"HEAD ", b"CONNECT ",
         b"Transfer-Encoding: chunked\r\n", b"Content-Length: 1\r\n", b"Content-Length: 0\r\n", b"Host: y\r\n", b"Connection: close\r\n",
         b"Transfer-Encoding: identity\r\n", b"X" * 9_000, b"Range: bytes=-1\r\n", b"\r\n\r\n", b" \r\n", b"\r\n ", b"0\r\n\r\n"]


def mutant(dice):
    """A request of the corpus with one to three things done to it."""
    request = dice.choice(CORPUS)
    for _ in range(dice.choice((1, 1, 2, 3))):
        at = dice.randrange(len(request) + 1)
        to = min(len(request), at + dice.randrange(1, 12))
        act = dice.randrange(7)
        if act == 0:
            request = request[:at] + bytes([dice.randrange(256)]) + request[at + 1:]
        elif act == 1:
            request = request[:at] + request[to:]
        elif act == 2:
            request = request[:to] + request[at:]
        elif act == 3:
            request = request[:at] + dice.choice(WORDS) + request[at:]
        elif act == 4:
            lines = request.split(b"\r\n")
            dice.shuffle(lines)
            request = b"\r\n".join(lines)
        elif act == 5:
            other = dice.choice(CORPUS)
            request = request[:at] + other[dice.randrange(len(other)):]
        else:
            request = request[:at] + dice.choice(WORDS) + request[to:]
    return request


def answers(got):
    """The statuses of the answers in all bytes that came, final ones alone; raises where something is malformed. An answer
    without content that announces a length is one to HEAD."""
    found = []
    while got:
        match = HEAD.match(got)
        if not match:
            if got.startswith(b"HTTP/"):
                raise ValueError(f"a malformed head: {got[:300]}")
            return [*found, HTTP_0_9]  # nothing but content
        status, fields = match[1].decode(), match[2].lower()
        got = got[match.end():]
        if status.startswith("1"):
            continue
        found.append(status)
        length = re.findall(rb"(?:^|\n)content-length: (\d+)\r", fields)
        coded = b"transfer-encoding:" in fields
        if status in ("204", "304"):
            if coded:
                raise ValueError(f"content with {status}")
            continue
        if len(length) + coded != 1:
            raise ValueError(f"framing: {fields}")
        if not got or got.startswith(b"HTTP/1.1 "):
            continue
        if coded or len(got) < int(length[0]):
            raise ValueError(f"content is cut: {fields}")
        got = got[int(length[0]):]
    return found


class Mutations(DaemonTest):
    requests = REQUESTS

    def test_mutated_requests(self):
        seed = int(os.environ.get("SEED", random.randrange(10**6)))
        print(f"    seed {seed}", flush=True)
        counts, faults, lock = collections.Counter(), [], threading.Lock()

        def run(number, share):
            dice, seen = random.Random(f"{seed} {number}"), collections.Counter()
            try:
                while share > 0 and not faults:
                    batch = [mutant(dice) for _ in range(BATCH)]
                    share -= len(batch)
                    while batch:
                        got = self.ask(daemon.address, b"".join(batch))
                        try:
                            statuses = answers(got)
                        except ValueError as error:
                            raise ValueError(f"{error}\nin {got[-2000:]}\nto {batch}") from error
                        seen.update(statuses)
                        # The request that ended the connection goes, and so do those before it.
                        batch = batch[max(1, len(statuses)):]
            except Exception as error:
                faults.append(error)
            with lock:
                counts.update(seen)

        with self.daemon(access_format="%>s %r", settings="limits: {body_timeout: 20s}") as daemon:
            daemon.write("big", b"x" * 5_000)
            daemon.write("folder/index.html", "x")
            workers = daemon.wait_for_workers(2)
            crew = [threading.Thread(target=run, args=(number, self.requests // 4)) for number in range(4)]
            for each in crew:
                each.start()
            for each in crew:
                each.join()
            if faults:
                raise faults[0]
            self.assertEqual(daemon.workers(), workers)
            total = sum(counts.values())
            until(lambda: len(daemon.access_lines()) >= total, f"{total} lines")
            daemon.tolerate("code [45]")
            memory = beside.memory(daemon)
            daemon.stop()
            logged = collections.Counter(line.split(" ", 1)[0] for line in daemon.access_lines())
            summary = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))
            beside.say(f"{self.requests} mutants: {total} answers ({summary}), and as many lines; workers' own memory {memory:.1f} MiB")
            # An answer of HTTP/0.9 has no status, and its line has one.
            self.assertEqual(sum(logged.values()), total)
            del counts[HTTP_0_9]
            self.assertEqual(counts - logged, collections.Counter(), "answered and not logged")
            self.assertFalse([status for status in logged if status.startswith("5") and status not in ("501", "505")])

    def ask(self, address, sent):
        with socket.create_connection(address, timeout=60) as client:
            try:
                client.sendall(sent)
                client.shutdown(socket.SHUT_WR)
            except OSError:  # it has been refused by now
                pass
            parts = []
            while part := client.recv(1 << 16):
                parts.append(part)
            return b"".join(parts)


if __name__ == "__main__":
    if "--requests" in sys.argv:
        at = sys.argv.index("--requests")
        Mutations.requests = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main(verbosity=2)
