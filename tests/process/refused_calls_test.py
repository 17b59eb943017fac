"""Newer system calls that the kernel does not have, or that a container's profile refuses: all goes on without them."""

import errno
import os
import platform
import signal
import unittest

import processes
import refusing
from clients import curl
from harness import DaemonTest

NEWER = ("memfd_create", "statx", "pidfd_open", "clone3", "close_range", "openat2", "faccessat2", "epoll_pwait2")


@unittest.skipUnless(platform.machine() == "x86_64", "the filter is written for x86-64")
class RefusedCalls(DaemonTest):
    def check_files(self, daemon):
        daemon.write("sub/a.txt", "a")
        daemon.write("closed.txt", "x").chmod(0)
        outside = daemon.folder / "secret"
        outside.write_text("secret")
        for name, target in (("link", "sub/a.txt"), ("out", "../secret"), ("absolute", str(outside)), ("gone", "x")):
            (daemon.root / name).symlink_to(target)
        closed = 403 if os.geteuid() == 0 else 200  # the daemon's user is the owner otherwise
        for target, status in [("/sub/a.txt", 200), ("/link", 200), ("/out", 403), ("/absolute", 403), ("/gone", 404),
                               ("/sub", 301), ("/closed.txt", closed), ("/none", 404), ("/out/", 403)]:
            self.assertEqual(curl(daemon.url(target)).status, status, target)
        daemon.tolerate("closed.txt")

    def test_openat2(self):
        for error in (errno.EPERM, errno.ENOSYS, errno.EACCES):
            with self.subTest(error=error), self.daemon(through=refusing.command({"openat2": error})) as daemon:
                self.check_files(daemon)
                said = [line for line in daemon.error_lines() if "openat2(2) is not permitted" in line]
                self.assertEqual(len(said), 1)
                self.assertIn(os.strerror(error), said[0])

    def test_all_that_old_profiles_do_not_know(self):
        refused = dict.fromkeys(NEWER, errno.EPERM)
        with self.daemon(through=refusing.command(refused)) as daemon:
            self.check_files(daemon)
            for pid in daemon.workers():
                self.assertNotIn("signalfd", " ".join(processes.open_files(pid)))  # the master's own are closed
            self.assertIn("applied", daemon.reload())
            since = len(daemon.notify.messages)
            daemon.send(signal.SIGUSR2)
            daemon.notify.wait("READY=1", since)
            self.assertEqual(curl(daemon.url("/link")).body, b"a")


if __name__ == "__main__":
    unittest.main(verbosity=2)
