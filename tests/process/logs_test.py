"""The access log and the error log, and their rotation."""

import re
import signal
import subprocess
import unittest

from clients import Load, curl, exchange, get
from harness import DaemonTest, until

COMBINED = (
    r'^127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "GET /a\?b HTTP/1\.1" 404 (\d+) '
    r'"http://from\.example/" "a browser"$'
)


class Logs(DaemonTest):
    def test_a_combined_line(self):
        with self.daemon() as daemon:
            answer = curl(daemon.url("/a?b"), "-e", "http://from.example/", "-A", "a browser")
            (line,) = daemon.wait_for_access(1)
            match = re.match(COMBINED, line)
            self.assertIsNotNone(match, line)
            self.assertEqual(int(match[1]), len(answer.body))

    def test_one_line_a_request_in_order_of_completion(self):
        with self.daemon(workers=1) as daemon:
            for i in range(20):
                get(daemon.address, f"/{i}")
            lines = daemon.wait_for_access(20)
            self.assertEqual([line.split('"')[1] for line in lines], [f"GET /{i} HTTP/1.1" for i in range(20)])

    def test_pipelined_requests_have_a_line_each(self):
        with self.daemon() as daemon:
            request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
            exchange(daemon.address, request * 9 + request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            self.assertEqual(len(daemon.wait_for_access(10)), 10)

    def test_garbage_gets_4xx_and_is_escaped(self):
        with self.daemon() as daemon:
            daemon.tolerate("code 505, ")
            garbage = [
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
                b"GET /\x1b[2J HTTP/1.1\r\nHost: x\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: a\x07\"\\\r\nConnection: close\r\n\r\n",
                b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nReferer: \xc3\xbc\r\nConnection: close\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                b"GET / HTTP/9.1\r\nHost: x\r\n\r\n",
                b"\0" * 100 + b"\r\n\r\n",
                b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 40000 + b"\r\n\r\n",
            ]
            for sent in garbage:
                answer = exchange(daemon.address, sent)
                with self.subTest(sent=sent[:40]):
                    self.assertRegex(answer, rb"^HTTP/1\.1 [45]\d\d |^HTTP/1\.1 200 |<h1>Error|<!DOCTYPE")
            daemon.wait_for_access(len(garbage))
            raw = daemon.access_log.read_bytes() + daemon.error_log.read_bytes()
            self.assertEqual(re.findall(rb"[^\n\x20-\x7e]", raw), [])
            self.assertEqual(len(daemon.access_lines()), len(garbage))

    def test_the_error_log_is_a_file_of_its_own(self):
        with self.daemon() as daemon:
            get(daemon.address, "/missing")
            daemon.wait_for_access(1)
            self.assertRegex(daemon.error_lines()[0], r"^\d{4}-\d\d-\d\dT[\d:.]+[+-]\d{4} \[notice\] master: basehttpd ")
            self.assertNotIn("starts", daemon.access_log.read_text())

    def test_reopen_loses_no_line(self):
        with self.daemon() as daemon:
            with Load(daemon.address, keep_alive=True) as load:
                for turn in range(3):
                    daemon.access_log.rename(f"{daemon.access_log}.{turn}")
                    daemon.error_log.rename(f"{daemon.error_log}.{turn}")
                    daemon.send(signal.SIGUSR1)
                    until(daemon.error_log.exists, "a new error log")
                    daemon.expect("the logs were reopened")
                    load.wait(50)
            self.assertEqual(load.failures, [])
            daemon.stop()
            files = [daemon.access_log, *daemon.folder.glob("access.log.*")]
            self.assertEqual(len(files), 4)
            self.assertEqual(sum(len(file.read_text().splitlines()) for file in files), len(load.answers))

    def test_reopen_in_the_middle_of_a_reload(self):
        with self.daemon() as daemon:
            for turn in range(10):
                since = len(daemon.notify.messages)
                daemon.send(signal.SIGHUP)
                daemon.access_log.rename(f"{daemon.access_log}.{turn}")
                daemon.send(signal.SIGUSR1)
                daemon.notify.wait("READY=1", since)
                until(daemon.access_log.exists, "a new access log")
                # Until the loggers have changed, lines may still go to the old file.
                until(lambda: get(daemon.address) and daemon.access_log.stat().st_size > 0, "a line in the new file")

    def test_reopen_is_done_soon_under_the_heaviest_load(self):
        with self.daemon() as daemon:
            load = subprocess.Popen(["ab", "-q", "-n", "200000", "-c", "64", "-k", daemon.url("/")],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                daemon.wait_for_access(5000)
                daemon.access_log.rename(f"{daemon.access_log}.1")
                daemon.send(signal.SIGUSR1)
                daemon.expect("the logs were reopened")
                until(lambda: daemon.access_log.stat().st_size > 0, "lines in the new file")
                self.assertIsNone(load.poll(), "the load ended before the logs were reopened")
            finally:
                load.terminate()
                load.wait()

    def test_reopen_that_fails_keeps_the_old_files(self):
        with self.daemon() as daemon:
            kept = daemon.folder / "kept.log"
            daemon.access_log.rename(kept)
            daemon.access_log.mkdir()
            daemon.send(signal.SIGUSR1)
            daemon.expect("not reopened, the old file stays in use: .*access.log")
            get(daemon.address)
            until(lambda: len(kept.read_text().splitlines()) == 1, "a line in the old file")


if __name__ == "__main__":
    unittest.main(verbosity=2)
