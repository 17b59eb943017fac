"""Requests that workers die of, or stand still in: what is said of them, and what becomes of the others."""

import json
import os
import re
import signal
import time
import unittest

import processes
from clients import curl, get
from harness import FAULT, DaemonTest, until


class Deadly(DaemonTest):
    def deadly(self, **options):
        return self.daemon(environment=FAULT, **options)

    def kill_by(self, daemon, target, but):
        """Asks for what kills; the workers that are there afterwards."""
        self.assertRaises(OSError, get, daemon.address, target)
        return daemon.wait_for_workers(len(but), but=[pid for pid in but if processes.gone(pid)])

    def test_a_crash_leaves_its_stack_and_names_what_was_executed(self):
        with self.deadly(workers=1, access_format="json") as daemon:
            with daemon.write("big").open("wb") as file:
                file.truncate(1 << 30)
            worker, = daemon.wait_for_workers(1)
            with daemon.connect() as other:
                other.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
                other.recv(1000)
                self.kill_by(daemon, "/fault-SEGV?q=1", [worker])
            stack, = daemon.expect(r"worker 1: SIGSEGV at 0x10; the stack")
            self.assertRegex(stack, r"\[critical\].* basehttpd\+0x[0-9a-f]+ basehttpd\+0x")
            self.assertRegex(stack, r" libfault\.so\+0x")
            daemon.expect(r"was killed by SIGSEGV.* with 2 requests in flight")
            first, second = daemon.expect(r"was killed by SIGSEGV.* in the middle of")
            self.assertIn("/fault-SEGV?q=1", first)
            self.assertIn("which it was working on", first)
            self.assertIn("/big", second)
            self.assertNotIn("which it was working on", second)
            lines = [json.loads(line) for line in daemon.wait_for_access(2)]
            self.assertEqual(sorted(line["request"] for line in lines),
                             ["GET /big HTTP/1.1", "GET /fault-SEGV?q=1 HTTP/1.1"])
            for line in lines:
                self.assertEqual((line["ended"], line["signal"], line["status"]), ("worker_died", "SIGSEGV", None))
                self.assertIn(line["request_id"], first + second)

    def test_one_that_stands_still_is_replaced_in_time(self):
        with self.deadly(workers="{count: 1, watchdog: 1s}") as daemon:
            worker, = daemon.wait_for_workers(1)
            began = time.monotonic()
            self.kill_by(daemon, "/fault-hang", [worker])
            print(f"    replaced {time.monotonic() - began:.2f} s after it stood still (watchdog: 1s)", flush=True)
            line, = daemon.expect(r"has hung for longer than workers.watchdog \(1000 ms\) and is killed, working on")
            self.assertIn("/fault-hang", line)
            daemon.expect(r"worker 1: SIGABRT, sent by process \d+; the stack")
            daemon.expect(r"was killed by SIGABRT.* in the middle of .*fault-hang")
            daemon.expect(r"was killed by SIGABRT.* with a request")

    def test_what_kills_again_and_again_is_not_served_for_a_while(self):
        for fault in ("SEGV", "ABRT"):
            with self.subTest(fault), self.deadly(workers="{count: 2, poison_limit: 2}", control=True) as daemon:
                workers = daemon.wait_for_workers(2)
                for query in range(2):
                    workers = self.kill_by(daemon, f"/fault-{fault}?{query}", workers)
                said, = daemon.expect(r"\[critical\].* 2 workers have crashed on .* within a minute: it is answered 503")
                self.assertIn(f"GET /fault-{fault}?1 HTTP/1.1", said)
                for _ in range(3):
                    answer = curl(daemon.url(f"/fault-{fault}"))
                    self.assertEqual(answer.status, 503)
                    self.assertLessEqual(int(answer.fields["retry-after"]), 300)
                    self.assertGreater(int(answer.fields["retry-after"]), 200)
                daemon.tolerate("code 503|SIG|crashed within a second")
                self.assertEqual(daemon.workers(), workers)
                self.assertEqual(curl(daemon.url("/")).status, 200)
                self.assertEqual(curl(daemon.url(f"/fault-{fault}"), "-H", "Host: other", "-I").status, 0)
                daemon.wait_for_workers(2)
                daemon.reload()
                self.assertEqual(curl(daemon.url(f"/fault-{fault}")).status, 0)

    def test_a_limit_of_0_keeps_nothing_away(self):
        with self.deadly(workers="{count: 1, poison_limit: 0}") as daemon:
            workers = daemon.wait_for_workers(1)
            for _ in range(5):
                workers = self.kill_by(daemon, "/fault-SEGV", workers)
            daemon.tolerate("SIGSEGV|crashed within a second")
            self.assertEqual([line for line in daemon.error_lines() if "have crashed on" in line], [])

    def test_a_kill_from_outside_is_not_the_requests_fault(self):
        """Whoever sends SIGKILL, an operator or the kernel, means the process."""
        with self.deadly(workers="{count: 2, poison_limit: 2}", settings="shutdown_timeout: 1s") as daemon:
            workers = daemon.wait_for_workers(2)
            blamed = []
            while len(blamed) < 4:  # one may be hit before it has read the request
                with daemon.connect() as waiting:
                    waiting.sendall(b"GET /fault-hang HTTP/1.1\r\nHost: x\r\n\r\n")
                    busy, = until(lambda: [pid for pid in workers if processes.state(pid) == "R"
                                           and processes.connections(pid, daemon.port)], "a worker at work on it")
                    os.kill(busy, signal.SIGKILL)
                    workers = daemon.wait_for_workers(2, but=[busy])
                said = "\n".join(daemon.expect(rf"pid {busy}\) was killed by SIGKILL"))
                blamed += re.findall("in the middle of .*fault-hang.*, which it was working on", said)
            daemon.tolerate("SIGKILL|crashed within a second")
            self.assertEqual([line for line in daemon.error_lines() if "[critical]" in line], [])

    def test_one_that_stands_still_again_and_again_is_not_served_for_a_while(self):
        with self.deadly(workers="{count: 1, poison_limit: 2, watchdog: 1s}") as daemon:
            workers = daemon.wait_for_workers(1)
            for _ in range(2):
                workers = self.kill_by(daemon, "/fault-hang", workers)
            daemon.expect(r"\[critical\].* 2 workers have crashed on .*fault-hang")
            daemon.tolerate("has hung|SIGABRT|crashed within a second|code 503")
            self.assertEqual(curl(daemon.url("/fault-hang")).status, 503)

    def test_requests_that_only_were_under_way_are_not_blamed(self):
        with self.deadly(workers="{count: 1, poison_limit: 2}") as daemon:
            with daemon.write("big").open("wb") as file:
                file.truncate(1 << 30)
            workers = daemon.wait_for_workers(1)
            for number in range(2):
                with daemon.connect() as other:
                    other.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
                    other.recv(1000)
                    workers = self.kill_by(daemon, f"/fault-SEGV-{number}", workers)
            daemon.tolerate("SIGSEGV|crashed within a second")
            self.assertEqual(curl(daemon.url("/big"), "-I", "-H", "Host: x").status, 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
