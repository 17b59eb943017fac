"""Load, and all that may happen to a daemon at any moment: kill -9, SIGSEGV and SIGSTOP of any of its processes, reloads, broken
ones, rotations, upgrades, broken ones. After each round: one line in the access log for each answered request and none twice, no
zombie, no process too many, no descriptor more, and the daemon serves.

usage: chaos_test.py [--minutes N] [--seed N]

The seed is printed and plays the same acts again. (When each of them meets what is a matter of the machine's.)
"""

import collections
import contextlib
import os
import random
import re
import signal
import sys
import threading
import unittest

import beside
import processes
from clients import ctl, get
from counting import Counting, Ledger
from harness import BASEHTTPD, DaemonTest, until

ROUND_SECONDS = 10
SETTINGS = "workers: {{count: {count}, watchdog: 1s, crash_limit: 0}}\nshutdown_timeout: 5s"
# Of each worker that dies with the master, the one request whose answer was sent and whose record was not written yet.
LOST_WITH_MASTER = 4
# Both that could write what workers from before an upgrade log were killed: nobody else has their rings.
TOLD_OF_LOSS = "what it had not written is lost"


class Acts:
    """What may happen, by the name of the method. Weights: how often one is drawn beside the others."""

    WEIGHTS = {"kill_worker": 8, "crash_worker": 4, "kill_logger": 6, "stop_worker": 3, "stop_logger": 3, "stop_master": 3, "reload": 6,
               "reload_broken": 4, "rotate": 6, "upgrade": 4, "upgrade_broken": 2, "kill_any": 3, "kill_master": 1}

    def __init__(self, daemon, dice):
        self._daemon, self._dice = daemon, dice
        self._timers = []
        self.turn = 0
        self.counts = collections.Counter()
        self.masters_killed = 0

    def draw(self):
        name = self._dice.choices(list(self.WEIGHTS), self.WEIGHTS.values())[0]
        self.counts[name] += 1
        with contextlib.suppress(ProcessLookupError):
            getattr(self, name)()

    def settle(self):
        """Lets go on what was stopped."""
        for timer in self._timers:
            timer.join()
        self._timers = []

    def _signal(self, pids, number):
        pids = list(pids)
        choice = self._dice.random()  # drawn even where there is nobody, so that a seed says all
        if pids:
            os.kill(pids[int(choice * len(pids))], number)
            return pids[int(choice * len(pids))]
        return None

    def _stop_for_a_while(self, pids):
        seconds = self._dice.uniform(0.01, 2.5)
        pid = self._signal(pids, signal.SIGSTOP)
        if pid is None:
            return

        def go_on():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

        self._timers.append(threading.Timer(seconds, go_on))
        self._timers[-1].start()

    def _loggers(self):
        return processes.children_titled(self._daemon.pid, "basehttpd: logger")

    def kill_worker(self):
        self._signal(self._daemon.workers(), signal.SIGKILL)

    def crash_worker(self):
        self._signal(self._daemon.workers(), signal.SIGSEGV)

    def kill_logger(self):
        self._signal(self._loggers(), signal.SIGKILL)

    def kill_any(self):
        """Whatever there is: one that is on its way out, the check of an upgrade."""
        self._signal(processes.children(self._daemon.pid), signal.SIGKILL)

    def stop_worker(self):
        self._stop_for_a_while(self._daemon.workers())

    def stop_logger(self):
        self._stop_for_a_while(self._loggers())

    def stop_master(self):
        self._stop_for_a_while([self._daemon.pid])

    def reload(self):
        self._daemon.configure(settings=SETTINGS.format(count=self._dice.choice((1, 2, 3))), control=True)
        self._daemon.send(signal.SIGHUP)

    def reload_broken(self):
        good = self._daemon.config_file.read_text()
        kind = self._dice.choice((good + "nonsense: 1\n", good.replace("sites:", "sites: ["), good.replace("/root", "/none"), ""))
        self._daemon.config_file.write_text(kind)
        self._daemon.send(signal.SIGHUP)
        threading.Event().wait(self._dice.uniform(0, 0.2))
        self._daemon.config_file.write_text(good)

    def rotate(self):
        self.turn += 1
        with contextlib.suppress(FileNotFoundError):
            self._daemon.access_log.rename(f"{self._daemon.access_log}.{self.turn}")
        self._daemon.send(signal.SIGUSR1)

    def upgrade(self):
        self._daemon.send(signal.SIGUSR2)

    def upgrade_broken(self):
        broken = self._daemon.folder / "broken"
        broken.write_bytes(b"\x7fELF and nothing more")
        self._daemon.install(broken)
        os.chmod(self._daemon.binary, 0o755)
        self._daemon.send(signal.SIGUSR2)
        threading.Event().wait(self._dice.uniform(0, 0.2))
        self._daemon.install(BASEHTTPD)

    def kill_master(self):
        """And whoever looks after services starts it anew. Of master and logger one has to live at any time: the rings are
        theirs, and are gone with the last of them."""
        self.settle()
        until(self._loggers, "a logger")
        self.masters_killed += 1
        daemon = self._daemon
        daemon.install(BASEHTTPD)
        children = processes.children(daemon.pid)
        daemon.process.kill()
        daemon.process.communicate()
        # An upgrade's successor is the same process, and so all are gone with it.
        until(lambda: all(processes.gone(child) for child in children), "the end of all children")
        processes.reap_orphans()
        since = len(daemon.notify.messages)
        daemon.start({}, "")
        daemon.notify.wait("READY=1", since)


