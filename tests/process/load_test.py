"""Many connections and requests: the share of each worker, and a line for every request."""

import re
import subprocess
import unittest

import processes
from clients import idle_connection
from harness import DaemonTest, until


class Load(DaemonTest):
    def test_64_connections_spread_over_two_workers(self):
        with self.daemon(workers=2) as daemon:
            workers = daemon.wait_for_workers(2)
            connections = [idle_connection(daemon.address) for _ in range(64)]
            shares = [processes.connections(worker, daemon.port) for worker in workers]
            for connection in connections:
                connection.close()
            self.assertEqual(sum(shares), 64)
            self.assertLessEqual(max(shares), 64 * 0.6, shares)

    def test_64_connections_at_once_spread_over_two_workers(self):
        with self.daemon(workers=2) as daemon:
            workers = daemon.wait_for_workers(2)
            connections = [daemon.connect() for _ in range(64)]
            shares = until(
                lambda: sum(now := [processes.connections(pid, daemon.port) for pid in workers]) == 64 and now,
                "64 accepted connections",
            )
            for connection in connections:
                connection.close()
            self.assertLessEqual(max(shares), 64 * 0.6, shares)

    def test_100_000_requests_have_a_line_each(self):
        with self.daemon(workers=2) as daemon:
            ran = subprocess.run(
                ["ab", "-q", "-n", "100000", "-k", "-c", "32", daemon.url("/")],
                capture_output=True, text=True, timeout=120, check=True,
            )
            figures = dict(re.findall(r"^([A-Z][a-z ]+):\s+(\d+)", ran.stdout, re.M))
            self.assertEqual((figures["Complete requests"], figures["Failed requests"]), ("100000", "0"))
            daemon.wait_for_access(100_000)
            daemon.stop()
            self.assertEqual(len(daemon.access_lines()), 100_000)
            self.assertEqual(set(line.split('"')[1:3][1].split()[0] for line in daemon.access_lines()), {"200"})

    def test_the_counters_say_the_same(self):
        with self.daemon(workers=2) as daemon:
            subprocess.run(["ab", "-q", "-n", "2000", "-k", "-c", "8", daemon.url("/")], capture_output=True, check=True)
            daemon.wait_for_access(2000)
            self.assertRegex(daemon.reload(), r" 2000 requests \(.*/s\), 0 answered 5xx \(0\.0/s\), 0 log lines lost")


if __name__ == "__main__":
    unittest.main(verbosity=2)
