"""The real daemon as a black box: started with a socket that the test has bound, watched through its own NOTIFY_SOCKET,
its logs and /proc, and looked after when it has gone.

    class Serving(DaemonTest):
        def test_index(self):
            with self.daemon() as daemon:
                self.assertEqual(curl(daemon.url("/")).status, 200)

Leaving the block stops the daemon with TERM and fails the test on anything that is left of it, and on each line of the
error log from level warning up that was not expected.
"""

import ctypes
import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import processes
from notify_socket import NotifySocket

BASEHTTPD = os.environ.get("BASEHTTPD", "")
DEADLINE = 20.0

# What tests/process/fault.cc is told: the daemon with it, and one whose workers die at start while FATAL is in its folder.
FAULT = {"LD_PRELOAD": os.environ.get("FAULT", "")}
FATAL = "fatal"
DYING = {**FAULT, "FAULT_START": f"FOLDER/{FATAL}"}

# The service manager passes sockets from descriptor 3 on: these numbers are kept free for them.
FIRST_PASSED = 3
_reserved = [os.open(os.devnull, os.O_RDONLY) for _ in range(8)]

# Orphans of the daemon become children of this process, where check_nothing_left() finds them.
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def until(condition, what, seconds=DEADLINE):
    """Waits for what has no event of its own; the condition's true value."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"in {seconds:.0f} s did not come about: {what}")
        pause.wait(0.01)


def let_pass(seconds):
    """For the few tests of what the passing of time does by itself: all others wait for an event."""
    since = time.monotonic()
    until(lambda: time.monotonic() - since > seconds, "time to pass", seconds + DEADLINE)


def free_port():
    """A TCP port of both loopbacks that nobody else is given: bound, not listening, until the end of the tests. Whoever
    binds it with SO_REUSEADDR, as servers do, gets it."""
    while True:
        holder = _hold(socket.AF_INET, ("127.0.0.1", 0))
        port = holder.getsockname()[1]
        try:
            _held.append(_hold(socket.AF_INET6, ("::1", port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                holder.close()
                continue
        _held.append(holder)
        return port


def _hold(family, address):
    holder = socket.socket(family)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        holder.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    holder.bind(address)
    return holder


_held = []


class Daemon:
    """One run of basehttpd in a folder of its own."""

    def __init__(self, workers=2, settings="", site="", environment=None, user="nobody", ulimit="", control=False, binary=None,
                 logs="", run_as=None, access_format="combined", log="", through=(), listener=None):
        self.folder = Path(tempfile.mkdtemp(prefix="basehttpd-test-"))
        self.folder.chmod(0o755)
        self.root = self.folder / "root"
        self.root.mkdir()
        self.write("index.html", "<p>Hello</p>\n")
        log_folder = self.folder / logs
        log_folder.mkdir(exist_ok=True)
        self.access_log = log_folder / "access.log"
        self.error_log = log_folder / "error.log"
        self._run_as, self._access_format = run_as, access_format
        if run_as:
            shutil.chown(self.folder, *run_as)
            shutil.chown(log_folder, *run_as)
        self.config_file = self.folder / "basehttpd.yaml"
        self.configure(workers, settings, site, user, control=control, log=log)
        self.binary = BASEHTTPD
        if binary is not None:
            self.binary = self.folder / "basehttpd"
            self.install(binary)
        self.notify = NotifySocket()
        self.socket = listener or socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.socket.getsockname()[1]
        self.address = ("127.0.0.1", self.port)
        self._expected = []
        self._through = [str(word).replace("FOLDER", str(self.folder)) for word in through]  # which then executes the daemon
        self.beside = set()  # pids of programs that the test has started itself
        environment = {name: text.replace("FOLDER", str(self.folder)) for name, text in (environment or {}).items()}
        self.start(environment, ulimit)

    def configure(self, workers=2, settings="", site="", user="nobody", root=None, control=False, log=""):
        """Writes the configuration file; `workers` is their number or a map, `settings` are top-level lines, `site`
        those of the default site, `log` those of `log`, in which FOLDER stands for the daemon's."""
        lines = [f"workers: {workers if isinstance(workers, str) else '{count: %d}' % workers}"]
        if "workers:" in settings:
            lines = []
        if os.geteuid() == 0 and not self._run_as:
            lines.append(f"user: {user}")
        lines.append(f"control: {self.folder}/control.sock" if control else "control: none")
        if not log:
            log = (f"access: [{{file: {self.access_log}, format: '{self._access_format}'}}]\n"
                   f"error: [{{file: {self.error_log}, level: debug}}]")
        lines.append("log:")
        lines += ["  " + line for line in log.replace("FOLDER", str(self.folder)).strip("\n").split("\n")]
        if os.geteuid() != 0 and "sandbox:" not in settings:
            lines.append("sandbox: off")  # else nobody but root sees what files its processes have
        if settings:
            lines += settings.strip("\n").split("\n")
        if "sites:" not in settings:
            lines += ["sites:", f"  - root: {root or self.root}"]
            lines += ["    " + line for line in site.strip("\n").split("\n") if line]
        self.config_file.write_text("\n".join(lines) + "\n")

    def start(self, environment, ulimit):
        os.dup2(self.socket.fileno(), FIRST_PASSED)
        script = (f"ulimit {ulimit}; " if ulimit else "") + 'LISTEN_PID=$$; export LISTEN_PID; exec "$@"'
        become = self.as_user(self._run_as) if self._run_as else []
        self.process = subprocess.Popen(
            [*become, "/bin/sh", "-c", script, "sh", *self._through, str(self.binary), "-c",
             str(self.config_file)],
            env={**os.environ, "LISTEN_FDS": "1", "NOTIFY_SOCKET": self.notify.address, **environment},
            pass_fds=[FIRST_PASSED], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        os.dup2(_reserved[-1], FIRST_PASSED)
        self.pid = self.process.pid

    @staticmethod
    def as_user(user_and_group):
        """What a command begins with that another than root runs."""
        user, group = user_and_group
        return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--"]

    def install(self, binary):
        """Puts another binary where the daemon's stands, as a package does: under a new name, then renamed."""
        new = self.folder / "basehttpd.new"
        shutil.copy(binary, new)
        new.rename(self.binary)

    def write(self, name, content=""):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def url(self, target="/"):
        return f"http://127.0.0.1:{self.port}{target}"

    def connect(self):
        return socket.create_connection(self.address, timeout=DEADLINE)

    def send(self, number):
        self.process.send_signal(number)

    def workers(self):
        return processes.children_titled(self.pid, "basehttpd: worker")

    def logger(self):
        return until(lambda: processes.children_titled(self.pid, "basehttpd: logger"), "a logger")[0]

    def serving_workers(self):
        """Those that have opened what they serve."""
        return [pid for pid in self.workers() if "anon_inode:[eventpoll]" in processes.open_files(pid)]

    def wait_for_workers(self, count, but=()):
        """The workers' pids, once there are `count` that serve, and none of `but` among them."""

        def ready():
            now = self.serving_workers()
            return now if len(now) == len(self.workers()) == count and not set(now) & set(but) else None

        return until(ready, f"{count} workers")

    def let_workers_die(self):
        """Those that start from now on die at once, where the daemon runs with DYING."""
        (self.folder / FATAL).touch()

    def access_lines(self):
        return self.access_log.read_text().splitlines() if self.access_log.exists() else []

    def error_lines(self):
        return self.error_log.read_text().splitlines() if self.error_log.exists() else []

    def wait_for_access(self, count):
        """The access log once it has so many lines; one more is an error too."""
        until(lambda: len(self.access_lines()) >= count, f"{count} lines in the access log")
        return self.access_lines()

    def expect(self, pattern):
        """Waits for a line in the error log; it and those like it are no failure."""
        self._expected.append(pattern)
        return until(lambda: [l for l in self.error_lines() if re.search(pattern, l)], f"an error line {pattern}")

    def tolerate(self, pattern):
        self._expected.append(pattern)

    def reload(self, verdict="applied"):
        """HUP, and what READY=1 then says."""
        since = len(self.notify.messages)
        self.send(signal.SIGHUP)
        self.notify.wait("RELOADING=1", since)
        text = self.notify.wait("READY=1", since)
        assert f"last reload {verdict}" in text, text
        return text

    def reload_logs(self):
        """A reload with other logs, up to where the logger with the old ones has left: until then lines go there."""
        logger = self.logger()
        self.reload()
        until(lambda: self.logger() != logger, "a logger with the new logs")

    def wait(self, seconds=DEADLINE):
        """Waits for the end; the exit code, negative for a signal."""
        self.output = self.process.communicate(timeout=seconds)[0].decode()
        return self.process.returncode

    def stop(self, number=signal.SIGTERM, seconds=DEADLINE):
        self.send(number)
        return self.wait(seconds)

    def check_end(self, test, code=0):
        """After the end: the exit code, no unexpected error, nothing left."""
        unexpected = [
            line for line in self.error_lines()
            if re.search(r" \[(warning|error|critical)\] ", line)
            and not any(re.search(pattern, line) for pattern in self._expected)
        ]
        test.assertEqual(unexpected, [])
        test.assertEqual(self.process.returncode, code, self.output)
        left = [pid for pid in processes.children(os.getpid()) if pid not in self.beside]
        test.assertEqual(left, [], "processes are left")
        shared = [name for name in os.listdir("/dev/shm") if "basehttpd" in name and "bench" not in name]
        test.assertEqual(shared, [], "shared memory is left; what tests/bench keeps there is its own")

    def close(self):
        """Whatever happened: no process and no file stays behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        processes.reap_orphans()
        self.notify.close()
        self.socket.close()
        shutil.rmtree(self.folder)


class DaemonTest(unittest.TestCase):
    def daemon(self, exits_with=0, **options):
        return _Run(self, exits_with, options)


class _Run:
    def __init__(self, test, code, options):
        self._test, self._code, self._options = test, code, options
        self._ready = options.pop("ready", True)

    def __enter__(self):
        self._daemon = Daemon(**self._options)
        try:
            if self._ready:
                self._daemon.notify.wait("READY=1")
        except BaseException:
            self._report()
            self._daemon.close()
            raise
        return self._daemon

    def _report(self):
        print("error log:", *self._daemon.error_lines(), sep="\n  ", flush=True)

    def __exit__(self, kind, *_):
        daemon = self._daemon
        try:
            if kind is not None:
                self._report()
                return
            if daemon.process.returncode is None:
                until(lambda: not processes.zombies(daemon.pid), "no child that has ended and was not reaped")
                daemon.stop()
            daemon.check_end(self._test, self._code)
        finally:
            daemon.close()
