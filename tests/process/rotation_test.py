"""The shipped logrotate file, with the real logrotate, under load: no line is lost, none is torn, none comes twice."""

import gzip
import os
import re
import subprocess
import unittest
from pathlib import Path

from clients import BASEHTTPCTL
from counting import Counting, numbers
from harness import DaemonTest, until

SHIPPED = Path(__file__).resolve().parents[2] / "etc/logrotate"
TURNS = 20
SERVICE_USER = ("nobody", "nogroup")
LINE = re.compile(r'127\.0\.0\.1 - - \[[^]]+\] "GET /\?n=\d+ HTTP/1\.1" 200 13 "-" "-"')


class Logrotate:
    """logrotate with the shipped file, its names changed to those of one daemon; `systemctl` is what it finds as that."""

    def __init__(self, daemon, owner=None, compress=True, systemctl="false"):
        self._daemon = daemon
        text = SHIPPED.read_text()
        for shipped, changed in (
            ("/var/log/basehttpd/", f"{daemon.access_log.parent}/"),
            ("/usr/sbin/basehttpctl", f"{BASEHTTPCTL} -s {daemon.folder}/control.sock"),
            ("    su basehttpd basehttpd\n", f"    su {' '.join(owner)}\n" if owner else ""),
            ("    compress\n", "    compress\n" if compress else ""),
            ("rotate 14\n", "rotate 100\n"),
        ):
            assert shipped in text, f"etc/logrotate has no {shipped}"
            text = text.replace(shipped, changed)
        self._file = daemon.folder / "logrotate.conf"
        self._file.write_text(text)
        self._state = daemon.access_log.parent / "logrotate.state"
        programs = daemon.folder / "programs"
        programs.mkdir()
        stand_in = programs / "systemctl"
        stand_in.write_text(f"#!/bin/sh\n{systemctl}\n")
        stand_in.chmod(0o755)
        self._environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}

    def __call__(self, prefix=()):
        return subprocess.run(
            [*prefix, "/usr/sbin/logrotate", "--force", "--state", str(self._state), str(self._file)],
            env=self._environment, capture_output=True, text=True, timeout=60, check=False)


def pieces(daemon):
    """The access log in all its pieces, as texts."""
    for path in daemon.access_log.parent.glob("access.log*"):
        yield gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()


def wait_for_lines(daemon, load, count):
    """Answers come before their lines, and logrotate leaves a log alone that is empty."""
    load.wait(count)
    until(lambda: daemon.access_log.stat().st_size > 0, "lines in the log")


class Rotation(DaemonTest):
    def rotate_under_load(self, daemon, logrotate, prefix=()):
        with Counting(daemon.address) as load:
            wait_for_lines(daemon, load, 50)
            for _ in range(TURNS):
                run = logrotate(prefix)
                self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
                wait_for_lines(daemon, load, 20)
        daemon.stop()
        self.check_pieces(daemon, load)

    def check_pieces(self, daemon, load, count=TURNS + 1):
        texts = list(pieces(daemon))
        self.assertEqual(len(texts), count)
        self.assertTrue(all(text.endswith("\n") for text in texts), "a piece ends in the middle of a line")
        lines = [line for text in texts for line in text.splitlines()]
        self.assertEqual([line for line in lines if not LINE.fullmatch(line)], [])
        self.assertEqual(load.cut_off, set())
        self.assertEqual(numbers(lines), dict.fromkeys(load.answered, 1))

    def test_started_as_root(self):
        for compress in (True, False):
            with self.subTest(compress=compress), self.daemon(control=True, logs="logs") as daemon:
                self.rotate_under_load(daemon, Logrotate(daemon, compress=compress))
                self.assertEqual(len(list(daemon.access_log.parent.glob("access.log.*.gz"))), TURNS if compress else 0)

    @unittest.skipIf(os.geteuid() != 0, "only root can become another user")
    def test_started_as_the_service_user(self):
        for compress in (True, False):
            with self.subTest(compress=compress), self.daemon(control=True, logs="logs", run_as=SERVICE_USER) as daemon:
                self.rotate_under_load(daemon, Logrotate(daemon, SERVICE_USER, compress))
                owners = {path.stat().st_uid for path in daemon.access_log.parent.glob("access.log*")}
                self.assertEqual(owners, {daemon.access_log.parent.stat().st_uid})

    @unittest.skipIf(os.geteuid() != 0, "only root can become another user")
    def test_logrotate_run_by_the_service_user(self):
        with self.daemon(control=True, logs="logs", run_as=SERVICE_USER) as daemon:
            self.rotate_under_load(daemon, Logrotate(daemon), prefix=daemon.as_user(SERVICE_USER))

    def test_without_a_control_socket_the_signal_is_sent_and_nothing_is_compressed(self):
        with self.daemon(logs="logs") as daemon:
            logrotate = Logrotate(daemon, systemctl=f"kill -USR1 {daemon.pid}")
            with Counting(daemon.address) as load:
                wait_for_lines(daemon, load, 50)
                run = logrotate()
                self.assertNotEqual(run.returncode, 0)
                self.assertIn("basehttpctl: ", run.stderr)
                self.assertIn("error running shared postrotate script", run.stderr)
                daemon.expect("the logs were reopened")
                until(lambda: daemon.access_log.stat().st_size > 0, "lines in the new file")
            daemon.stop()
            self.assertTrue(daemon.access_log.with_name("access.log.1").exists())
            self.check_pieces(daemon, load, count=2)

    def test_where_no_daemon_runs_the_logs_are_rotated_all_the_same(self):
        with self.daemon(control=True, logs="logs") as daemon:
            with Counting(daemon.address, count=50) as load:
                load.join()
            daemon.stop()
            run = Logrotate(daemon)()
            self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
            self.assertTrue(daemon.access_log.with_name("access.log.1.gz").exists())
            self.check_pieces(daemon, load, count=1)

    def test_logs_in_subdirectories(self):
        with self.daemon(control=True, logs="logs") as daemon:
            for name in ("site/access.log", "site/access.json"):
                file = daemon.access_log.parent / name
                file.parent.mkdir(exist_ok=True)
                file.write_text("a line\n")
            Logrotate(daemon)()
            rotated = {path.name for path in (daemon.access_log.parent / "site").iterdir()}
            self.assertEqual(rotated, {"access.log.1.gz", "access.json.1.gz"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
