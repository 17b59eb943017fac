"""Logs that are piped to programs: which live, die, are replaced, never start or never read."""

import os
import re
import signal
import subprocess
import unittest
from contextlib import contextmanager

import counting
import processes
from clients import Load, ctl, get
from counting import Counting
from harness import BASEHTTPD, DaemonTest, until

ROTATELOGS = "rotatelogs FOLDER/out/access.%Y 86400"
KILLED_LOGGER = r"logger \(pid \d+\) was killed by SIGKILL; another takes over"
KILLED_PROGRAM = r"log program '.*' \(pid \d+\) was killed by SIGKILL; it "


def piped(command, more="", line='"%r"', errors=""):
    """The `log` of a daemon whose access log goes to a program."""
    quoted = command.replace("'", "''")
    return f"""
access:
  - {{pipe: '{quoted}', format: '{line}'}}
{more}
error:
  - {{file: FOLDER/error.log, level: debug}}
{errors}
"""


def append(name):
    """A program, called `cat`, that appends what it reads to a file in `out`."""
    return f"sh -c 'exec cat >> FOLDER/out/{name}'"


def programs(daemon, name):
    return processes.children_titled(daemon.pid, name)


def one(daemon, name, but=()):
    """The pid of the one program of that name that is none of `but`."""
    found = until(lambda: [pid for pid in programs(daemon, name) if pid not in but], f"a process {name}")
    assert len(found) == 1, found
    return found[0]


def lines_of(daemon, pattern="*"):
    """All that programs have written to the daemon's folder `out`."""
    return [line for file in sorted((daemon.folder / "out").glob(pattern)) for line in file.read_text().splitlines()]


class PipeTest(DaemonTest):
    @contextmanager
    def piping(self, command, *, more="", line='"%r"', errors="", **options):
        """A daemon whose programs may write to its folder `out`."""
        with self.daemon(control=True, **options) as daemon:
            out = daemon.folder / "out"
            out.mkdir()
            out.chmod(0o777)
            daemon.tolerate("it accepts no data; lines are kept")  # a machine that stands still for half a second is enough
            self.use(daemon, command, more, line, errors)
            yield daemon

    @staticmethod
    def use(daemon, command, more="", line='"%r"', errors=""):
        daemon.configure(log=piped(command, more, line, errors), control=True)
        daemon.reload_logs()

    def check_all_there(self, daemon, load):
        seen = counting.numbers(lines_of(daemon))
        faults = {
            "requests with several lines": {number for number, times in seen.items() if times != 1},
            "answered requests without a line": load.answered - set(seen),
            "lines of requests that nobody made": set(seen) - load.answered - load.cut_off,
        }
        for what, wrong in faults.items():
            self.assertEqual(sorted(wrong)[:10], [], f"{len(wrong)} {what}, of {len(load.answered)}")


