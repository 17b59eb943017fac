"""Logs that are sent to somebody: the journal, here played by the test."""

import os
import re
import signal
import tempfile
import unittest
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from clients import Load, ctl, exchange, get, lost_of
from harness import DaemonTest, until
from log_receivers import Datagrams, parse_entry

JOURNAL = """
access: [{journal: {path: SOCKET}}, {file: FOLDER/access.log, format: "%r"}]
error: [{file: FOLDER/error.log, level: debug}]
"""


@contextmanager
def socket_folder():
    """Where sockets can be that are there before the daemon is, and that its user may write to."""
    with tempfile.TemporaryDirectory(prefix="basehttpd-test-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def target_of(entry):
    return parse_entry(entry)["BASEHTTPD_TARGET"].decode()


class Journal(DaemonTest):
    def setUp(self):
        self.path = self.enterContext(socket_folder()) / "socket"
        self.name = f"journal {self.path}"
        self.log = JOURNAL.replace("SOCKET", str(self.path))

    def enterContext(self, context):  # unittest has it from Python 3.11 on; the oldest here is 3.9
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def test_entries_have_the_fields_of_the_request(self):
        with Datagrams(self.path) as journal, self.daemon(workers=1, log=self.log) as daemon:
            get(daemon.address, "/?a=1", {"User-Agent": "spam\xff", "Referer": "http://eggs/"})
            get(daemon.address, "/missing")
            exchange(daemon.address, b"spam\x01\x02\r\n\r\n")
            good, missing, wrong = (parse_entry(journal.take()) for _ in range(3))
            self.assertEqual(good["MESSAGE"], b'127.0.0.1 "GET /?a=1 HTTP/1.1" 200 13')
            for name, value in {"PRIORITY": b"6", "SYSLOG_IDENTIFIER": b"basehttpd", "BASEHTTPD_STATUS": b"200",
                                "BASEHTTPD_METHOD": b"GET", "BASEHTTPD_TARGET": b"/?a=1", "BASEHTTPD_PATH": b"/",
                                "BASEHTTPD_CLIENT": b"127.0.0.1", "BASEHTTPD_BYTES": b"13", "BASEHTTPD_SITE": b"*",
                                "BASEHTTPD_USER_AGENT": b"spam\xff", "BASEHTTPD_REFERER": b"http://eggs/",
                                "BASEHTTPD_ENDED": b"complete", "BASEHTTPD_WORKER": b"1"}.items():
                self.assertEqual(good[name], value, name)
            self.assertRegex(good["BASEHTTPD_REQUEST_ID"], rb"^[0-9a-f]+-[0-9a-f]+-1$")
            self.assertGreater(int(good["BASEHTTPD_DURATION_US"]), 0)
            self.assertEqual((missing["BASEHTTPD_STATUS"], missing["PRIORITY"]), (b"404", b"5"))
            self.assertEqual((wrong["BASEHTTPD_STATUS"], wrong["BASEHTTPD_REQUEST"]), (b"400", b"spam\x01\x02"))

    def test_the_error_log(self):
        log = f"access: []\nerror: [{{journal: {{path: {self.path}}}, level: notice}}]"
        with Datagrams(self.path) as journal, self.daemon(log=log) as daemon:
            entry = parse_entry(journal.take())
            self.assertRegex(entry["MESSAGE"], rb"^master: basehttpd .* starts")
            self.assertEqual((entry["PRIORITY"], entry["BASEHTTPD_PROCESS"]), (b"5", b"master"))
            os.kill(daemon.workers()[0], signal.SIGKILL)
            death = [parse_entry(e) for e in journal.take_until(lambda e: b"was killed by SIGKILL" in e)][-1]
            self.assertLessEqual(int(death["PRIORITY"]), 4)

    def test_one_that_stands_still_delays_nobody_and_its_losses_are_counted(self):
        with Datagrams(self.path) as journal, self.daemon(log=self.log, control=True) as daemon:
            agent = {"User-Agent": "x" * 4000}
            with Load(daemon.address, keep_alive=True, numbered=True, headers=agent) as load:
                load.wait(3000)  # more than a queue of 4 MiB and a socket hold
            self.assertEqual(load.failures, [])
            answered = len(load.answers)
            daemon.wait_for_access(answered)
            daemon.expect(f"cannot write to {self.name}: it accepts no data")
            self.assertRegex(ctl(daemon, "status").stdout, f"log {self.name}: failing since .*it accepts no data")
            lost = until(lambda: lost_of(daemon, self.name), "a loss")
            targets = [target_of(journal.take()) for _ in range(answered - lost)]
            said = daemon.expect(f"{self.name} accepts lines again after .*; [0-9 ]+ lines were lost")
            self.assertEqual(int(re.search(r"; ([0-9 ]+) lines", said[0])[1].replace(" ", "")), lost)
            self.assertRegex(ctl(daemon, "status").stdout, f"log {self.name}: good, {lost} lines lost")
            self.assertEqual([t for t, count in Counter(targets).items() if count > 1], [])
            get(daemon.address, "/after")
            self.assertEqual(target_of(journal.take()), "/after")
            told = [line for line in daemon.error_lines() if self.name in line and " logger: " in line]
            self.assertEqual(len(told), 2, told)

    def test_killed_loggers_lose_nothing_while_it_stands_still(self):
        with Datagrams(self.path) as journal, self.daemon(log=self.log) as daemon:
            daemon.tolerate(r"logger \(pid \d+\) was killed by SIGKILL; another takes over")
            daemon.tolerate("it accepts no data")
            with Load(daemon.address, keep_alive=True, numbered=True) as load:
                for _ in range(5):
                    os.kill(daemon.logger(), signal.SIGKILL)
                    load.wait(200)
            answered = len(load.answers)
            targets = [target_of(journal.take()) for _ in range(answered)]
            get(daemon.address, "/last")
            targets += [target_of(e) for e in journal.take_until(lambda e: target_of(e) == "/last")]
            # A logger that dies between the sending of an entry and its note of that sends it once more.
            twice = [t for t, count in Counter(targets).items() if count > 1]
            self.assertLessEqual(len(twice), 5)
            self.assertEqual(len(set(targets)), answered + 1)

    def test_another_socket_in_its_place_is_found_without_a_word(self):
        with Datagrams(self.path) as journal, self.daemon(log=self.log) as daemon:
            get(daemon.address, "/1")
            self.assertEqual(target_of(journal.take()), "/1")
            journal.close()
            with Datagrams(self.path) as other:
                get(daemon.address, "/2")
                self.assertEqual(target_of(other.take()), "/2")

    def test_one_that_is_not_there_at_first_gets_all_lines(self):
        with self.daemon(workers=1, log=self.log) as daemon:
            for number in range(20):
                get(daemon.address, f"/{number}")
            daemon.expect(f"cannot write to {self.name}: No such file or directory")
            with Datagrams(self.path) as journal:
                self.assertEqual([target_of(journal.take()) for _ in range(20)], [f"/{n}" for n in range(20)])
                daemon.expect(f"{self.name} accepts lines again after .*; no line was lost")


if __name__ == "__main__":
    unittest.main(verbosity=2)
