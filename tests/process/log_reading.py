"""`basehttpctl logs` as tests run it: once, or following; and a folder with a log and a configuration that names it."""

import gzip
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from clients import BASEHTTPCTL
from harness import DEADLINE

LINE = '192.0.2.%d - - [25/Nov/2026:10:%02d:00 +0000] "GET /%d HTTP/1.1" %d 100 "-" "agent"\n'


def line(number, status=200):
    return LINE % (number % 250, number % 60, number, status)


def logs(*arguments, code=0, stdin=None, **environment):
    """Standard output and error of `basehttpctl logs`."""
    run = subprocess.run([BASEHTTPCTL, "logs", *map(str, arguments)], input=stdin, capture_output=True, timeout=60,
                         check=False, stdin=None if stdin is not None else subprocess.DEVNULL,
                         env={**os.environ, "TZ": "UTC", **environment})
    assert run.returncode == code, (run.returncode, run.stdout[-2000:], run.stderr[-2000:])
    return run.stdout, run.stderr.decode()


class Following:
    """A `basehttpctl logs -f` whose lines are read one by one."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([BASEHTTPCTL, "logs", "-f", *map(str, arguments)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self._rest = b""

    def read(self, count):
        lines = []
        deadline = time.monotonic() + DEADLINE
        while len(lines) < count:
            if b"\n" in self._rest:
                first, _, self._rest = self._rest.partition(b"\n")
                lines.append(first.decode())
                continue
            ready = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))[0]
            assert ready, f"{len(lines)} lines of {count} came"
            part = os.read(self.process.stdout.fileno(), 65536)
            assert part, self.process.stderr.read()
            self._rest += part
        return lines

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


class LogFiles(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="basehttpd-test-"))
        self.log = self.folder / "access.log"
        self.config = self.folder / "basehttpd.yaml"
        self.config.write_text("log: {access: [{file: access.log}]}\ncontrol: none\nsites: [{root: /tmp}]\n")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def write_pieces(self):
        """Ten lines in each of four pieces; all of them."""
        pieces = ["".join(line(10 * piece + i) for i in range(10)) for piece in range(4)]
        with gzip.open(self.folder / "access.log.3.gz", "wt") as file:
            file.write(pieces[0])
        (self.folder / "access.log.2").write_text(pieces[1])
        subprocess.run(["zstd", "-q", "--rm", self.folder / "access.log.2"], check=True)
        (self.folder / "access.log.1").write_text(pieces[2])
        self.log.write_text(pieces[3])
        return "".join(pieces)

    def write_config(self, text):
        path = self.folder / "other.yaml"
        path.write_text(text + "\ncontrol: none\nsites: [{root: /tmp}]\n")
        return path
