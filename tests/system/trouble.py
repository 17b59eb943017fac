"""What goes wrong around the service, and what it says then: downloads that hold up a stop, an account or a folder that
is missing."""

import socket
import threading
import time

from client import enter, get
from machine import wait_until
from scenario import CONFIG, UNIT, Scenario

SIZE = 1 << 30


class Download:
    """Takes a part of a file of 1 GiB, and the rest when it is told to. Use as a context; `got` counts the body."""

    PART = 100 << 20

    def __init__(self, machine):
        self._machine = machine
        self._go_on, self._begun = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.got, self.error = 0, None

    def __enter__(self):
        self._thread.start()
        wait_until(self._begun.is_set, 20, "the download's first part")
        return self

    def __exit__(self, *_):
        self.finish()

    def finish(self):
        self._go_on.set()
        self._thread.join()

    def _run(self):
        enter(self._machine)
        with socket.create_connection(("127.0.0.1", 80), 20) as connection:
            connection.sendall(b"GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(4096)
            self.got = len(head.split(b"\r\n\r\n", 1)[1])
            try:
                self._take(connection, self.PART)
                self._begun.set()
                self._go_on.wait()
                self._take(connection, SIZE)
            except OSError as error:
                self.error = error

    def _take(self, connection, limit):
        while self.got < limit and (part := connection.recv(1 << 20)):
            self.got += len(part)


class Stop(Scenario):
    def setUp(self):
        with self.machine.path("/var/www/html/big").open("wb") as file:
            file.truncate(SIZE)

    def stop(self):
        """Tells systemd to; when it was told."""
        self.machine.run("systemctl", "stop", "--no-block", UNIT)
        wait_until(lambda: self.state() != "active", what="the stop")  # it may be over already
        return time.monotonic()

    def assert_gone(self):
        self.assertEqual(self.machine.run("pgrep", "-x", "basehttpd", check=False).stdout, "")
        self.assertEqual(self.machine.show(UNIT, "Result"), "success")

    def test_a_download_is_finished_beyond_the_units_own_timeout(self):
        """The daemon asks systemd for as long as shutdown_timeout (EXTEND_TIMEOUT_USEC)."""
        self.drop_in("stop", "[Service]\nTimeoutStopSec=1s\n")
        with Download(self.machine) as download:
            stopped = self.stop()
            wait_until(lambda: time.monotonic() - stopped > 3, what="a time that TimeoutStopSec= does not allow")
            self.assertEqual(self.state(), "deactivating")
            download.finish()
            self.assertEqual((download.got, download.error), (SIZE, None))
        wait_until(lambda: self.state() == "inactive", 20, "the end")
        self.say(f"1 GiB in flight at the stop, finished; gone {time.monotonic() - stopped:.2f} s after it")
        self.assert_gone()
        self.machine.run("systemctl", "start", UNIT)

    def test_one_that_does_not_end_is_cut_at_the_deadline(self):
        self.change_config("user: basehttpd ", "shutdown_timeout: 2s\nuser: basehttpd ")
        self.machine.run("systemctl", "reload", UNIT)
        with Download(self.machine) as download:
            stopped = self.stop()
            wait_until(lambda: self.state() == "inactive", 20, "the end")
            took = time.monotonic() - stopped
            self.say(f"1 GiB in flight that does not end: all gone {took:.2f} s after the stop (shutdown_timeout: 2s)")
            self.assert_gone()  # by itself: had it come to TimeoutStopSec=, the result would be `timeout`
            download.finish()
            self.assertLess(download.got, SIZE)
        self.assertIn("not finished within shutdown_timeout", self.error_log())
        self.assertRegex(self.error_log(), r"in the middle of .*GET /big HTTP/1\.1")
        self.machine.run("systemctl", "start", UNIT)


class Refused(Scenario):
    def assert_start_fails(self, said):
        self.machine.run("systemctl", "stop", UNIT)
        self.assertNotEqual(self.machine.run("systemctl", "start", UNIT, check=False).returncode, 0)
        self.assertEqual(self.machine.show(UNIT, "ExecMainStatus"), "78")
        self.assertEqual(self.machine.show(UNIT, "NRestarts"), "0")
        self.assertRegex(self.machine.journal(UNIT), said)

    def test_a_log_folder_that_is_not_writable(self):
        self.machine.run("install", "-d", "-o", "basehttpd", "/var/log/elsewhere")
        good = self.change_config("/var/log/basehttpd/access.log", "/var/log/elsewhere/access.log")
        said = r"basehttpd\.yaml:\d+:\d+: error: cannot make the log '/var/log/elsewhere/access\.log': Read-only file system"
        pid = self.machine.main_pid()
        self.assertNotEqual(self.machine.run("systemctl", "reload", UNIT, check=False).returncode, 0)
        self.assertRegex(self.machine.journal(UNIT), said)
        self.assertEqual((self.state(), self.machine.main_pid()), ("active", pid))
        self.assertIn("last reload refused", self.machine.show(UNIT, "StatusText"))
        get(self.machine, "/still-logged")
        log = self.machine.path("/var/log/basehttpd/access.log")
        wait_until(lambda: "/still-logged" in log.read_text(), what="a line in the old log")

        self.assert_start_fails(said)
        check = self.machine.run("basehttpd", "check", "--as-service", check=False)
        self.assertNotEqual(check.returncode, 0)
        self.assertIn("ReadWritePaths=/var/log/elsewhere", check.stdout + check.stderr)
        self.drop_in("logs", "[Service]\nReadWritePaths=/var/log/elsewhere\n")
        self.machine.run("systemctl", "start", UNIT)
        self.assert_answers()
        wait_until(lambda: self.machine.path("/var/log/elsewhere/access.log").exists(), what="the log")
        self.machine.write(CONFIG, good)
        self.machine.run("systemctl", "reload", UNIT)

    def test_a_user_that_is_missing(self):
        good = self.change_config("user: basehttpd ", "user: nosuchuser ")
        self.assertNotEqual(self.machine.run("systemctl", "reload", UNIT, check=False).returncode, 0)
        said = r"basehttpd\.yaml:\d+:\d+: error: there is no user 'nosuchuser' on this machine"
        self.assertRegex(self.machine.journal(UNIT), said)
        self.assert_start_fails(said)
        self.machine.write(CONFIG, good)
        # Its own account is missing: that systemd finds out, and goes on trying.
        self.drop_in("user", "[Service]\nUser=nosuchuser\n")
        self.assertNotEqual(self.machine.run("systemctl", "start", UNIT, check=False).returncode, 0)
        self.assertEqual(self.machine.show(UNIT, "ExecMainStatus"), "217")
        self.machine.run("useradd", "--system", "nosuchuser")
        wait_until(lambda: self.state() == "active", 20, "the service, tried again by systemd")
        self.assert_answers()


class NamedSockets(Scenario):
    SERVICE = "basehttpd-activated.service"

    def test_several_sockets_of_several_units(self):
        """All are served, whatever their names, and none refuses while the service restarts."""
        self.machine.write("/run/systemd/system/basehttpd.socket.d/more.conf",
                           "[Socket]\nListenStream=8080\nFileDescriptorName=public\n")
        self.machine.write("/run/systemd/system/other.socket",
                           "[Socket]\nListenStream=127.0.0.1:8081\nFileDescriptorName=local\n"
                           f"Service={self.SERVICE}\n")
        self.drop_in("sockets", "[Service]\nSockets=basehttpd.socket other.socket\n", self.SERVICE)
        self.machine.run("systemctl", "disable", "--now", UNIT)
        self.machine.run("systemctl", "start", "basehttpd.socket", "other.socket")
        self.assertEqual(self.state(self.SERVICE), "inactive")
        for port in (8081, 80, 8080):
            self.assertEqual(get(self.machine, "/page.txt", port)[0], 200)
        status = self.machine.show(self.SERVICE, "StatusText")
        for address in ("[::]:80", "[::]:8080", "127.0.0.1:8081"):
            self.assertIn(address, status)
        pid = self.machine.main_pid(self.SERVICE)
        self.machine.run("systemctl", "reload", self.SERVICE)
        self.machine.run("basehttpctl", "upgrade")
        self.assertEqual(self.machine.main_pid(self.SERVICE), pid)
        for _ in range(3):
            for port in (80, 8080, 8081):
                self.assertEqual(get(self.machine, "/page.txt", port)[0], 200)
            self.machine.run("systemctl", "restart", "--no-block", self.SERVICE)
        wait_until(lambda: self.state(self.SERVICE) == "active", 20, "the restarted service")
