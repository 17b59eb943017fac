"""What a request costs in system calls: counted by strace(1) on a worker."""

import re
import shutil
import socket
import subprocess
import unittest
from pathlib import Path

import processes
from harness import DaemonTest

# A file that nobody has just written: one that was is looked at again a second later, whatever `valid` says, and
# ctime cannot be set back.
FILE = Path("/usr/lib/os-release")
SETTINGS = f"file_cache: {{valid: 1h}}\nsites: [{{root: {FILE.parent}}}]"

LARGE = Path(shutil.which("strace")).resolve()  # more than is kept in memory

REQUESTS = 2000
REQUEST = f"GET /{FILE.name} HTTP/1.1\r\nHost: x\r\nUser-Agent: cost\r\nAccept-Encoding: gzip, br\r\n\r\n".encode()


class Cost(DaemonTest):
    def count(self, daemon, request=REQUEST, content=FILE.read_bytes()):
        """System calls of the one worker by name, for REQUESTS requests on one connection, each answered by `content`."""
        worker = daemon.wait_for_workers(1)[0]
        report = daemon.folder / "strace"
        with socket.create_connection(daemon.address) as connection:
            ask(connection, request, content)
            strace = subprocess.Popen(["strace", "-f", "-c", "-o", str(report), "-p", str(worker)],
                                      stderr=subprocess.PIPE, text=True)
            line = strace.stderr.readline()
            if "attached" not in line:
                strace.wait()
                self.skipTest("no right to trace: " + line.strip())
            for _ in range(REQUESTS):
                ask(connection, request, content)
            strace.send_signal(2)
            strace.communicate()
        counts = {}
        for row in report.read_text().splitlines():
            fields = row.split()
            if fields and re.fullmatch(r"[a-z_0-9]+", fields[-1]) and fields[-1] != "total" and fields[0][0].isdigit():
                counts[fields[-1]] = int(fields[3])
        print(f"{REQUESTS} requests: {counts}", flush=True)
        return counts

    def test_a_file_from_the_cache(self):
        with self.daemon(workers=1, settings=SETTINGS) as daemon:
            counts = self.count(daemon)
            self.assertNotIn("openat2", counts)
            spare = REQUESTS // 4  # heartbeats and the like, which come with time: less than one call more a request
            self.assertLessEqual(counts.pop("recvfrom"), REQUESTS + spare)
            self.assertLessEqual(counts.pop("sendmsg"), REQUESTS + spare)
            self.assertLessEqual(counts.pop("epoll_wait"), REQUESTS + spare)  # one connection: none to share it with
            # What is left wakes the logger when it sleeps, and it does not while there is something to log.
            self.assertLessEqual(sum(counts.values()), spare, counts)

    def test_a_small_range_of_a_large_file(self):
        """Looked at once, after the one read."""
        request = f"GET /{LARGE.name} HTTP/1.1\r\nHost: x\r\nRange: bytes=1000-2023\r\n\r\n".encode()
        settings = SETTINGS.replace(str(FILE.parent), str(LARGE.parent))
        with self.daemon(workers=1, settings=settings) as daemon:
            counts = self.count(daemon, request, LARGE.read_bytes()[1000:2024])
            spare = REQUESTS // 4
            self.assertLessEqual(counts["pread64"], REQUESTS + spare)
            self.assertLessEqual(counts.get("fstat", 0) + counts.get("newfstatat", 0), REQUESTS + spare)
            self.assertLessEqual(counts["sendmsg"], REQUESTS + spare)
            self.assertNotIn("sendfile", counts)

    def test_pipelined_requests_share_more(self):
        with self.daemon(workers=1, settings=SETTINGS) as daemon:
            counts = self.count(daemon, REQUEST * 8)
            self.assertLessEqual(counts["recvfrom"], 2 * REQUESTS)
            self.assertLessEqual(counts["sendmsg"], 8 * REQUESTS + 8)
            self.assertNotIn("openat2", counts)


class Cookies(DaemonTest):
    """A line of 31 KB of cookies is looked through once, however many of them the log shows."""
    ROUNDS = 3

    def ticks(self, cookies, requests=400):
        """The worker's CPU time for so many requests with that line, of whose cookies so many are logged; the least of a few
        rounds, since a loaded machine only ever adds to it."""
        names = " ".join(f"%{{name{number}}}C" for number in range(cookies))
        content = FILE.read_bytes()
        request = REQUEST[:-2] + b"Cookie: " + b";" * 31_000 + b"\r\n\r\n"
        with self.daemon(workers=1, settings=SETTINGS, access_format=f"%>s {names}") as daemon:
            worker, = daemon.wait_for_workers(1)
            with socket.create_connection(daemon.address) as connection:
                def once():
                    before = processes.cpu_ticks(worker)
                    for _ in range(requests):
                        ask(connection, request, content)
                    return processes.cpu_ticks(worker) - before
                return min(once() for _ in range(self.ROUNDS))

    def test_many_cookies_in_the_log_cost_little_more_than_one(self):
        one, many = self.ticks(1), self.ticks(32)
        print(f"ticks for one cookie {one}, for 32 {many}", flush=True)
        self.assertLess(many, 4 * one + 4)  # with a walk for each cookie, it was 32 times


def ask(connection, request, content):
    connection.sendall(request)
    wanted = request.count(b"\r\n\r\n")
    got = b""
    while got.count(content) < wanted:
        part = connection.recv(65536)
        if not part:
            raise AssertionError("the connection was closed")
        got += part


if __name__ == "__main__":
    unittest.main(verbosity=2)