class Chaos(DaemonTest):
    minutes = 2 * ROUND_SECONDS / 60
    seed = random.randrange(10**6)

    def test_all_at_once(self):
        print(f"    seed {self.seed}", flush=True)
        dice = random.Random(self.seed)
        totals = collections.Counter()
        with self.daemon(settings=SETTINGS.format(count=2), binary=BASEHTTPD, control=True) as daemon:
            daemon.tolerate("")
            acts = Acts(daemon, dice)
            self.settled(daemon)
            descriptors = processes.descriptors(daemon.pid)
            for _ in range(max(1, round(self.minutes * 60 / ROUND_SECONDS))):
                self.one_round(daemon, acts, dice, totals)
                until(lambda: processes.descriptors(daemon.pid) <= descriptors + 4, f"{descriptors} descriptors of the master")
            beside.say(", ".join(f"{name} {count}" for name, count in sorted(acts.counts.items())))
            beside.say(f"{totals['answered']} answered and {totals['cut']} cut off, {totals['died']} lines of requests cut by a death, "
                       f"{totals['missing']} answered without a line, {totals['told']} of them counted in the error log, others at "
                       f"{acts.masters_killed} deaths of the master; the master has "
                       f"{processes.descriptors(daemon.pid)} descriptors, {descriptors} at the start")

    def one_round(self, daemon, acts, dice, totals):
        masters, known = acts.masters_killed, len(daemon.error_lines())
        with Counting(daemon.address, 8) as load:
            seconds = 0.0
            while seconds < ROUND_SECONDS:
                pause = dice.choice((0.0, dice.uniform(0, 0.1), dice.uniform(0, 1)))
                threading.Event().wait(pause)
                seconds += pause + 0.05
                acts.draw()
                if not load.running():
                    break
            acts.settle()
        daemon.install(BASEHTTPD)
        daemon.configure(settings=SETTINGS.format(count=2), control=True)
        self.settled(daemon)
        lines = self.take_lines(daemon, acts)
        ledger = Ledger(lines)
        told_of = "\n".join(daemon.error_lines()[known:])
        told = TOLD_OF_LOSS in told_of
        # While a logger stood still, rings were full for longer than log.ring_wait.
        lost = sum(int(count) for count in re.findall(r"(\d+) log lines? lost", told_of))
        totals["told"] += lost
        lost += (acts.masters_killed - masters) * LOST_WITH_MASTER
        for wrong, what in ledger.faults(load):
            if what != "answered requests without a line" or not told and len(wrong) > lost:
                self.fail(f"{len(wrong)} of {len(load.answered)} {what}: {sorted(wrong)[:10]}; {acts.counts}")
            totals["missing"] += len(wrong)
        totals.update(answered=len(load.answered), cut=len(load.cut_off), died=len(ledger.died))

    def settled(self, daemon):
        """Waits until the daemon is as it should be with two workers, whatever was under way."""
        asked = []

        def quiet():
            # What reload or upgrade may still be under way ends before this one, or it is refused and asked for again.
            if not asked or len(asked) % 200 == 0:
                daemon.send(signal.SIGHUP)
            asked.append(None)
            titles = sorted(processes.title(child) for child in processes.children(daemon.pid))
            return [title.rstrip("0123456789") for title in titles] == ["basehttpd: logger"] + 2 * ["basehttpd: worker "]

        until(quiet, "two workers and a logger, and no other child", 60)
        until(lambda: not processes.zombies(daemon.pid), "no zombie")
        self.assertEqual(get(daemon.address)[0], 200)

    @staticmethod
    def take_lines(daemon, acts):
        """All lines of the counting clients since the last time; none comes later."""
        with contextlib.suppress(OSError):
            get(daemon.address, "/last")
        files = lambda: sorted(daemon.folder.glob("access.log*"))
        until(lambda: any("/last" in file.read_text()[-400:] for file in files()), "the last line")
        # Earlier loggers have left, and once this is answered, the one there is writes to the new file alone.
        acts.turn += 1
        daemon.access_log.rename(f"{daemon.access_log}.{acts.turn}")
        until(lambda: ctl(daemon, "reopen").returncode == 0, "a new log")
        lines = []
        for file in files():
            if file != daemon.access_log:
                lines += [line for line in file.read_text().splitlines() if "/?n=" in line]
                file.unlink()
        return lines


if __name__ == "__main__":
    for option, kind in (("minutes", float), ("seed", int)):
        if f"--{option}" in sys.argv:
            at = sys.argv.index(f"--{option}")
            setattr(Chaos, option, kind(sys.argv[at + 1]))
            del sys.argv[at:at + 2]
    unittest.main(verbosity=2)