class Running(PipeTest):
    def test_rotatelogs_gets_all_lines(self):
        with self.piping(ROTATELOGS) as daemon:
            with Counting(daemon.address) as load:
                load.wait(2000)
            daemon.stop()
            self.check_all_there(daemon, load)

    def test_a_program_has_what_it_needs_and_nothing_else(self):
        with self.piping("sh -c 'exec cat /dev/stdin'", environment={"LC_TIME": "C", "DATABASE_PASSWORD": "secret"}) as daemon:
            pid = one(daemon, "cat")
            user = "65534" if os.geteuid() == 0 else str(os.geteuid())
            self.assertEqual(processes.status(pid, "Uid"), [user] * 4)
            self.assertEqual(processes.status(pid, "NoNewPrivs"), ["1"])
            self.assertEqual(int(processes.status(pid, "SigIgn")[0], 16), 0)
            self.assertEqual(int(processes.status(pid, "SigBlk")[0], 16), 0)
            self.assertEqual(os.getsid(pid), pid)
            until(lambda: processes.descriptors(pid) == 4, "standard streams and /dev/stdin")
            environment = dict(each.partition(b"=")[::2] for each in
                               open(f"/proc/{pid}/environ", "rb").read().split(b"\0"))
            self.assertEqual(environment.pop(b"PATH"), os.environb[b"PATH"])
            self.assertEqual(environment.pop(b"LC_TIME"), b"C")
            self.assertLessEqual(environment.keys(), {b"", b"PWD", b"OLDPWD", b"SHLVL", b"_", b"LANG", b"LANGUAGE", b"TZ", b"TMPDIR",
                                                      *(name for name in os.environb if name.startswith(b"LC_"))})

    def test_an_error_log_and_two_access_logs(self):
        more = f'  - {{pipe: "{append("second")}", format: common}}'
        errors = f'  - {{pipe: "{append("errors")}", level: debug}}'
        with self.piping(append("first"), more=more, errors=errors) as daemon:
            get(daemon.address)
            daemon.stop()
            self.assertEqual(lines_of(daemon, "first"), ['"GET / HTTP/1.1"'])
            self.assertRegex(lines_of(daemon, "second")[0], r'^127\.0\.0\.1 - - \[.*"GET / HTTP/1\.1" 200 ')
            self.assertRegex("\n".join(lines_of(daemon, "errors")), r"\[notice\] master: stopped")

    def test_a_line_longer_than_a_page_is_whole(self):
        with self.piping(append("log"), line="%{User-Agent}i" * 5) as daemon:
            agents = [letter * 4000 for letter in "abcdefgh"]
            for agent in agents:
                get(daemon.address, headers={"User-Agent": agent})
                get(daemon.address, headers={"User-Agent": "short"})
            daemon.stop()
            self.assertEqual(sorted(lines_of(daemon)), sorted(line * 5 for line in agents + ["short"] * len(agents)))


class Dying(PipeTest):
    def test_a_program_that_is_killed_is_replaced_and_loses_at_most_what_it_had_read(self):
        with self.piping(ROTATELOGS) as daemon:
            daemon.tolerate(KILLED_PROGRAM)
            killed = []
            with Counting(daemon.address) as load:
                for _ in range(4):
                    killed.append(one(daemon, "rotatelogs", but=killed))
                    os.kill(killed[-1], signal.SIGKILL)
                    load.wait(200)
            daemon.stop()
            lines = lines_of(daemon)
            seen = counting.numbers(lines)  # all of them whole
            self.assertEqual([number for number, times in seen.items() if times != 1], [])
            # It reads 64 KiB at most at a time.
            self.assertLess(len(load.answered - set(seen)), 4 * 65536 / len('"GET /?n=0 HTTP/1.1"\n'))

    def test_what_a_dead_program_has_not_read_the_next_one_reads(self):
        with self.piping("cat") as daemon:
            go = daemon.folder / "go"
            os.mkfifo(go)
            go.chmod(0o666)
            self.use(daemon, "sh -c 'cat FOLDER/go; exec cat >> FOLDER/out/log'")
            daemon.tolerate(KILLED_PROGRAM)
            first = one(daemon, "sh")
            with Counting(daemon.address, count=500) as load:
                load.join()
            os.kill(first, signal.SIGKILL)
            one(daemon, "sh", but=[first])
            go.write_text("")
            until(lambda: len(lines_of(daemon)) == 500, "500 lines")
            daemon.stop()
            self.check_all_there(daemon, load)

    def test_one_that_died_within_a_line_leaves_none_of_it_to_the_next(self):
        with self.piping("sh -c 'test -e FOLDER/out/part && exec cat >> FOLDER/out/log; head -c 9 > FOLDER/out/part'") as daemon:
            daemon.tolerate(r"log program '.*' \(pid \d+\) exited with 0; it is restarted")
            for number in range(5):
                get(daemon.address, f"/{number}")
            until(lambda: len(lines_of(daemon, "log")) == 4, "four lines")
            daemon.stop()
            # Two workers: which of two answers has its line first is not said.
            *whole, part = lines_of(daemon)
            self.assertEqual(len(part), len('"GET /0 H'))
            self.assertEqual(sorted([*whole, part + 'TTP/1.1"']), [f'"GET /{number} HTTP/1.1"' for number in range(5)])

    def test_loggers_that_are_killed_lose_nothing(self):
        with self.piping(ROTATELOGS) as daemon:
            daemon.tolerate(KILLED_LOGGER)
            program = one(daemon, "rotatelogs")
            with Counting(daemon.address) as load:
                for _ in range(20):
                    os.kill(daemon.logger(), signal.SIGKILL)
                    load.wait(150)
            self.assertEqual(one(daemon, "rotatelogs"), program)
            daemon.stop()
            self.check_all_there(daemon, load)

    @unittest.skipIf(os.geteuid() != 0, "only root can trace the logger")
    def test_a_logger_that_is_killed_right_after_a_write_leaves_no_line_twice(self):
        with self.piping(append("log")) as daemon:
            daemon.tolerate(KILLED_LOGGER)
            for when in ("delay_exit", "delay_enter"):
                logger = daemon.logger()
                tracer = subprocess.Popen(
                    ["strace", "-p", str(logger), "-e", "trace=splice", "-e", f"inject=splice:{when}=60000000"],
                    stderr=subprocess.PIPE, text=True)
                self.assertIn("attached", tracer.stderr.readline())
                get(daemon.address, f"/{when}")
                if when == "delay_exit":
                    until(lambda: len(lines_of(daemon)) == 1, "a line")
                else:
                    until(lambda: "splice(" in (tracer.stderr.read(8) or ""), "a system call under way")
                os.kill(logger, signal.SIGKILL)
                tracer.kill()
                tracer.communicate()
                until(lambda: daemon.logger() != logger, "another logger")
            get(daemon.address, "/last")
            daemon.stop()
            self.assertEqual(lines_of(daemon), [f'"GET /{name} HTTP/1.1"' for name in ("delay_exit", "delay_enter", "last")])

    def test_a_program_ends_when_the_master_is_killed(self):
        with self.piping(append("log"), exits_with=-signal.SIGKILL) as daemon:
            program = one(daemon, "cat")
            get(daemon.address)
            until(lambda: lines_of(daemon), "a line")
            daemon.process.kill()
            daemon.wait()
            until(lambda: processes.gone(program), "the program's end")
            self.assertEqual(lines_of(daemon), ['"GET / HTTP/1.1"'])
            until(lambda: not [pid for pid in processes.children(os.getpid())], "nothing left")


