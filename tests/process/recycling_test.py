"""Workers that are used up, that die in the middle of a request, and how often they may."""

import os
import re
import signal
import subprocess
import tempfile
import unittest

import processes
from clients import Load, curl, get
from harness import BASEHTTPD, DYING, FAULT, DaemonTest, free_port, until


class Recycling(DaemonTest):
    def test_max_requests_replaces_workers_under_load_without_a_failure(self):
        with self.daemon(settings="workers: {count: 2, max_requests: 200}") as daemon:
            first = daemon.wait_for_workers(2)
            with Load(daemon.address) as load:
                until(lambda: not set(first) & set(daemon.workers()), "two workers replaced")
                load.wait(50)
            self.assertEqual(load.failures, [])
            daemon.expect(r"worker \d+ \(pid \d+\) has answered \d+ requests and is replaced")
            said = [int(n) for n in re.findall(r"has answered (\d+) requests", "\n".join(daemon.error_lines()))]
            self.assertGreaterEqual(min(said), 200)
            daemon.wait_for_workers(2, but=first)

    def test_a_busy_worker_is_not_let_go_far_beyond_its_limit(self):
        with self.daemon(settings="workers: {count: 2, max_requests: 300}") as daemon:
            with Load(daemon.address) as load:
                daemon.wait_for_workers(2)
                until(lambda: daemon.error_log.read_text().count("and is replaced") >= 12, "twelve workers replaced")
            self.assertEqual(load.failures, [])
            daemon.expect("and is replaced")

    def test_kills_from_outside_never_end_the_daemon(self):
        with self.daemon(settings="workers: {count: 2, crash_limit: 3}") as daemon:
            gone = set()
            for _ in range(15):
                worker = daemon.wait_for_workers(2, but=gone)[0]
                gone.add(worker)
                os.kill(worker, signal.SIGKILL)
            daemon.wait_for_workers(2, but=gone)
            daemon.expect("was killed by SIGKILL")
            self.assertEqual(get(daemon.address)[0], 200)

    def test_one_at_a_time_and_the_new_one_first(self):
        with self.daemon(settings="workers: {count: 2, max_requests: 50}") as daemon:
            seen = set()
            with Load(daemon.address) as load:
                first = daemon.wait_for_workers(2)

                def replaced():
                    # /proc is read one process after the other: what two readings in a row agree on was so.
                    workers = daemon.workers()
                    if workers == daemon.workers():
                        seen.add(len(workers))
                    return seen and not set(first) & set(workers)

                until(replaced, "replacement")
            self.assertEqual(load.failures, [])
            self.assertGreaterEqual(min(seen), 2)

    def test_max_memory_replaces_the_one_that_has_grown(self):
        with self.daemon(settings="workers: {count: 2, max_memory: 32M}", environment=FAULT) as daemon:
            first = daemon.wait_for_workers(2)
            with Load(daemon.address) as load:
                self.assertEqual(get(daemon.address, "/fault-grow")[0], 404)
                grown = re.search(r"pid (\d+)\) has \d+ KiB of private memory, more than workers.max_memory, and is replaced",
                                  daemon.expect("more than workers.max_memory")[0])[1]
                now = daemon.wait_for_workers(2, but=[int(grown)])
                load.wait(50)
            self.assertEqual(load.failures, [])
            self.assertEqual(len(set(now) & set(first)), 1)

    def test_crash_limit_of_two(self):
        with self.daemon(settings="workers: {count: 1, crash_limit: 2}", environment=DYING, exits_with=70) as daemon:
            daemon.let_workers_die()
            os.kill(daemon.wait_for_workers(1)[0], signal.SIGKILL)
            daemon.wait()
            daemon.tolerate("")
            self.assertIn("gave up: 2 workers in a row crashed", "\n".join(daemon.error_lines()))


STACK = r"worker 1: SIG(SEGV|BUS), sent by process \d+; the stack, for addr2line\(1\): "


