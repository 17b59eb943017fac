"""Everything at once and again and again: kills, signals in every order, broken reloads, a clock that is set back. What
may fail is what was under way in a killed process; each test prints how many that were."""

import collections
import concurrent.futures
import contextlib
import http.client
import mmap
import os
import random
import re
import signal
import socket
import statistics
import struct
import tempfile
import threading
import time
import unittest

import processes
from clients import ctl, get, idle_connection, read_all
from harness import BASEHTTPD, DYING, FATAL, FAULT, DaemonTest, until


OLD_ENOUGH = 1.2  # seconds; a worker that dies within its first one has died young


def say(text):
    print("    " + text, flush=True)


@contextlib.contextmanager
def nothing_left(daemon, workers=2):
    """What happens in the block leaves the master with as many descriptors and children as before. (Children that were
    not reaped the harness finds.)"""
    daemon.wait_for_workers(workers)
    before = processes.descriptors(daemon.pid)
    yield
    daemon.wait_for_workers(workers)
    until(lambda: len(processes.children(daemon.pid)) == workers + 1, "workers and a logger, and no other child")
    until(lambda: processes.descriptors(daemon.pid) <= before, f"{before} descriptors of the master, as before")


def paths_logged(daemon):
    """How often each path stands in the access log, and how often without a status."""
    found, died = collections.Counter(), collections.Counter()
    for line in daemon.access_lines():
        match = re.search(r'"GET (\S+) HTTP/1\.1" (\S+)', line)
        found[match.group(1)] += 1
        died[match.group(1)] += match.group(2) == "-"
    return found, died


class Counting:
    """Asks for /?N again and again, each N once, and knows of each whether it was answered."""

    def __init__(self, address, keep_alive, threads=3):
        self.address, self.keep_alive = address, keep_alive
        self.answered, self.failed = [], []
        self._stop = threading.Event()
        self._numbers = iter(range(10**9))
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self):
        connection = None
        while not self._stop.is_set():
            with self._lock:
                path = f"/?{'k' if self.keep_alive else 'c'}{next(self._numbers)}"
            try:
                if connection is None:
                    connection = http.client.HTTPConnection(*self.address, timeout=20)
                connection.request("GET", path, headers={} if self.keep_alive else {"Connection": "close"})
                answer = connection.getresponse()
                good = answer.status == 200 and answer.read() == b"<p>Hello</p>\n"
                (self.answered if good else self.failed).append(path)
                if not answer.will_close:
                    continue
            except (OSError, http.client.HTTPException):
                self.failed.append(path)
            connection.close()
            connection = None
        if connection is not None:
            connection.close()