class Failing(PipeTest):
    def test_one_that_never_starts_is_tried_less_and_less_often(self):
        with self.piping("sh -c 'date +%s%N >> FOLDER/out/starts; exit 3'") as daemon:
            started = until(lambda: len(lines_of(daemon)) >= 5 and [int(line) for line in lines_of(daemon)], "five starts")
            gaps = [later - earlier for earlier, later in zip(started, started[1:])]
            for gap, least in zip(gaps, (0, 90_000_000, 180_000_000, 360_000_000)):
                self.assertGreater(gap, least, gaps)
            told = daemon.expect(r"log program '.*' \(pid \d+\) exited with 3; it ")
            self.assertEqual([re.search("; it (.*)", line)[1] for line in told],
                             ["is restarted", "keeps failing, so it is restarted after delays of up to 30 s"])

    def test_one_that_is_good_again_is_told(self):
        with self.piping("sh -c 'test -e FOLDER/good || exit 1; exec cat >> FOLDER/out/log'") as daemon:
            daemon.expect(r"keeps failing")
            get(daemon.address)
            (daemon.folder / "good").touch()
            daemon.expect(r"log program '.*' \(pid \d+\) runs again")
            until(lambda: len(lines_of(daemon)) == 1, "the line that has waited")
            daemon.tolerate("exited with 1")

    def test_one_that_never_reads_delays_nobody_and_its_losses_are_counted(self):
        more = '  - {file: FOLDER/access.log, format: "%r"}'
        with self.piping("sleep 1000", more=more, line="%r " + "x" * 60_000) as daemon:
            with Load(daemon.address, keep_alive=True) as load:
                load.wait(300)
            self.assertEqual(load.failures, [])
            daemon.wait_for_access(len(load.answers))
            daemon.expect("cannot write to pipe sleep 1000: it accepts no data")
            until(lambda: self.lost(daemon) > 0, "losses")
            status = ctl(daemon, "status").stdout
            self.assertRegex(status, r"log pipe sleep 1000: failing since .*, it accepts no data; \d+ lines lost")
            daemon.stop()
            daemon.expect("log lines for pipe sleep 1000 are lost: it accepts no data")

    def test_one_that_stands_still_loses_nothing_and_tears_nothing(self):
        with self.piping(append("log"), line="%q" + "x" * 60_000) as daemon:
            program = one(daemon, "cat")
            os.kill(program, signal.SIGSTOP)
            with Counting(daemon.address, count=40) as load:  # more than the pipe holds
                load.join()
            daemon.expect("it accepts no data; lines are kept")
            os.kill(program, signal.SIGCONT)
            daemon.expect("accepts lines again after .*; no line was lost")
            daemon.stop()
            self.assertEqual(sorted(lines_of(daemon)), sorted(f"?n={number}" + "x" * 60_000 for number in range(40)))

    @staticmethod
    def lost(daemon):
        return int(re.search(r"^log pipe .*?(\d+) lines lost", ctl(daemon, "status").stdout, re.M)[1])


