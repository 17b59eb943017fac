"""Who may read what the daemon makes, and as whom it runs."""

import os
import signal
import socket
import stat
import unittest

import processes
from clients import ctl, curl, get
from harness import DaemonTest, until

def with_umask(umask):
    """What then executes the daemon."""
    return ["/bin/sh", "-c", f'umask {umask}; exec "$@"', "sh"]


NOBODY = ("nobody", "nogroup")

# As the package's units have it.
UNIT_UMASK = with_umask("077")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


class Logs(DaemonTest):
    def test_a_new_log_is_for_its_group_whatever_the_umask(self):
        for umask in ("000", "022", "077", "777"):
            with self.subTest(umask=umask), self.daemon(through=with_umask(umask)) as daemon:
                self.assertEqual([mode(daemon.access_log), mode(daemon.error_log)], [0o640, 0o640])

    def test_after_a_rotation_and_a_reload(self):
        with self.daemon(through=UNIT_UMASK) as daemon:
            daemon.access_log.rename(daemon.folder / "access.log.1")
            daemon.send(signal.SIGUSR1)
            until(daemon.access_log.exists, "a new log")
            self.assertEqual(mode(daemon.access_log), 0o640)
            other = daemon.folder / "other.log"
            daemon.configure(log=f"access: [{{file: {other}}}]\nerror: [{{file: {daemon.error_log}, level: debug}}]")
            daemon.reload_logs()
            self.assertEqual(mode(other), 0o640)

    def test_a_mode_that_somebody_gave_stays(self):
        with self.daemon(through=UNIT_UMASK) as daemon:
            daemon.access_log.chmod(0o604)
            daemon.send(signal.SIGUSR1)
            daemon.expect("the logs were reopened")
            self.assertEqual(mode(daemon.access_log), 0o604)

    def test_files_of_a_program_that_takes_lines(self):
        log = ("access: [{pipe: \"sh -c 'cat >> FOLDER/program/log'\"}]\n"
               "error: [{file: FOLDER/error.log, level: debug}]")
        with self.daemon(through=UNIT_UMASK) as daemon:
            folder = daemon.folder / "program"
            folder.mkdir()
            folder.chmod(0o777)
            daemon.configure(log=log)
            daemon.reload_logs()
            until((folder / "log").exists, "the program's file")
            self.assertEqual(mode(folder / "log"), 0o640)


@unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
class Accounts(DaemonTest):
    def test_numbers_that_no_account_has(self):
        with self.daemon(user="54321", settings="group: 54322") as daemon:
            for pid in [*daemon.wait_for_workers(2), daemon.logger()]:
                until(lambda: processes.status(pid, "NoNewPrivs") == ["1"], "a process without privileges")
                self.assertEqual(processes.status(pid, "Uid"), ["54321"] * 4)
                self.assertEqual(processes.status(pid, "Gid"), ["54322"] * 4)
                self.assertEqual(processes.status(pid, "Groups"), ["54322"])

    def test_a_number_alone_is_its_group_too(self):
        with self.daemon(user="54321") as daemon:
            worker = daemon.wait_for_workers(2)[0]
            self.assertEqual(processes.status(worker, "Gid"), ["54321"] * 4)


@unittest.skipUnless(os.geteuid() == 0, "a root of another user's is needed")
class NotStartedAsRoot(DaemonTest):
    """As below a unit with User=: what a reload cannot do."""

    def test_another_account_has_no_effect(self):
        with self.daemon(run_as=NOBODY, control=True) as daemon:
            before = processes.status(daemon.wait_for_workers(2)[0], "Uid")
            daemon.configure(settings="user: daemon\ngroup: daemon", control=True)
            reloaded = ctl(daemon, "reload")
            self.assertEqual(reloaded.returncode, 0)
            for key in ("user", "group"):
                self.assertRegex(reloaded.stdout, rf"(?m)^'{key}' has no effect: ")
            self.assertNotIn("applied", reloaded.stdout)
            worker = until(lambda: daemon.serving_workers(), "a worker")[0]
            self.assertEqual(processes.status(worker, "Uid"), before)
            daemon.configure(settings="user: daemon\ngroup: daemon\nshutdown_timeout: 3s", control=True)
            reloaded = ctl(daemon, "reload").stdout
            self.assertIn("applied", reloaded)
            self.assertNotIn("no effect", reloaded)  # it was said when it came

    def test_a_root_that_the_user_cannot_enter_is_refused_with_its_name(self):
        with self.daemon(run_as=NOBODY, control=True) as daemon:
            workers = daemon.wait_for_workers(2)
            closed = daemon.folder / "closed"
            (closed / "www").mkdir(parents=True)
            closed.chmod(0o700)
            daemon.configure(root=closed / "www", control=True)
            refused = ctl(daemon, "reload")
            self.assertEqual(refused.returncode, 78)
            self.assertRegex(refused.stderr, rf"yaml:\d+:\d+: (error: )?user 'nobody' .*'{closed}'.*'{closed}/www'")
            daemon.tolerate(f"reload refused|'{closed}'")
            self.assertEqual(daemon.workers(), workers)
            self.assertEqual(get(daemon.address)[0], 200)


class Clients(DaemonTest):
    def test_an_ipv4_client_of_a_socket_for_both_families(self):
        """As systemd's sockets are: the client is logged, masked and named as IPv4."""
        if not socket.has_dualstack_ipv6():
            self.skipTest("no IPv6 here")
        with (socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as both,
              self.daemon(listener=both) as daemon):
            get(("127.0.0.1", daemon.port))
            self.assertRegex(daemon.wait_for_access(1)[0], r"^127\.0\.0\.1 ")
            daemon.configure(log=f"privacy: {{ipv4: 24}}\naccess: [{{file: {daemon.access_log}, format: '%h %a'}}]\n"
                                 f"error: [{{file: {daemon.error_log}, level: debug}}]")
            daemon.reload_logs()
            curl(f"http://127.0.0.1:{daemon.port}/")
            self.assertEqual(daemon.wait_for_access(2)[1], "127.0.0.0 127.0.0.0")


if __name__ == "__main__":
    unittest.main(verbosity=2)
