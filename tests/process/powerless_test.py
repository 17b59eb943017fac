"""A master that may not signal its children: root without CAP_KILL, as in a container that drops all capabilities."""

import os
import re
import signal
import unittest

import processes
from clients import get
from harness import DaemonTest, until
from signals_test import slow_download

POWERLESS = ["setpriv", "--bounding-set=-all,+setuid,+setgid,+dac_override", "--inh-caps=-all", "--"]
TOLD = r"were told to exit: kill: Operation not permitted"


@unittest.skipUnless(os.geteuid() == 0, "only root has children of another user")
class Powerless(DaemonTest):
    def powerless(self, **options):
        return self.daemon(through=POWERLESS, **options)

    def check_words(self, daemon):
        """What could not be done is not claimed."""
        self.assertEqual([line for line in daemon.error_lines() if re.search("(is|are|was|were) killed", line)], [])

    def test_the_shutdown_timeout_ends_it(self):
        with self.powerless(settings="shutdown_timeout: 500ms") as daemon:
            connection, _ = slow_download(daemon)
            with connection:
                self.assertEqual(daemon.stop(signal.SIGTERM), 0)
            daemon.expect(r"1 workers have not finished within shutdown_timeout \(500 ms\) and " + TOLD)
            self.check_words(daemon)
            self.assertEqual(len(daemon.access_lines()), 1)

    def test_int_and_a_second_term_end_it_now(self):
        for first in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(first), self.powerless() as daemon:
                connection, _ = slow_download(daemon)
                with connection:
                    daemon.send(first)
                    daemon.notify.wait("STOPPING=1")
                    if first == signal.SIGTERM:
                        daemon.send(first)
                    self.assertEqual(daemon.wait(), 0)
                daemon.expect(TOLD)
                self.check_words(daemon)

    def test_one_that_hangs_is_replaced_and_leaves_when_it_goes_on(self):
        with self.powerless(workers="{count: 2, watchdog: 1s}") as daemon:
            before = daemon.wait_for_workers(2)
            hung = before[0]
            os.kill(hung, signal.SIGSTOP)
            daemon.expect(rf"\(pid {hung}\) has hung .* cannot be killed: kill: Operation not permitted; another takes")
            daemon.wait_for_workers(3)
            self.assertEqual(get(daemon.address)[0], 200)
            os.kill(hung, signal.SIGCONT)
            until(lambda: hung not in processes.children(daemon.pid), "its end")
            self.assertEqual(len(daemon.wait_for_workers(2)), 2)
            daemon.reload()
            self.check_words(daemon)

    def test_one_that_hangs_at_the_end_is_left_behind(self):
        with self.powerless(settings="shutdown_timeout: 500ms\nworkers: {count: 2, watchdog: 0}") as daemon:
            hung = daemon.wait_for_workers(2)[0]
            os.kill(hung, signal.SIGSTOP)
            daemon.send(signal.SIGTERM)
            daemon.process.wait(20)  # the one that is left behind keeps standard output open
            daemon.expect(rf"worker \d \(pid {hung}\) does not exit and is left running")
            daemon.expect(TOLD)
            self.check_words(daemon)
            os.kill(hung, signal.SIGCONT)
            until(lambda: processes.gone(hung), "the end of its line ends it")
            self.assertEqual(daemon.wait(), 0)
            processes.reap_orphans()

    def test_a_logger_that_hangs_at_the_end_is_left_behind(self):
        with self.powerless() as daemon:
            logger = daemon.logger()
            os.kill(logger, signal.SIGSTOP)
            daemon.send(signal.SIGTERM)
            daemon.process.wait(20)
            os.kill(logger, signal.SIGCONT)
            self.assertEqual(daemon.wait(), 0)
            self.assertIn(f"the logger (pid {logger}) has not finished and was told to exit: kill: Operation not permitted",
                          daemon.output)
            self.assertIn(f"the logger (pid {logger}) does not exit and is left running", daemon.output)
            processes.reap_orphans()

    def test_a_log_program_that_does_not_end_is_left_behind(self):
        log = ("access: [{pipe: /bin/sleep 1000, format: combined}]\n"
               "error: [{file: FOLDER/error.log, level: debug}]")
        with self.powerless(log=log) as daemon:
            (program,) = until(lambda: processes.children_titled(daemon.pid, "/bin/sleep"), "the log program")
            daemon.configure()
            daemon.reload()
            daemon.expect(r"does not exit at the end of its input, and cannot be told to: kill: Operation not permitted")
            daemon.expect(rf"\(pid {program}\) does not exit and is left running")
            self.check_words(daemon)
            os.kill(program, signal.SIGKILL)
            until(lambda: program not in processes.children(daemon.pid), "its end")
            self.assertEqual(daemon.stop(), 0)

    def test_children_leave_when_the_master_is_killed(self):
        with self.powerless(exits_with=-signal.SIGKILL) as daemon:
            children = processes.children(daemon.pid)
            os.kill(daemon.pid, signal.SIGKILL)
            daemon.wait()
            until(lambda: all(processes.gone(child) for child in children), "the end of all children")
            processes.reap_orphans()


if __name__ == "__main__":
    unittest.main(verbosity=2)