class Changing(PipeTest):
    def test_a_reload_keeps_starts_and_ends_programs(self):
        with self.piping(append("kept")) as daemon:
            kept = one(daemon, "cat")
            with Counting(daemon.address) as load:
                load.wait(200)
                self.use(daemon, append("kept"), "  - {pipe: 'rotatelogs FOLDER/out/other 86400'}")
                self.assertEqual(one(daemon, "cat"), kept)
                other = one(daemon, "rotatelogs")
                load.wait(200)
                self.use(daemon, append("kept"))
                until(lambda: processes.gone(other), "the other program's end")
                self.assertEqual(one(daemon, "cat"), kept)
                load.wait(200)
                self.use(daemon, append("later"))
                until(lambda: processes.gone(kept), "the first program's end")
            daemon.stop()
            self.assertGreater(len(lines_of(daemon, "later")), 0)
            self.assertGreater(len(lines_of(daemon, "other.*")), 100)
            for file in (daemon.folder / "out").glob("other.*"):
                file.unlink()
            self.check_all_there(daemon, load)

    def test_a_refused_reload_starts_nothing(self):
        with self.piping(append("log")) as daemon:
            program = one(daemon, "cat")
            daemon.configure(log=piped("no-such-program"), control=True)
            answer = ctl(daemon, "reload")
            self.assertNotEqual(answer.returncode, 0)
            self.assertIn("there is no program 'no-such-program' in any directory of PATH", answer.stdout + answer.stderr)
            daemon.expect("reload refused")
            daemon.tolerate("no program")
            self.assertEqual(one(daemon, "cat"), program)

    def test_a_reopen_returns_when_the_programs_before_have_ended(self):
        with self.piping("sh -c 'cat >> FOLDER/out/log.$$; echo done >> FOLDER/out/ended'") as daemon:
            with Counting(daemon.address) as load:
                pids = []
                for turn in range(5):
                    pids.append(one(daemon, "sh", but=pids))
                    load.wait(100)
                    self.assertEqual(ctl(daemon, "reopen").returncode, 0)
                    self.assertTrue(processes.gone(pids[-1]))
                    self.assertEqual(len(lines_of(daemon, "ended")), turn + 1)
            daemon.stop()
            self.assertEqual(len(lines_of(daemon, "ended")), 6)
            (daemon.folder / "out" / "ended").unlink()
            self.check_all_there(daemon, load)

    def test_a_stop_waits_for_the_programs(self):
        with self.piping("sh -c 'while read -r line; do echo \"$line\"; done > FOLDER/out/log'") as daemon:
            with Counting(daemon.address, count=2000) as load:
                load.join()
            daemon.stop()
            self.check_all_there(daemon, load)

    def test_upgrades_lose_nothing(self):
        with self.piping(ROTATELOGS, binary=BASEHTTPD) as daemon:
            old = []
            with Counting(daemon.address) as load:
                for _ in range(3):
                    old.append(one(daemon, "rotatelogs", but=old))
                    load.wait(100)
                    daemon.install(BASEHTTPD)
                    upgraded = ctl(daemon, "upgrade")
                    self.assertEqual(upgraded.returncode, 0, upgraded.stderr)
                    load.wait(100)
                    until(lambda: processes.gone(old[-1]), "the end of the program before the upgrade")
            daemon.stop()
            self.check_all_there(daemon, load)


if __name__ == "__main__":
    unittest.main(verbosity=2)
