"""What the system refuses: processes, an account, a folder for the logs. Nothing spins, nothing is lost, and whoever
reads what was said knows what to do."""

import os
import signal
import subprocess
import time
import unittest

import processes
from clients import ctl, get
from harness import BASEHTTPD, DaemonTest, let_pass, until

# Nobody else's: what RLIMIT_NPROC counts are all processes of a user.
LONELY = (54321, 54321)
OLD_ENOUGH = 1.2  # seconds; a worker that dies within its first one has died young


def start(config):
    """The daemon where it does not come to serve; its exit code and what it said."""
    return subprocess.run([BASEHTTPD, "-c", config], capture_output=True, text=True, timeout=20, check=False)


@unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
class Fork(DaemonTest):
    def allow_processes(self, daemon, count):
        """The master's own user sets it: root may not where it lacks CAP_SYS_RESOURCE."""
        subprocess.run([*daemon.as_user(LONELY), "prlimit", f"--pid={daemon.pid}", f"--nproc={count}:"], check=True)

    def test_refused_for_a_while(self):
        with self.daemon(workers=4, run_as=LONELY) as daemon:
            workers = daemon.wait_for_workers(4)
            let_pass(OLD_ENOUGH)
            self.allow_processes(daemon, 1)
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            daemon.expect(r"cannot fork a worker: fork: Resource temporarily unavailable; trying again every 500 ms")
            used, since = processes.cpu_ticks(daemon.pid), len(daemon.notify.messages)
            daemon.notify.wait("STATUS=", since)  # comes every five seconds
            used = processes.cpu_ticks(daemon.pid) - used
            self.assertLess(used, 50, "it waited busily")
            self.assertEqual(len(daemon.expect("cannot fork a worker")), 1)
            self.assertEqual(daemon.workers(), [])
            self.allow_processes(daemon, 1000)
            began = time.monotonic()
            daemon.wait_for_workers(4)
            print(f"    4 workers {(time.monotonic() - began) * 1000:.0f} ms after fork was allowed again; the master used "
                  f"{used * 1000 // os.sysconf('SC_CLK_TCK')} ms of CPU time while it was not", flush=True)
            self.assertEqual(get(daemon.address)[0], 200)
            daemon.tolerate("SIGKILL")

    def test_refused_to_a_reload_and_to_the_logger(self):
        with self.daemon(run_as=LONELY) as daemon:
            workers, logger = daemon.wait_for_workers(2), daemon.logger()
            self.allow_processes(daemon, 1)
            daemon.send(signal.SIGHUP)
            daemon.expect("cannot fork a worker")
            os.kill(logger, signal.SIGKILL)
            self.assertEqual(get(daemon.address)[0], 200)
            self.assertEqual(daemon.workers(), workers)
            since = len(daemon.notify.messages)
            self.allow_processes(daemon, 1000)
            daemon.notify.wait("READY=1", since)
            daemon.wait_for_workers(2, but=workers)
            self.assertNotEqual(daemon.logger(), logger)
            daemon.wait_for_access(1)
            daemon.tolerate("fork|SIGKILL")


class Configured(DaemonTest):
    def refused(self, daemon, old, new, said):
        """What is refused at a start, and changes nothing at a reload."""
        good = daemon.config_file.read_text()
        broken = good.replace(old, new)
        line = 1 + broken[:broken.index(new)].count("\n")
        daemon.config_file.write_text(broken)
        ended = start(daemon.config_file)
        self.assertEqual(ended.returncode, 78, ended.stderr)
        self.assertRegex(ended.stderr, rf"basehttpd\.yaml:{line}:\d+: error: {said}")
        before = daemon.wait_for_workers(2)
        done = ctl(daemon, "reload")
        self.assertEqual(done.returncode, 78)
        self.assertRegex(done.stderr, rf"refused, nothing has changed:\n.*basehttpd\.yaml:{line}:\d+: error: {said}")
        daemon.expect(rf"reload refused, nothing has changed: .*basehttpd\.yaml:{line}:\d+: {said}")
        daemon.tolerate(rf"basehttpd\.yaml:{line}:\d+: {said}")
        self.assertEqual(daemon.workers(), before)
        daemon.config_file.write_text(good)

    @unittest.skipUnless(os.geteuid() == 0, "only root needs one")
    def test_a_user_that_is_missing(self):
        with self.daemon(control=True) as daemon:
            self.refused(daemon, "user: nobody", "user: nosuchuser", "there is no user 'nosuchuser' on this machine")

    def test_a_log_folder_that_is_missing(self):
        with self.daemon(control=True) as daemon:
            self.refused(daemon, f"{daemon.folder}/access.log", f"{daemon.folder}/none/access.log",
                         f"the log directory '{daemon.folder}/none' does not exist")
            get(daemon.address)
            daemon.wait_for_access(1)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else, and only others are refused")
    def test_a_log_folder_that_is_not_writable(self):
        with self.daemon(control=True, logs="logs", run_as=LONELY) as daemon:
            workers = daemon.wait_for_workers(2)
            away = daemon.folder / "away"
            away.mkdir(mode=0o755)
            good = daemon.config_file.read_text()
            daemon.config_file.write_text(good.replace(str(daemon.access_log), f"{away}/access.log"))
            said = rf"basehttpd\.yaml:\d+:\d+: error: cannot make the log '{away}/access\.log': Permission denied"
            ended = subprocess.run([*daemon.as_user(LONELY), BASEHTTPD, "-c", daemon.config_file], capture_output=True,
                                   text=True, timeout=20, check=False)
            self.assertEqual(ended.returncode, 78, ended.stderr)
            self.assertRegex(ended.stderr, said)
            self.assertIn("its directory must be writable for the user that starts the server", ended.stderr)
            done = ctl(daemon, "reload")
            self.assertEqual(done.returncode, 78)
            self.assertRegex(done.stderr, said)
            daemon.expect("reload refused, nothing has changed: .*cannot make the log")
            daemon.tolerate("cannot make the log")
            self.assertEqual(daemon.workers(), workers)
            get(daemon.address)
            daemon.wait_for_access(1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