class Kills(DaemonTest):
    def test_50_workers_killed_under_load(self):
        """Each has proved that it can live, so that it is replaced at once. No request is blamed for the kills."""
        with self.daemon(workers=2) as daemon:
            times, seen = [], dict.fromkeys(daemon.wait_for_workers(2), time.monotonic())
            with nothing_left(daemon), Counting(daemon.address, True) as kept, Counting(daemon.address, False) as closed:
                for _ in range(50):
                    victim = min(seen, key=seen.get)
                    until(lambda: time.monotonic() - seen[victim] > OLD_ENOUGH, "a worker that is not young")
                    began = time.monotonic()
                    os.kill(victim, signal.SIGKILL)
                    now = daemon.wait_for_workers(2, but=[victim])
                    times.append((time.monotonic() - began) * 1000)
                    seen = {worker: seen.get(worker, time.monotonic()) for worker in now}
            daemon.tolerate("SIGKILL")
            answered, failed = kept.answered + closed.answered, kept.failed + closed.failed
            daemon.wait_for_access(len(answered))
            daemon.stop()
            found, died = paths_logged(daemon)
            unlogged = sum(died[path] for path in set(answered))
            say(f"50 x SIGKILL: {len(answered)} answered, {len(failed)} failed; logged as cut by the death are "
                f"{sum(died.values()) - unlogged} that failed and {unlogged} that were answered; two workers again "
                f"after {statistics.median(times):.0f} ms at the median, {max(times):.0f} at most")
            # One connection of each client breaks with its worker, and one that waited to be sent on.
            self.assertLessEqual(len(failed), 50 * 6)
            twice = {path: count for path, count in found.items() if count > 1}
            self.assertEqual(twice, {}, "logged twice")
            self.assertEqual([path for path in answered if found[path] != 1], [], "answered and not logged")
            # The one that a worker had just sent the answer of, and not yet logged.
            self.assertLessEqual(unlogged, 50)

    def test_one_that_is_stopped_and_one_that_crashes_under_load(self):
        def stop(daemon, worker):
            os.kill(worker, signal.SIGSTOP)

        def crash(daemon, _):
            self.assertRaises(OSError, get, daemon.address, "/fault-SEGV")

        for name, harm in (("SIGSTOP of a worker", stop), ("SIGSEGV in the midst of a request", crash)):
            with self.subTest(name), self.daemon(workers="{count: 2, watchdog: 1s}", environment=FAULT) as daemon:
                with (nothing_left(daemon), Counting(daemon.address, True) as kept,
                      Counting(daemon.address, False) as closed):
                    before = daemon.wait_for_workers(2)
                    until(lambda: kept.answered and closed.answered, "answers")
                    harm(daemon, before[0])
                    until(lambda: set(before) - set(daemon.workers()), "the end of one of them")
                    daemon.wait_for_workers(2, but=set(before) - set(daemon.workers()))
                failed = kept.failed + closed.failed
                say(f"{name}: {len(kept.answered) + len(closed.answered)} answered, {len(failed)} failed")
                self.assertLessEqual(len(failed), 6)  # each client waits for one answer
                daemon.tolerate("has hung|SIG|code 404")

    def test_the_master_killed_ten_times(self):
        gone_after = []
        for _ in range(10):
            with self.daemon(workers=3, exits_with=-signal.SIGKILL) as daemon:
                daemon.wait_for_workers(3)
                children = processes.children(daemon.pid)
                self.assertEqual(len(children), 4)
                with Counting(daemon.address, True):
                    os.kill(daemon.pid, signal.SIGKILL)
                    began = time.monotonic()
                    until(lambda: all(processes.gone(child) for child in children), "the end of all children")
                    gone_after.append((time.monotonic() - began) * 1000)
                    daemon.socket.close()  # the last one that listens
                daemon.wait()
                processes.reap_orphans()
                with socket.create_server(("127.0.0.1", daemon.port)):
                    pass
        say(f"10 x SIGKILL of the master: all children gone after {statistics.median(gone_after):.0f} ms at the median, "
            f"{max(gone_after):.0f} at most")

    def test_workers_that_die_at_once_for_ever(self):
        with self.daemon(settings="workers: {count: 4, crash_limit: 0}", environment=DYING) as daemon:
            workers = daemon.wait_for_workers(4)
            daemon.let_workers_die()
            began = time.monotonic()
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            until(lambda: daemon.error_log.read_text().count("before it was ready") >= 3, "three of them")
            took = time.monotonic() - began
            deaths = daemon.error_log.read_text().count("before it was ready")
            say(f"a crash storm: {deaths} forks in {took:.1f} s")
            # In the place of the four that were killed, and at once after the first that died.
            self.assertLessEqual(deaths, 10 * took + 8)
            (daemon.folder / FATAL).unlink()
            daemon.wait_for_workers(4)
            daemon.tolerate("")
            self.assertEqual(get(daemon.address)[0], 200)