class Death(DaemonTest):
    def test_the_request_that_a_worker_died_in_is_named(self):
        with self.daemon(workers=1) as daemon:
            with daemon.write("big").open("wb") as file:
                file.truncate(1 << 30)
            worker, = daemon.wait_for_workers(1)
            with daemon.connect() as connection:
                connection.sendall(b"GET /big?x=1 HTTP/1.1\r\nHost: x\r\n\r\n")
                connection.recv(1000)
                os.kill(worker, signal.SIGSEGV)
                daemon.expect(STACK)
                daemon.expect(rf"worker 1 \(pid {worker}\) was killed by SIGSEGV.* with a request in flight")
                line, = daemon.expect(r"was killed by SIGSEGV.* in the middle of")
            self.assertRegex(line, r'GET /big\?x=1 HTTP/1\.1.* for x from 127\.0\.0\.1(, which it was working on)?, id [0-9a-f]{8}-1-1$')
            daemon.wait_for_workers(1, but=[worker])
            self.assertEqual(get(daemon.address)[0], 200)
            died, answered = daemon.wait_for_access(2)
            self.assertRegex(died, r'"GET /big\?x=1 HTTP/1\.1" - - ')
            self.assertRegex(answered, r'"GET / HTTP/1\.1" 200 ')

    def test_all_requests_that_it_was_in_the_middle_of_are_named(self):
        with self.daemon(workers=1) as daemon:
            with daemon.write("big").open("wb") as file:
                file.truncate(1 << 30)
            worker, = daemon.wait_for_workers(1)
            connections = [daemon.connect() for _ in range(30)]
            for number, connection in enumerate(connections):
                connection.sendall(b"GET /big?%d HTTP/1.1\r\nHost: x\r\n\r\n" % number)
                connection.recv(1000)
            with daemon.connect() as answered, answered.makefile("rb") as answer:
                answered.sendall(b"GET / HTTP/1.0\r\n\r\n")
                answer.read()  # to its end: the worker is done with it
            daemon.wait_for_access(1)
            os.kill(worker, signal.SIGBUS)
            daemon.expect(STACK)
            daemon.expect(r"was killed by SIGBUS.* with 30 requests in flight")
            lines = daemon.expect(r"was killed by SIGBUS.* in the middle of")
            for connection in connections:
                connection.close()
            self.assertEqual(len({re.search(r"/big\?(\d+) ", line).group(1) for line in lines}), 20)

    def test_one_that_died_idle_is_blamed_on_no_request(self):
        with self.daemon(workers=1) as daemon:
            self.assertEqual(get(daemon.address)[0], 200)
            daemon.wait_for_access(1)
            os.kill(daemon.wait_for_workers(1)[0], signal.SIGSEGV)
            daemon.expect(STACK)
            line, = daemon.expect(r"was killed by SIGSEGV")
            self.assertNotRegex(line, "in the middle of|in flight")


@unittest.skipUnless(os.geteuid() == 0, "only root can make a process the first one")
class FirstProcess(unittest.TestCase):
    def test_orphans_are_reaped(self):
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            command = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", BASEHTTPD, "serve", folder,
                       "-p", str(port)]
            outer = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                until(lambda: curl(f"http://127.0.0.1:{port}/").status == 200, "an answer")
                master, = processes.children(outer.pid)
                own = set(processes.children(master))
                waits_for, its_end = os.pipe()
                subprocess.run(["nsenter", "-t", str(master), "-p", "-m", "sh", "-c", "exec 3<&0; cat <&3 &"],
                               stdin=waits_for, check=True)
                os.close(waits_for)
                until(lambda: set(processes.children(master)) - own, "an orphan")
                os.close(its_end)
                until(lambda: set(processes.children(master)) == own, "its end")
            finally:
                outer.kill()
                outer.wait()


if __name__ == "__main__":
    unittest.main(verbosity=2)
