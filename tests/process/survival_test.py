"""The death of all processes at once: what was on its way to the logs is there after the next start."""

import os
import re
import shutil
import signal
import socket
import subprocess
import unittest

import processes
from clients import BASEHTTPCTL, get
from harness import DEADLINE, free_port, until
from service_manager import ServiceManager


class Survival(unittest.TestCase):
    def setUp(self):
        self.manager = ServiceManager()
        self.addCleanup(processes.reap_orphans)
        self.addCleanup(shutil.rmtree, self.manager.folder)
        self.addCleanup(self.manager.close)
        self.folder = self.manager.folder
        self.address = ("127.0.0.1", free_port())
        (self.folder / "index.html").write_text("hello")
        self.file = self.folder / "c.yaml"
        self.access, self.errors = self.folder / "access.log", self.folder / "error.log"
        self.configure()

    def configure(self, log="", workers=2):
        user = "user: nobody\n" if os.geteuid() == 0 else ""
        self.file.write_text(
            f"listen: {self.address[0]}:{self.address[1]}\n{user}control: none\nworkers: {{count: {workers}}}\n"
            f"log: {{access: [{{file: {self.access}, format: json}}], error: [{{file: {self.errors}}}]{log}}}\n"
            f"sites: [{{root: {self.folder}}}]\n")

    def start(self):
        daemon = self.manager.start(self.file)
        self.addCleanup(lambda: daemon.poll() is None and daemon.kill())
        until(lambda: len(processes.children_titled(daemon.pid, "basehttpd: worker")) == 2, "two workers")
        return daemon

    def stop(self, daemon):
        daemon.terminate()
        daemon.communicate(timeout=DEADLINE)
        self.assertEqual(daemon.returncode, 0)
        self.assertEqual([name for name in self.manager.store if name.startswith("log-")], [], "a stop loses nothing")

    def kill_all(self, daemon):
        """As a machine that is out of memory would, or `systemctl kill`."""
        os.kill(daemon.pid, signal.SIGSTOP)
        children = processes.children(daemon.pid)
        for pid in [*children, daemon.pid]:
            os.kill(pid, signal.SIGKILL)
        daemon.communicate(timeout=DEADLINE)
        until(lambda: all(processes.gone(pid) for pid in children), "the end of all")
        processes.reap_orphans()

    def stop_logger(self, daemon):
        (logger,) = processes.children_titled(daemon.pid, "basehttpd: logger")
        os.kill(logger, signal.SIGSTOP)
        until(lambda: processes.state(logger) == "T", "a logger that stands still")

    def ask(self, numbers):
        for number in numbers:
            self.assertEqual(get(self.address, f"/?{number}")[0], 200)

    def numbers(self):
        return re.findall(r'"/\?(\d+)', self.access.read_text()) if self.access.exists() else []

    def test_lines_in_the_rings(self):
        daemon = self.start()
        self.ask(range(5))
        until(lambda: len(self.numbers()) == 5, "the first lines")
        self.stop_logger(daemon)
        self.ask(range(5, 50))
        self.assertEqual(len(self.numbers()), 5, "the logger stands still")
        with socket.create_connection(self.address, timeout=DEADLINE) as unfinished:
            unfinished.sendall(b"GET /unfinished HTTP/1.1\r\nHost: x\r\n")
            self.ask(range(50, 52))
            self.kill_all(daemon)
        daemon = self.start()
        until(lambda: len(self.numbers()) >= 52, "the lines that were in the rings")
        self.ask(range(52, 60))
        self.stop(daemon)
        self.assertEqual(sorted(map(int, self.numbers())), list(range(60)), "each line once")
        told = self.errors.read_text()
        self.assertIn("all processes of an earlier instance had been killed, 2 workers among them", told)
        self.assertRegex(told, r'was killed by SIGKILL in the middle of ."GET /unfinished HTTP/1.1')
        verified = subprocess.run([BASEHTTPCTL, "logs", "verify", self.access], capture_output=True, text=True, check=False)
        self.assertRegex(verified.stdout, r"^\d+ lines, 0 missing, 0 doubled, 0 torn, 0 out of order")

    def test_killed_again_and_again(self):
        number = 0
        for _ in range(3):
            daemon = self.start()
            self.stop_logger(daemon)
            self.ask(range(number, number + 10))
            number += 10
            self.kill_all(daemon)
        self.stop(self.start())
        self.assertEqual(sorted(map(int, self.numbers())), list(range(number)))

    def test_a_log_that_is_no_more(self):
        """Lines of the rings go where lines go now; those that waited for the old log are told of."""
        log, self.access = self.access, "/dev/full"
        self.configure()
        daemon = self.start()
        self.ask(range(3))
        until(lambda: "/dev/full" in self.errors.read_text(), "a log that takes nothing")
        self.stop_logger(daemon)
        self.ask(range(3, 5))
        self.kill_all(daemon)
        self.access = log
        self.configure()
        self.stop(self.start())
        self.assertEqual(sorted(map(int, self.numbers())), [3, 4])
        self.assertIn("3 log lines for /dev/full are lost: it accepted none and is no longer configured", self.errors.read_text())

    def test_larger_than_before(self):
        """A scoreboard that is too small for the configuration cannot be gone on with."""
        daemon = self.start()
        self.stop_logger(daemon)
        self.ask(range(3))
        self.kill_all(daemon)
        self.configure(workers=17)
        daemon = self.manager.start(self.file)
        self.addCleanup(lambda: daemon.poll() is None and daemon.kill())
        until(lambda: "its last log lines are lost" in self.errors.read_text(), "word of it")
        self.ask(range(3, 5))
        self.stop(daemon)
        self.assertEqual(sorted(map(int, self.numbers())), [3, 4])

    def test_not_wanted(self):
        self.configure(", survive: false")
        daemon = self.start()
        self.assertEqual([name for name in self.manager.store if name.startswith("log-")], [])
        self.stop(daemon)


if __name__ == "__main__":
    unittest.main()
