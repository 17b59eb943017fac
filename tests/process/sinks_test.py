"""Where log lines go: sinks that fail, stall or vanish, and loggers that are killed."""

import errno
import os
import re
import shutil
import signal
import subprocess
import unittest
from collections import Counter
from contextlib import contextmanager, suppress

from clients import Load, ctl, get, lost_of
from harness import DaemonTest, until

TWO_ACCESS_LOGS = """
access: [{file: FOLDER/access.log, format: "%r"}, {file: FOLDER/other/access.log, format: "%r"}]
error: [{file: FOLDER/error.log, level: debug}]
"""


@contextmanager
def small_disk(folder, size="256k"):
    """A file system of its own at `folder`."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path):
    """Writes until the disk is full."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        while os.write(fd, b"x" * 4096):
            pass
    except OSError as error:
        assert error.errno == errno.ENOSPC, error
    finally:
        os.close(fd)


def numbered(first, count):
    return [f"/{i}" for i in range(first, first + count)]


def requests_in(lines):
    return [line.split(" ")[1] for line in lines]


class KilledLoggers(DaemonTest):
    def test_one_that_stands_still_is_replaced_and_nothing_is_lost(self):
        with self.daemon(control=True, log=TWO_ACCESS_LOGS.replace("/other/", "/other-"),
                         settings="workers: {count: 2, watchdog: 1s}") as daemon:
            logger = daemon.logger()
            daemon.tolerate(rf"logger \(pid {logger}\) was killed by SIGKILL; another takes over")
            os.kill(logger, signal.SIGSTOP)
            paths = numbered(0, 200)
            for path in paths:
                get(daemon.address, path)
            told = "the logger has hung, 0 log lines lost"
            until(lambda: any(told in text for text in daemon.notify.texts(0)), "a status that says so")
            until(lambda: daemon.logger() != logger, "another logger")
            daemon.expect(rf"the logger \(pid {logger}\) has hung .*\(1000 ms\) and is killed")
            self.assertEqual(sorted(requests_in(daemon.wait_for_access(len(paths)))), sorted(paths))
            self.assertIn("\n0 log lines lost", ctl(daemon, "status").stdout)
        self.assertIn(f"the logger (pid {logger}) has hung", daemon.output)

    def test_no_line_is_lost_and_none_is_there_twice(self):
        with self.daemon(log=TWO_ACCESS_LOGS.replace("/other/", "/other-")) as daemon:
            daemon.tolerate(r"logger \(pid \d+\) was killed by SIGKILL; another takes over")
            with Load(daemon.address, keep_alive=True, numbered=True) as load:
                for _ in range(20):
                    os.kill(daemon.logger(), signal.SIGKILL)
                    load.wait(150)
            self.assertEqual(load.failures, [])
            daemon.stop()
            for log in (daemon.access_log, daemon.folder / "other-access.log"):
                counts = Counter(log.read_text().splitlines())
                twice = [line for line, count in counts.items() if count > 1]
                self.assertEqual(twice, [])
                self.assertEqual(len(counts), len(load.answers))

    def test_killed_in_the_middle_of_a_reopen(self):
        with self.daemon(log='access: [{file: FOLDER/access.log, format: "%r"}]\nerror: [{file: FOLDER/error.log}]') as daemon:
            daemon.tolerate(r"logger \(pid \d+\) was killed by SIGKILL; another takes over")
            with Load(daemon.address, keep_alive=True, numbered=True) as load:
                for turn in range(20):
                    daemon.access_log.rename(f"{daemon.access_log}.{turn}")
                    logger = daemon.logger()
                    daemon.send(signal.SIGUSR1)
                    with suppress(ProcessLookupError):  # it may have left in order meanwhile
                        os.kill(logger, signal.SIGKILL)
                    until(daemon.access_log.exists, "a new access log")
                    load.wait(100)
            self.assertEqual(load.failures, [])
            daemon.stop()
            lines = [line for log in daemon.folder.glob("access.log*") for line in log.read_text().splitlines()]
            self.assertEqual(len(set(lines)), len(lines))
            self.assertEqual(len(lines), len(load.answers))


