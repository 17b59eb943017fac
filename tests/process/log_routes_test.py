"""Which log a line goes to, and what it says there."""

import os
import signal
import socket
import unittest

from clients import get
from harness import DaemonTest, until


def lines_of(path):
    """The lines of a log that may not be there."""
    return path.read_text().splitlines() if path.exists() else []


def send(address, request):
    """Sends bytes that need not be a request, and reads all that comes."""
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass


class When(DaemonTest):
    LOG = """
access:
  - {file: FOLDER/access.log, format: "%>s %U"}
  - {file: FOLDER/chosen.log, format: "%>s %U", when: WHEN}
error: [{file: FOLDER/error.log, level: debug}]
"""

    def chosen(self, when, requests):
        """The lines of a log with that condition after all of the requests, which are bytes or targets."""
        with self.daemon(workers=1, log=self.LOG.replace("WHEN", when)) as daemon:
            for request in requests:
                if isinstance(request, bytes):
                    send(daemon.address, request)
                else:
                    get(daemon.address, request)
            daemon.wait_for_access(len(requests))
            daemon.stop()
            return lines_of(daemon.folder / "chosen.log")

    REQUESTS = ["/", "/api/x", "/api/health", "/a%70i/%79", b"\x16\x03\x01 no request\r\n\r\n", b"GET /api/x HTTP/1.1\r\nHost: a b\r\n\r\n"]

    def test_path(self):
        self.assertEqual(self.chosen('{path: ["/api/*", "!/api/health"]}', self.REQUESTS),
                         ["404 /api/x", "404 /a%70i/%79", "400 /api/x"])

    def test_status(self):
        self.assertEqual(self.chosen("{status: [2xx, 400]}", self.REQUESTS), ["200 /", "400 -", "400 /api/x"])

    def test_slower(self):
        self.assertEqual(self.chosen("{slower: 1h}", self.REQUESTS), [])

    def test_a_reload_changes_it(self):
        with self.daemon(workers=1, log=self.LOG.replace("WHEN", "{status: 404}")) as daemon:
            get(daemon.address, "/none")
            daemon.wait_for_access(1)
            daemon.configure(1, log=self.LOG.replace("WHEN", "{status: 200}"))
            daemon.reload()
            daemon.expect(r"log.access\[1\].when.status\[0\]: 404 -> 200")
            get(daemon.address, "/gone")
            get(daemon.address, "/")
            daemon.stop()
            self.assertEqual(lines_of(daemon.folder / "chosen.log"), ["404 /none", "200 /"])

    def test_a_sample_is_counted_through_the_death_of_loggers(self):
        when = '{path: "/s/*", sample: 10}'
        with self.daemon(workers=1, log=self.LOG.replace("WHEN", when)) as daemon:
            daemon.tolerate(r"logger \(pid \d+\) was killed by SIGKILL; another takes over")
            for i in range(100):
                get(daemon.address, f"/s/{i}")
                get(daemon.address, "/other")
                if i % 9 == 0:
                    daemon.wait_for_access(2 * (i + 1))
                    logger = daemon.logger()
                    os.kill(logger, signal.SIGKILL)
                    until(lambda: daemon.logger() != logger, "another logger")
            daemon.stop()
            self.assertEqual(lines_of(daemon.folder / "chosen.log"), [f"404 /s/{i}" for i in range(0, 100, 10)])


class Repeats(DaemonTest):
    def test_they_are_folded(self):
        with self.daemon(workers=1) as daemon:
            for _ in range(20):
                get(daemon.address, "/missing")
            get(daemon.address, "/other")
            lines = daemon.expect(r"repeated 19 times")
            self.assertRegex(lines[0], r'127\.0\.0\.1: code 404, .* \(repeated 19 times\), id [0-9a-f]{8}-14-1$')
            told = [line for line in daemon.error_lines() if "/missing" in line]
            self.assertEqual(len(told), 2, told)
            self.assertRegex(told[0], r'request .*"GET /missing HTTP/1.1.*", id [0-9a-f]{8}-1-1$')


if __name__ == "__main__":
    unittest.main()
