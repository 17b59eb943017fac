"""A worker that somebody has taken over writes whatever it can into the memory that processes share, while others
serve: it can cost itself, and nobody else."""

import os
import re
import signal
import threading
import unittest

import processes
from clients import get
from harness import DaemonTest, let_pass, until

CAPTURED = {"LD_PRELOAD": os.environ.get("CAPTURED", "")}
LINE = re.compile(r'^(\d+) \S+ - - \[[^]]+\] "[^\x00-\x1f\x7f]*" \S+ \S+ (\S+)$')  # a pid in front, how it ended behind

REFUSED = "writes to its log ring what makes no sense, and is killed"


class Load(threading.Thread):
    """Asks for /good until the block ends; `answered` of the requests came to an answer."""

    def __init__(self, daemon):
        super().__init__()
        self.daemon_address, self.answered, self.over = daemon.address, 0, threading.Event()

    def run(self):
        while not self.over.is_set():
            try:
                self.answered += get(self.daemon_address, "/good")[0] == 200
            except OSError:
                pass  # of the captured worker

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


class Captured(DaemonTest):
    def attack(self, names, dies=False, workers=3):
        """Has one worker after the other act; what all of that must leave as it was."""
        with self.daemon(workers="{count: %d, crash_limit: 0, watchdog: 2s}" % workers, environment=CAPTURED,
                         log="access: [{file: FOLDER/access.log, format: '%P %h %l %u %t \"%r\" %>s %b good'}]\n"
                             "error: [{file: FOLDER/error.log, level: debug}]") as daemon:
            daemon.write("good", "good\n")
            daemon.tolerate("")
            daemon.wait_for_workers(workers)
            logger = daemon.logger()
            with Load(daemon) as load:
                for name in names:
                    daemon.wait_for_workers(workers)
                    before = len([line for line in daemon.error_lines() if self.is_end(line)])
                    try:
                        get(daemon.address, f"/captured-{name}")
                    except OSError:
                        pass
                    if dies:
                        until(lambda: len([l for l in daemon.error_lines() if self.is_end(l)]) > before, f"end of {name}")
                answered = load.answered
                until(lambda: load.answered > answered + 20, "answers after it all")
            daemon.wait_for_workers(workers)
            self.assertEqual(daemon.logger(), logger)
            self.assertIsNone(daemon.process.poll())
            lines = [line for line in daemon.error_lines() if self.is_end(line)]
            self.assertFalse([line for line in lines if "exit" in line and "99" in line], "a write that must fail")
            self.check_logs(daemon, logger)
            busy = [processes.cpu_ticks(pid) for pid in (daemon.pid, logger)]
            let_pass(1)
            idle = [processes.cpu_ticks(pid) - before for pid, before in zip((daemon.pid, logger), busy)]
            self.assertLess(max(idle), os.sysconf("SC_CLK_TCK") / 2, "master or logger spins")
            killed = len([line for line in daemon.error_lines() if "it is broken or somebody" in line])
            print(f"    {load.answered} good answers beside; {killed} workers were found out", flush=True)
            return daemon.error_lines()

    @staticmethod
    def is_end(line):
        return re.search(r"worker \d+ \(pid \d+\) (was killed|exited)", line)

    def check_logs(self, daemon, logger):
        for log in (daemon.access_log, daemon.error_log):
            self.assertNotRegex(log.read_bytes(), rb"[\x00-\x09\x0b-\x1f\x7f]")
        for line in daemon.error_lines():
            self.assertRegex(line, r"^\d{4}-\S+ \[\w+\] (master|logger|worker \d+)(, \S+)?: ")
        pids = {int(re.match(r"\d+", line)[0]) for line in daemon.access_lines()}
        self.assertFalse(pids & {0, daemon.pid, logger}, "lines in another's name")

    def test_noise_over_its_slot_and_ring(self):
        self.attack(["noise"] * 3 + ["noise-die"] * 3)

    def test_heads_at_every_edge(self):
        lines = self.attack([f"head-{i}" for i in range(11)])
        self.assertTrue([line for line in lines if REFUSED in line])

    def test_records_of_every_size(self):
        lines = self.attack(["records"] * 4)
        self.assertTrue([line for line in lines if REFUSED in line])

    def test_forged_pids(self):
        lines = self.attack([f"pids-{pid}" for pid in (1, -1, os.getpid())])
        self.assertTrue([line for line in lines if "heartbeat" in line])

    def test_forged_requests(self):
        self.attack(["requests-168430090", "requests-1", "requests--1"], dies=True)  # line feeds throughout

    def test_what_is_not_its_own(self):
        lines = self.attack(["slots", "assignments", "positions"], dies=True)
        killed = [line for line in lines if re.search(r"\) was killed by SIGSEGV", line) and "in the middle" not in line]
        self.assertEqual(len(killed), 3)

    def test_one_that_feigns_to_accept(self):
        with self.daemon(workers=2, environment=CAPTURED) as daemon:
            daemon.wait_for_workers(2)
            captured = daemon.connect()
            captured.sendall(b"GET /captured-feign HTTP/1.1\r\nHost: x\r\n\r\n")
            # Whoever serves these has more than its share by now.
            clients = [daemon.connect() for _ in range(20)]
            for client in clients:
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                client.settimeout(5)
            answered = 0
            for client in clients:
                try:
                    answered += client.recv(4096).startswith(b"HTTP/1.1 200")
                except OSError:
                    pass  # it took that one before it was captured
            late = [daemon.connect() for _ in range(10)]
            for client in late:
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            for client in late:
                self.assertTrue(client.recv(4096).startswith(b"HTTP/1.1 200"))
            print(f"    {answered} of 20, and {len(late)} that came later", flush=True)
            daemon.tolerate("")
            for pid in daemon.workers():
                os.kill(pid, signal.SIGKILL)
            for client in (captured, *clients, *late):
                client.close()

    def test_talk(self):
        lines = self.attack(["talk"], dies=True)
        self.assertTrue([line for line in lines if "sends what no worker sends" in line])


if __name__ == "__main__":
    unittest.main()