@unittest.skipIf(os.geteuid() != 0, "only root can mount a file system")
class FullDisk(DaemonTest):
    def test_it_delays_nothing_and_is_told_once(self):
        with self.daemon(workers=1, log=TWO_ACCESS_LOGS.replace("other/access", "access2"), control=True) as daemon:
            disk = daemon.folder / "disk"
            with small_disk(disk):
                full = disk / "access.log"
                daemon.configure(1, log=TWO_ACCESS_LOGS.replace("FOLDER/other", str(disk)), control=True)
                daemon.reload_logs()
                filler = disk / "filler"
                fill(filler)
                for target in numbered(0, 300):
                    get(daemon.address, target)
                daemon.expect(f"cannot write to {full}: No space left on device; lines are kept")
                # The other log has all lines as if nothing was.
                self.assertEqual(requests_in(daemon.wait_for_access(300)), numbered(0, 300))
                self.assertRegex(ctl(daemon, "status").stdout, f"log {full}: failing since .*No space left on device")
                filler.unlink()
                daemon.expect(f"{full} accepts lines again after .*; no line was lost")
                until(lambda: len(full.read_text().splitlines()) == 300, "all lines")
                self.assertEqual(requests_in(full.read_text().splitlines()), numbered(0, 300))
                self.assertRegex(ctl(daemon, "status").stdout, f"log {full}: good, 0 lines lost")
                told = [line for line in daemon.error_lines() if f"{full}" in line and " logger: " in line]
                self.assertEqual(len(told), 2, told)
                daemon.configure(control=True)
                daemon.reload()

    def test_lines_for_which_the_queue_has_no_room_are_counted(self):
        log = f"""
access: [{{file: FOLDER/access.log, format: "%r"}}, {{file: /dev/full, format: "%r {'x' * 60000}"}}]
error: [{{file: FOLDER/error.log, level: debug}}]
"""
        with self.daemon(log=log, control=True) as daemon:
            daemon.expect("basehttpd .* starts")
            for target in numbered(0, 200):
                get(daemon.address, target)
            daemon.wait_for_access(200)
            daemon.expect("cannot write to /dev/full: No space left on device")
            until(lambda: lost_of(daemon, "/dev/full") > 100, "losses")
            daemon.stop()
            left = daemon.expect(r"log lines for /dev/full are lost: No space left on device")
            # Those that it had dropped and those that waited.
            self.assertEqual(int(re.search(r"(\d+) log lines", left[0])[1]), 200)


class Stalled(DaemonTest):
    def test_a_reader_that_stands_still_delays_nobody(self):
        with self.daemon() as daemon:
            fifo = daemon.folder / "fifo"
            os.mkfifo(fifo)
            reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
            daemon.configure(log=TWO_ACCESS_LOGS.replace("other/access.log", "fifo"))
            daemon.reload_logs()
            count = 5000  # more than a pipe holds
            with Load(daemon.address, keep_alive=True, numbered=True) as load:
                load.wait(count)
            answered = len(load.answers)
            daemon.wait_for_access(answered)
            daemon.expect(f"cannot write to {fifo}: it accepts no data")
            os.set_blocking(reader, True)
            lines = []
            with os.fdopen(reader) as file:
                while len(lines) < answered:
                    lines.append(file.readline())
                daemon.expect(f"{fifo} accepts lines again after .*; no line was lost")
                self.assertEqual([line.rstrip("\n") for line in lines], daemon.access_lines())
                daemon.stop()


