"""Requests that are cheap to send and would be dear to answer: beside each a good client is served as if it were alone, and
the workers' memory stays within bounds."""

import contextlib
import re
import socket
import unittest

import beside
import processes
from clients import exchange
from harness import DaemonTest, until

UNREAD = 10_000
WIDE = "limits: {request_line: 64K, header_bytes: 1M, header_fields: 10000, idle_timeout: 1h, send_timeout: 1h}"
MOST_MIB = 64  # of own memory that two workers may come to hold in any of these; each starts with about two
PAUSE = 0.01  # seconds between two floods of a thread: what is measured is how long one of them holds others up
CLOSE = b"Host: x\r\nConnection: close\r\n"


def statuses(answer):
    return [int(status) for status in re.findall(rb"(?m)^HTTP/1\.1 (\d{3}) ", answer)]


class Floods(DaemonTest):
    def check_flood(self, name, act, settings="", site="", threads=2, **options):
        """`act`, given the daemon, again and again; returns the lines of the access log."""
        with self.daemon(settings=settings, site=site, **options) as daemon:
            daemon.write("big", "x" * (1 << 20))
            workers = daemon.wait_for_workers(2)
            act(daemon)  # which fails here where an answer is not the right one
            times = beside.check(self, daemon, name, lambda: beside.repeating(lambda: act(daemon), threads, PAUSE))
            memory = beside.memory(daemon)
            beside.say(f"{len(times)} times; workers' own memory then: {memory:.1f} MiB")
            self.assertLess(memory, MOST_MIB)
            self.assertEqual(daemon.workers(), workers)
            daemon.tolerate("code 4")
            return daemon.access_lines()

    def asking(self, sent, *expected):
        """An act: sends bytes, and gets answers with these statuses."""
        def act(daemon):
            answer = exchange(daemon.address, sent)
            self.assertEqual(statuses(answer), list(expected), answer[:200])
        return act

    def test_10_000_pipelined_requests_whose_answers_nobody_reads(self):
        asked = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * UNREAD

        @contextlib.contextmanager
        def attack():
            with contextlib.ExitStack() as stack:
                taken = 0
                for _ in range(20):
                    client = stack.enter_context(socket.socket())
                    stack.callback(beside.reset, client)
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    client.connect(daemon.address)
                    client.settimeout(0.1)
                    with contextlib.suppress(TimeoutError):  # the daemon reads no more
                        for at in range(0, len(asked), 4096):
                            taken += client.send(asked[at:at + 4096])
                yield taken, beside.memory(daemon)

        with self.daemon(settings=WIDE) as daemon:
            daemon.wait_for_workers(2)
            taken, memory = beside.check(self, daemon, f"20 x {UNREAD} requests whose answers nobody reads", attack)
            beside.say(f"{taken >> 10} KiB of requests were taken; workers' own memory then: {memory:.1f} MiB")
            self.assertLess(memory, MOST_MIB)

    def test_100_mib_of_head(self):
        field = b"X: " + b"x" * 65531 + b"\r\n"

        def act(daemon):
            with socket.create_connection(daemon.address, timeout=60) as client, contextlib.suppress(ConnectionError):
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
                for _ in range((100 << 20) // len(field)):
                    client.sendall(field)
                self.fail("all of it was taken")

        self.check_flood("heads of 100 MiB", act)

    def test_chunks_of_one_byte_with_extensions(self):
        body = b"1;x=\"y\";z\r\nx\r\n" * 5_000 + b"0\r\n\r\n"
        head = b"POST / HTTP/1.1\r\n" + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n"
        self.check_flood("chunks of one byte with extensions", self.asking(head + body, 405))
        self.check_flood("a chunk whose extension does not end",
                         self.asking(head + b"1;" + b"x" * 1_000_000, 405), settings="limits: {body_timeout: 2s}")

    def test_ranges(self):
        """What overlaps or is too much is not worth its answer: RFC 9110, 14.2."""
        file = 1 << 20
        kinds = {
            "all again and again": b"0-," * 2_000 + b"0-",
            "overlapping ones": b",".join(b"%d-" % start for start in range(5_000)),
            "single bytes": b",".join(b"%d-%d" % (start, start) for start in range(0, 10_000, 2)),
            "suffixes": b",".join(b"-%d" % size for size in range(1, 5_000)),
            "empty members": b"," * 60_000 + b"0-0",
        }
        for kind, ranges in kinds.items():
            def act(daemon, sent=b"GET /big HTTP/1.1\r\n" + CLOSE + b"Range: bytes=" + ranges + b"\r\n\r\n"):
                answer = exchange(daemon.address, sent)
                self.assertLess(len(answer), 2 * file)
                self.assertLessEqual(set(statuses(answer)), {200, 206, 400, 416})
            with self.subTest(kind):
                self.check_flood(f"ranges, {kind}", act, settings=WIDE)

    def test_multipart(self):
        parts = b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n" * 5_000 + b"--b--\r\n"
        head = b"POST / HTTP/1.1\r\n" + CLOSE + b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n"
        self.check_flood("forms of 5 000 parts", self.asking(head % len(parts) + parts, 405))

    def test_fields_by_the_thousand(self):
        """One name again and again, and names of which each has the letters of the others."""
        same = b"".join(b"Accept-Encoding: gzip;q=0.%d, br\r\n" % (number % 10) for number in range(9_000))
        cookies = b"".join(b"Cookie: a%d=b; c=d; e=f\r\n" % number for number in range(9_000))
        letters = "Aa", "BB"  # a pair that collides in Java's and Horner's hashes
        names = ["".join(letters[number >> bit & 1] for bit in range(13)) for number in range(1 << 13)]
        colliding = "".join(f"{name}: x\r\n" for name in names).encode()
        for kind, fields in {"fields of one name": same, "cookies": cookies, "fields whose names collide": colliding}.items():
            with self.subTest(kind):
                self.check_flood(kind, self.asking(b"GET / HTTP/1.1\r\n" + CLOSE + fields + b"\r\n", 200), settings=WIDE,
                                 access_format="%h %>s %{c}C %{Aa}i")

    def test_paths_that_collide(self):
        """The cache of what is not there has a bound, and a hash that no client knows."""
        letters = "Aa", "BB"
        targets = iter(["/" + "".join(letters[number >> bit & 1] for bit in range(15)) for number in range(1 << 15)] * 100)

        def act(daemon):
            batch = [next(targets) for _ in range(200)]
            sent = "".join(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n" for target in batch[1:]).encode()
            answer = exchange(daemon.address, sent + f"GET {batch[0]} HTTP/1.1\r\n".encode() + CLOSE + b"\r\n")
            self.assertEqual(statuses(answer), [404] * len(batch))

        self.check_flood("paths that collide", act, threads=1)

    def test_paths_of_8_000_segments(self):
        for segment, status in {"a/": 404, "/": 200, "./": 200, "../": 400, "%2e/": 200, "a/../": 200}.items():
            target = ("/" + segment * 8_000).encode()
            def act(daemon, target=target, status=status, segment=segment):
                answer = exchange(daemon.address, b"GET " + target + b" HTTP/1.1\r\n" + CLOSE + b"\r\n")
                self.assertEqual(len(statuses(answer)), 1, segment)
                self.assertLess(statuses(answer)[0], 500, segment)
            with self.subTest(segment):
                self.check_flood(f"paths of 8 000 x {segment}", act, settings=WIDE)

    def test_globs_that_backtrack(self):
        """The logger matches them; it is one for all."""
        pattern = "/*a*a*a*a*a*a*a*a*a*a*b"
        target = b"/" + b"a" * 8_000
        log = (f"access: [{{file: FOLDER/access.log, format: '%>s', when: {{path: ['{pattern}', '/?*']}}}}]\n"
               "error: [{file: FOLDER/error.log, level: debug}]")
        ask = self.asking(b"GET " + target + b" HTTP/1.1\r\n" + CLOSE + b"\r\n", 404)
        with self.daemon(settings=WIDE, log=log) as daemon:
            before = processes.cpu_ticks(daemon.logger())
            for _ in range(100):
                ask(daemon)
            until(lambda: len(daemon.access_lines()) == 100, "100 lines")
            ticks = processes.cpu_ticks(daemon.logger()) - before
            beside.say(f"100 paths of 8 000 bytes against {pattern}: {ticks * 10} ms of the logger's time")
            self.assertLess(ticks, 300)


if __name__ == "__main__":
    unittest.main(verbosity=2)
