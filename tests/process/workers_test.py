"""Processes that die or hang: nobody else notices."""

import os
import re
import signal
import socket
import tempfile
import time
import unittest
from pathlib import Path

import processes
from clients import Load, curl, get
from harness import DYING, DaemonTest, let_pass, until


class Workers(DaemonTest):
    def test_one_that_is_killed_is_replaced(self):
        with self.daemon() as daemon:
            victim, other = daemon.wait_for_workers(2)
            connections = [daemon.connect() for _ in range(8)]
            with Load(daemon.address) as load:
                os.kill(victim, signal.SIGKILL)
                now = daemon.wait_for_workers(2, but=[victim])
                load.wait(50)
            for connection in connections:
                connection.close()
            self.assertIn(other, now)
            daemon.expect(rf"worker \d+ \(pid {victim}\) was killed by SIGKILL")
            # Only what the victim was in the middle of may be lost: not more than a request of each client.
            self.assertLessEqual(len(load.failures), 4)
            answered = len(load.answers)
            lines = daemon.wait_for_access(answered)
            self.assertLessEqual(len(lines) - answered, len(load.failures))

    def test_one_that_hangs_is_killed_and_replaced(self):
        with self.daemon(settings="workers: {count: 2, watchdog: 1s}") as daemon:
            victim, other = daemon.wait_for_workers(2)
            os.kill(victim, signal.SIGSTOP)
            self.assertIn(other, daemon.wait_for_workers(2, but=[victim]))
            daemon.expect(rf"pid {victim}\) has hung for longer than workers.watchdog \(1000 ms\) and is killed")
            daemon.expect(rf"pid {victim}\) was killed by SIG")
            self.assertEqual(get(daemon.address)[0], 200)

    def test_one_that_hangs_leaves_connections_to_others(self):
        with self.daemon(settings="workers: {count: 2, watchdog: 1h}") as daemon:
            victim, _ = daemon.wait_for_workers(2)
            os.kill(victim, signal.SIGSTOP)
            for _ in range(50):
                self.assertEqual(get(daemon.address)[0], 200)
            os.kill(victim, signal.SIGCONT)

    def test_those_that_die_at_once_make_the_daemon_give_up(self):
        with self.daemon(workers=5, environment=DYING, exits_with=70) as daemon:
            workers = daemon.wait_for_workers(5)
            daemon.let_workers_die()
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            daemon.wait()
            daemon.tolerate("")
            text = "\n".join(daemon.error_lines())
            delays = [int(ms) for ms in re.findall(r"the next one starts in (\d+) ms", text)]
            self.assertGreaterEqual(len(delays), 3)
            self.assertEqual(delays, sorted(set(delays)))
            self.assertIn("exited with 1 before it was ready", text)
            self.assertIn("gave up", text)
            self.assertIn("gave up", daemon.output)

    def test_a_root_that_went_away_costs_nothing_but_itself(self):
        """A worker that starts without it serves the others."""
        other = Path(self.enterContext(tempfile.TemporaryDirectory()))
        other.chmod(0o755)
        (other / "page").write_text("there")
        with self.daemon(site=f"routes: [{{path: /other/, handler: files, root: {other}}}]") as daemon:
            workers = daemon.wait_for_workers(2)
            daemon.root.rename(daemon.folder / "away")
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            daemon.wait_for_workers(2, but=workers)
            said, = daemon.expect(r"root .*/root: open: No such file or directory; what is asked for there is refused")
            self.assertEqual(get(daemon.address, "/")[0], 404)
            self.assertEqual(get(daemon.address, "/index.html")[0], 404)
            self.assertEqual(curl(daemon.url("/other/page")).body, b"there")
            daemon.tolerate("SIGKILL|crashed within a second|code 404|No such file|does not exist")
            daemon.reload("refused")
            self.assertEqual(curl(daemon.url("/other/page")).body, b"there")
            (daemon.folder / "away").rename(daemon.root)
            without = daemon.workers()
            daemon.reload()
            daemon.wait_for_workers(2, but=without)
            self.assertEqual(get(daemon.address, "/")[0], 200)

    def test_a_root_that_workers_may_no_longer_enter(self):
        with self.daemon() as daemon:
            workers = daemon.wait_for_workers(2)
            daemon.root.chmod(0o700)
            daemon.folder.chmod(0o700)
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            daemon.wait_for_workers(2, but=workers)
            daemon.expect(r"root .*/root: open: Permission denied")
            self.assertEqual(get(daemon.address, "/")[0], 403)
            daemon.tolerate("SIGKILL|crashed within a second|code 403|Permission denied")

    def test_they_leave_when_the_master_is_killed(self):
        with self.daemon(exits_with=-signal.SIGKILL) as daemon:
            children = processes.children(daemon.pid)
            self.assertEqual(len(children), 3)
            connection = daemon.connect()
            get(daemon.address)
            daemon.wait_for_access(1)
            os.kill(daemon.pid, signal.SIGKILL)
            daemon.wait()
            until(lambda: all(processes.gone(child) for child in children), "the end of all children")
            processes.reap_orphans()
            connection.close()
            self.assertEqual(len(daemon.access_lines()), 1)
            port = daemon.port
            daemon.socket.close()
            with socket.create_server(("127.0.0.1", port)):
                pass

    def test_a_logger_that_is_killed_is_replaced_without_a_line_lost(self):
        with self.daemon() as daemon:
            with Load(daemon.address, keep_alive=True) as load:
                for _ in range(3):
                    victim = daemon.logger()
                    os.kill(victim, signal.SIGKILL)
                    until(lambda: daemon.logger() != victim, "another logger")
                    load.wait(100)
            daemon.expect("logger .*was killed by SIGKILL")
            self.assertEqual(load.failures, [])
            daemon.wait_for_access(len(load.answers))
            daemon.stop()
            # A batch that was written and not yet marked as such is written again; nothing is written never.
            self.assertGreaterEqual(len(daemon.access_lines()), len(load.answers))
            self.assertLessEqual(len(daemon.access_lines()), len(load.answers) + 3 * 100)

    def test_a_logger_killed_at_the_end(self):
        with self.daemon() as daemon:
            logger = daemon.logger()
            os.kill(logger, signal.SIGSTOP)
            for _ in range(10):
                get(daemon.address)
            daemon.send(signal.SIGTERM)
            daemon.notify.wait("STOPPING=1")
            until(lambda: not daemon.workers(), "the end of the workers")
            os.kill(logger, signal.SIGKILL)
            self.assertEqual(daemon.wait(), 0)
            self.assertEqual(len(daemon.access_lines()), 10)
            daemon.expect("logger .*was killed by SIGKILL")

    def test_descriptors(self):
        limits = "limits: {connections: 20}"
        with self.daemon(workers=1, settings=limits) as daemon:
            (worker,) = daemon.wait_for_workers(1)
            before = processes.descriptors(worker)
            for _ in range(30):
                get(daemon.address)
                get(daemon.address, "/missing")
            until(lambda: processes.descriptors(worker) == before, "as many descriptors as before")
            daemon.tolerate("all 20 are taken")  # where the requests are slower than the connections
            connections = [daemon.connect() for _ in range(60)]
            answers = []
            for connection in connections:
                connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            for connection in connections:
                answers.append(connection.recv(100)[:12])
                connection.close()
            self.assertEqual(answers, [b"HTTP/1.1 200"] * 60)
            until(lambda: processes.descriptors(worker) == before, "as many descriptors as before")

    def test_more_descriptors_than_the_shell_allows(self):
        with self.daemon(workers=1, ulimit="-Sn 64") as daemon:
            connections = [daemon.connect() for _ in range(200)]
            self.assertEqual(get(daemon.address)[0], 200)
            for connection in connections:
                connection.close()

    def test_no_descriptor_left_to_accept_with(self):
        with self.daemon(workers=1, ulimit="-n 40") as daemon:
            (worker,) = daemon.wait_for_workers(1)
            connections = [daemon.connect() for _ in range(60)]
            for connection in connections:
                connection.sendall(b"GET /mis")
            daemon.expect("the limit of open files leaves room for [0-9]+ connections, all are taken and none is idle")
            used = processes.cpu_ticks(worker)
            for connection in connections:
                connection.sendall(b"sing HTTP/1.0\r\n\r\n")
            for connection in connections:
                self.assertEqual(connection.recv(100)[:5], b"HTTP/")
                connection.close()
            self.assertLess(processes.cpu_ticks(worker) - used, 50, "it waited busily")

    def test_a_machine_that_stood_still(self):
        with self.daemon(settings="workers: {count: 2, watchdog: 1s}") as daemon:
            workers = daemon.wait_for_workers(2)
            everybody = [daemon.pid, *workers, daemon.logger()]
            for pid in everybody:
                os.kill(pid, signal.SIGSTOP)
            let_pass(3)
            for pid in everybody:
                os.kill(pid, signal.SIGCONT)
            since = len(daemon.notify.messages)
            daemon.notify.wait("STATUS=", since)
            self.assertEqual(daemon.workers(), workers)


class WatchdogOfTheServiceManager(DaemonTest):
    def watchdog_messages(self, daemon, since):
        return [text for text in daemon.notify.texts(since) if "WATCHDOG=1" in text]

    def test_it_is_served_while_a_worker_lives_and_withheld_when_all_hang(self):
        interval = {"WATCHDOG_USEC": "1500000"}
        with self.daemon(settings="workers: {count: 2, watchdog: 1h}", environment=interval) as daemon:
            daemon.notify.wait("WATCHDOG=1")
            one, other = daemon.wait_for_workers(2)
            os.kill(one, signal.SIGSTOP)
            since = len(daemon.notify.messages)
            until(lambda: len(self.watchdog_messages(daemon, since)) >= 5, "the watchdog with one worker")
            os.kill(other, signal.SIGSTOP)

            def withheld():
                came = [at for at, text in daemon.notify.messages if "WATCHDOG=1" in text]
                return time.monotonic() - came[-1] > 1.5

            until(withheld, "the watchdog withheld")
            since = len(daemon.notify.messages)
            os.kill(one, signal.SIGCONT)
            daemon.notify.wait("WATCHDOG=1", since)
            os.kill(other, signal.SIGCONT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