class Deleted(DaemonTest):
    def test_a_deleted_file_is_made_again_and_named_once(self):
        with self.daemon() as daemon:
            daemon.access_log.chmod(0o604)
            daemon.access_log.unlink()
            daemon.expect(f"log file {daemon.access_log} was deleted and has been re-created")
            get(daemon.address)
            daemon.wait_for_access(1)
            self.assertEqual(daemon.access_log.stat().st_mode & 0o777, 0o604)
            self.assertEqual(len(daemon.expect("was deleted")), 1)

    def test_a_deleted_folder_is_made_again(self):
        with self.daemon() as daemon:
            folder = daemon.folder / "a" / "logs"
            folder.mkdir(parents=True)
            folder.chmod(0o711)
            daemon.configure(log=TWO_ACCESS_LOGS.replace("FOLDER/other", str(folder)))
            daemon.reload_logs()
            shutil.rmtree(folder.parent)
            daemon.expect(f"log file {folder}/access.log was deleted and has been re-created")
            get(daemon.address)
            until(lambda: (folder / "access.log").read_text().count("\n") == 1, "a line")
            self.assertEqual(folder.stat().st_mode & 0o777, 0o711)

    def test_one_that_cannot_be_made_again_is_named_once(self):
        with self.daemon() as daemon:
            folder = daemon.folder / "logs"
            folder.mkdir()
            daemon.configure(log=TWO_ACCESS_LOGS.replace("FOLDER/other", str(folder)))
            daemon.reload_logs()
            shutil.rmtree(folder)
            folder.write_text("in the way")
            daemon.expect(f"a log was deleted and cannot be re-created: log file {folder}/access.log: ")
            folder.unlink()
            daemon.expect(f"log file {folder}/access.log was deleted and has been re-created")
            self.assertEqual(len(daemon.expect("cannot be re-created")), 1)


class Reopening(DaemonTest):
    def test_a_folder_that_is_gone_keeps_the_old_file_and_the_others_are_reopened(self):
        with self.daemon(control=True) as daemon:
            folder = daemon.folder / "logs"
            folder.mkdir()
            daemon.configure(log=TWO_ACCESS_LOGS.replace("FOLDER/other", str(folder)), control=True)
            daemon.reload_logs()
            moved = daemon.folder / "moved"
            folder.rename(moved)
            old = daemon.folder / "access.log.1"
            daemon.access_log.rename(old)
            answer = ctl(daemon, "reopen")
            self.assertNotEqual(answer.returncode, 0)
            self.assertIn(f"log file {folder}/access.log: open: No such file or directory", answer.stdout + answer.stderr)
            get(daemon.address)
            self.assertEqual(len(daemon.wait_for_access(1)), 1)
            self.assertEqual(old.read_text(), "")
            until(lambda: (moved / "access.log").read_text().count("\n") == 1, "a line in the old file")
            daemon.expect("not reopened, the old file stays in use: ")

    def test_in_the_middle_of_a_reload_that_adds_a_log(self):
        with self.daemon() as daemon:
            for turn in range(5):
                daemon.configure(log=TWO_ACCESS_LOGS.replace("other/access.log", f"added.{turn}"))
                since = len(daemon.notify.messages)
                daemon.send(signal.SIGHUP)
                daemon.notify.wait("RELOADING=1", since)
                daemon.send(signal.SIGUSR1)
                daemon.notify.wait("READY=1", since)
                added = daemon.folder / f"added.{turn}"
                until(lambda: get(daemon.address)[0] == 200 and added.read_text(), "a line in the new log")
            daemon.expect("the logs were reopened")

    def test_the_command_returns_when_old_files_are_never_written_again(self):
        with self.daemon(control=True) as daemon:
            with Load(daemon.address, keep_alive=True) as load:
                for turn in range(5):
                    old = daemon.folder / f"access.log.{turn}"
                    daemon.access_log.rename(old)
                    self.assertEqual(ctl(daemon, "reopen").returncode, 0)
                    size = old.stat().st_size
                    load.wait(200)
                    self.assertEqual(old.stat().st_size, size)
            self.assertEqual(load.failures, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