class Races(DaemonTest):
    def test_30_races_of_signals_leave_nothing(self):
        """The harness fails on each process, shared memory and zombie that is left."""
        seed = random.randrange(10**6)
        dice = random.Random(seed)
        many = [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM, signal.SIGQUIT, signal.SIGINT]
        ends = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)
        for race in range(30):
            signals = [dice.choice(many) for _ in range(dice.randrange(1, 8))] + [dice.choice(ends)]
            names = " ".join(each.name for each in signals)
            with self.subTest(f"seed {seed}, race {race}: {names}"):
                with self.daemon(ready=dice.random() < 0.7, binary=BASEHTTPD, settings="shutdown_timeout: 2s") as daemon:
                    if not daemon.notify.messages:
                        until(lambda: processes.title(daemon.pid) == "basehttpd: master", "a master")
                    idle = daemon.connect()
                    for each in signals:
                        daemon.send(each)
                        if dice.random() < 0.3:
                            children = processes.children(daemon.pid)
                            if children and dice.random() < 0.5:
                                with contextlib.suppress(ProcessLookupError):  # it has just left
                                    os.kill(dice.choice(children), signal.SIGKILL)
                    daemon.tolerate("")
                    self.assertEqual(daemon.wait(), 0)
                    idle.close()

    def test_upgrade_and_reloads_at_once(self):
        with self.daemon(binary=BASEHTTPD, control=True) as daemon:
            commands = ["reload", "upgrade", "reload", "reopen", "upgrade", "reload"]
            with Counting(daemon.address, True) as load:
                for _ in range(3):
                    with concurrent.futures.ThreadPoolExecutor() as callers:
                        for done in [callers.submit(ctl, daemon, command) for command in commands]:
                            done.result()  # raises where no verdict came
            daemon.tolerate("refused")
            self.assertEqual(load.failed, [])
            until(lambda: len(processes.children(daemon.pid)) == 3, "two workers and a logger")
            self.assertEqual(ctl(daemon, "stop").returncode, 0)
            self.assertEqual(daemon.wait(), 0)

    def test_a_worker_gone_mad_harms_nobody_but_itself(self):
        """It scribbles over all of the shared memory that it can reach."""
        with self.daemon(workers=2) as daemon:
            for _ in range(3):
                worker = daemon.wait_for_workers(2)[0]
                os.kill(worker, signal.SIGSTOP)
                for line in open(f"/proc/{worker}/maps", encoding="ascii"):
                    if "/dev/zero" not in line:
                        continue
                    begin, end = (int(edge, 16) for edge in line.split()[0].split("-"))
                    with open(f"/proc/{worker}/mem", "r+b", buffering=0) as memory:
                        for at in range(begin, min(end, begin + (64 << 20)), 4096):
                            memory.seek(at)
                            memory.write(random.randbytes(512))
                os.kill(worker, signal.SIGKILL)
                until(lambda: processes.gone(worker), "its end")
            daemon.tolerate("")
            since = len(daemon.notify.messages)
            daemon.notify.wait("STATUS=", since)
            self.assertEqual(get(daemon.address)[0], 200)


class Broken(DaemonTest):
    def test_kinds_of_broken_reload(self):
        def edit(daemon, old, new):
            daemon.config_file.write_text(daemon.config_file.read_text().replace(old, new))

        def occupied(daemon):
            daemon.other = socket.create_server(("127.0.0.1", 0))
            return f"listen: [\"127.0.0.1:{daemon.other.getsockname()[1]}\"]\n"

        kinds = {
            "YAML": lambda daemon: edit(daemon, "sites:", "sites: ["),
            "an unknown key": lambda daemon: edit(daemon, "sites:", "sties:"),
            "a root that is missing": lambda daemon: daemon.root.rename(daemon.folder / "away"),
            "a root that the workers cannot enter": lambda daemon: daemon.root.chmod(0o700),
            "a log folder that is missing": lambda daemon: edit(daemon, "access.log", "missing/access.log"),
            "a user that is missing": lambda daemon: edit(daemon, "user: nobody", "user: nosuchuser"),
            "a file that is missing": lambda daemon: daemon.config_file.unlink(),
            "an empty file": lambda daemon: daemon.config_file.write_text(""),
            "too many workers": lambda daemon: edit(daemon, "count: 2", "count: 500"),
        }
        if os.geteuid() != 0:
            del kinds["a user that is missing"], kinds["a root that the workers cannot enter"]
        survived = 0
        for kind, breaks in kinds.items():
            with self.subTest(kind), self.daemon(control=True) as daemon:
                before = daemon.wait_for_workers(2)
                with nothing_left(daemon), Counting(daemon.address, True) as load:
                    breaks(daemon)
                    done = ctl(daemon, "reload")
                    self.assertNotEqual(done.returncode, 0)
                    self.assertIn("refused", done.stderr)
                if kind not in ("a root that is missing", "a root that the workers cannot enter"):
                    self.assertEqual(load.failed, [])
                self.assertEqual(daemon.workers(), before)
                daemon.tolerate("")
                survived += 1
        say(f"{survived} of {len(kinds)} kinds of broken reload survived")


