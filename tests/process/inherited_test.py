"""What a parent hands down through exec: ignored and blocked signals, timers, closed descriptors, a umask, limits."""

import os
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path

import processes
from clients import get
from harness import BASEHTTPD, DaemonTest, until

BASEHTTPCTL = os.environ.get("BASEHTTPCTL", "")
SERVED = {signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD}
ALL = "set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}"
SITUATIONS = {
    "every signal ignored": f"[signal.signal(s, signal.SIG_IGN) for s in {ALL}]",
    "every signal blocked": f"signal.pthread_sigmask(signal.SIG_BLOCK, {ALL})",
    "ignored and blocked": f"signal.pthread_sigmask(signal.SIG_BLOCK, {ALL}); [signal.signal(s, signal.SIG_IGN) for s in {ALL}]",
    "signals pending": "pending = {signal.SIGALRM, signal.SIGPIPE, signal.SIGVTALRM, signal.SIGCHLD, signal.SIGXCPU}; "
                       "signal.signal(signal.SIGPIPE, signal.SIG_DFL); signal.pthread_sigmask(signal.SIG_BLOCK, pending); "
                       "[os.kill(os.getpid(), s) for s in pending]",
    "SIGCHLD ignored": "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "no standard descriptors": "[os.close(fd) for fd in (0, 1, 2)]",
    "a umask that allows nothing": "os.umask(0o777)",
    "a umask that allows all": "os.umask(0)",
    "no core and few descriptors": "resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); "
                                   "resource.setrlimit(resource.RLIMIT_NOFILE, (24, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))",
    "a child": "os.fork() or os._exit(0)",
    "a working directory that is gone": "os.mkdir('FOLDER/gone'); os.chdir('FOLDER/gone'); os.rmdir('FOLDER/gone')",
}


def through(preparation):
    return [sys.executable, "-c",
            f"import os, resource, signal, sys; {preparation}; os.execv(sys.argv[1], sys.argv[1:])"]


def signals(pid, field):
    """The signals in a mask of /proc/PID/status; the two that glibc keeps for itself do not count."""
    mask = int(processes.status(pid, field)[0], 16)
    return {number for number in range(1, 65) if mask >> (number - 1) & 1} - {32, 33}


class Inherited(DaemonTest):
    def test_it_serves_reloads_and_replaces_workers(self):
        for name, preparation in SITUATIONS.items():
            with self.subTest(name), self.daemon(through=through(preparation)) as daemon:
                daemon.tolerate("SIGKILL")
                before = daemon.wait_for_workers(2)
                os.kill(before[0], signal.SIGKILL)
                daemon.wait_for_workers(2, but=before[:1])
                daemon.reload()
                daemon.wait_for_workers(2, but=before)
                self.assertEqual(get(daemon.address)[0], 200)
                until(lambda: not processes.zombies(daemon.pid), "no child that has ended and was not reaped")
                self.assertEqual(daemon.stop(), 0)

    def test_every_process_has_its_own_signals(self):
        log = ("access: [{pipe: /bin/cat, format: combined}]\n"
               "error: [{file: FOLDER/error.log, level: debug}]")
        for name in ("every signal ignored", "every signal blocked", "ignored and blocked"):
            with self.subTest(name), self.daemon(through=through(SITUATIONS[name]), log=log) as daemon:
                workers = daemon.wait_for_workers(2)
                get(daemon.address)
                self.assertEqual(signals(daemon.pid, "SigBlk"), SERVED)
                self.assertEqual(signals(daemon.pid, "SigIgn"), {signal.SIGPIPE})
                for pid in [*workers, daemon.logger()]:
                    self.assertEqual(signals(pid, "SigBlk") - {signal.SIGPIPE}, set())
                    self.assertEqual(signals(pid, "SigIgn"), SERVED - {signal.SIGCHLD} | {signal.SIGPIPE})
                (program,) = until(lambda: processes.children_titled(daemon.pid, "/bin/cat"), "the log program")
                self.assertEqual((signals(program, "SigBlk"), signals(program, "SigIgn")), (set(), set()))

    def test_a_small_limit_of_descriptors(self):
        """The soft limit is raised for two crews; log programs have it as it was."""
        log = ("access: [{pipe: /bin/cat, format: combined}]\n"
               "error: [{file: FOLDER/error.log, level: debug}]")
        few = "resource.setrlimit(resource.RLIMIT_NOFILE, (32, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))"
        with self.daemon(through=through(few), workers=70, log=log) as daemon:
            before = daemon.wait_for_workers(70)
            daemon.reload()
            daemon.wait_for_workers(70, but=before)
            (program,) = processes.children_titled(daemon.pid, "/bin/cat")
            limits = Path(f"/proc/{program}/limits").read_text()
            self.assertRegex(limits, r"Max open files +32 ")

    def test_a_timer_of_before_does_not_end_it(self):
        with self.daemon(through=through("signal.setitimer(signal.ITIMER_REAL, 1)")) as daemon:
            daemon.notify.wait("STATUS=", len(daemon.notify.messages))  # some seconds later
            self.assertEqual(get(daemon.address)[0], 200)

    def test_commands_end_when_told(self):
        """basehttpctl and `serve`, too; nohup's SIGHUP stays ignored."""
        everything = through(SITUATIONS["ignored and blocked"])
        with self.daemon(control=True) as daemon:
            top = subprocess.Popen([*everything, BASEHTTPCTL, "-s", daemon.folder / "control.sock", "top"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            daemon.beside.add(top.pid)
            until(lambda: processes.title(top.pid).startswith(BASEHTTPCTL)
                  and signals(top.pid, "SigBlk") <= {signal.SIGHUP, signal.SIGINT, signal.SIGTERM}, "it runs")
            self.assertEqual(signals(top.pid, "SigIgn") - {signal.SIGPIPE}, {signal.SIGHUP})
            top.terminate()
            self.assertIn(top.wait(20), (0, -signal.SIGTERM))
        with self.daemon() as daemon, socket.create_server(("127.0.0.1", 0)) as listener:
            passed = (f"{SITUATIONS['ignored and blocked']}; os.dup2({listener.fileno()}, 3); "
                      "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))")
            serve = subprocess.Popen([*through(passed), BASEHTTPD, "serve", daemon.root], pass_fds=[listener.fileno()],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            daemon.beside.add(serve.pid)
            until(lambda: processes.children_titled(serve.pid, "basehttpd: worker"), "it serves")
            serve.terminate()
            self.assertEqual(serve.wait(20), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