class Draining(DaemonTest):
    def test_20_reloads_lose_no_request_of_those_who_are_just_sending(self):
        with self.daemon(control=True) as daemon:
            with (nothing_left(daemon), Counting(daemon.address, True, 4) as kept,
                  Counting(daemon.address, False, 2) as closed):
                for _ in range(20):
                    self.assertEqual(ctl(daemon, "reload").returncode, 0)
            say(f"20 reloads: {len(kept.answered)} answered on connections that are kept, {len(kept.failed)} lost; "
                f"{len(closed.answered)} on others, {len(closed.failed)} lost")
            self.assertEqual((kept.failed, closed.failed), ([], []))

    def test_a_stop_waits_for_those_who_are_just_sending(self):
        with self.daemon() as daemon:
            answers = []
            connections = [idle_connection(daemon.address) for _ in range(20)]
            daemon.send(signal.SIGTERM)
            daemon.notify.wait("STOPPING=1")
            for connection in connections:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            for connection in connections:
                answers.append(read_all(connection))
                connection.close()
            self.assertEqual(daemon.wait(), 0)
            for answer in answers:
                self.assertTrue(answer.endswith(b"Hello</p>\n"))

    def test_what_is_late_is_ended_and_named(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number.name), self.daemon(workers=1, settings="shutdown_timeout: 1s") as daemon:
                old, = daemon.wait_for_workers(1)
                with daemon.write("big").open("wb") as file:
                    file.truncate(1 << 30)
                with daemon.connect() as download:
                    download.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
                    download.recv(1000)
                    began = time.monotonic()
                    daemon.send(number)
                    until(lambda: processes.gone(old), "its end")
                    say(f"{number.name}: gone {time.monotonic() - began:.2f} s after it, with shutdown_timeout: 1s")
                daemon.expect("not finished within shutdown_timeout")
                line, = daemon.expect(r"\[notice\].* in the middle of")
                self.assertIn("GET /big HTTP/1.1", line)


class Clock(DaemonTest):
    def test_set_back_by_an_hour(self):
        with tempfile.NamedTemporaryFile() as offset:
            offset.write(struct.pack("q", 0))
            offset.flush()
            environment = {**FAULT, "FAULT_CLOCK": offset.name}
            with self.daemon(environment=environment, settings="workers: {count: 2, watchdog: 1s}") as daemon:
                workers = daemon.wait_for_workers(2)
                with mmap.mmap(offset.fileno(), 8) as clock, Counting(daemon.address, True) as load:
                    get(daemon.address)
                    clock[:] = struct.pack("q", -3600)
                    since = len(daemon.notify.messages)
                    daemon.notify.wait("STATUS=", since)
                self.assertEqual(load.failed, [])
                self.assertEqual(daemon.workers(), workers)
                hours = {re.search(r"\[\d+/\w+/\d+:(\d+)", line).group(1) for line in daemon.access_lines()}
                self.assertGreaterEqual(len(hours), 2)
                daemon.reload()
                say(f"the clock set back by an hour: {len(load.answered)} answered, {len(load.failed)} failed")


if __name__ == "__main__":
    unittest.main(verbosity=2)
