"""Which log a line goes to, and what it says there."""

import json
import os
import signal
import socket
import subprocess
import unittest

from clients import BASEHTTPCTL, ctl, get
from harness import DaemonTest, until


def lines_of(path):
    """The lines of a log that may not be there."""
    return path.read_text().splitlines() if path.exists() else []


def send(address, request):
    """Sends bytes that need not be a request, and reads all that comes."""
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass


class When(DaemonTest):
    LOG = """
access:
  - {file: FOLDER/access.log, format: "%>s %U"}
  - {file: FOLDER/chosen.log, format: "%>s %U", when: WHEN}
error: [{file: FOLDER/error.log, level: debug}]
"""

    def chosen(self, when, requests):
        """The lines of a log with that condition after all of the requests, which are bytes or targets."""
        with self.daemon(workers=1, log=self.LOG.replace("WHEN", when)) as daemon:
            for request in requests:
                if isinstance(request, bytes):
                    send(daemon.address, request)
                else:
                    get(daemon.address, request)
            daemon.wait_for_access(len(requests))
            daemon.stop()
            return lines_of(daemon.folder / "chosen.log")

    REQUESTS = ["/", "/api/x", "/api/health", "/a%70i/%79", b"\x16\x03\x01 no request\r\n\r\n", b"GET /api/x HTTP/1.1\r\nHost: a b\r\n\r\n"]

    def test_path(self):
        self.assertEqual(self.chosen('{path: ["/api/*", "!/api/health"]}', self.REQUESTS),
                         ["404 /api/x", "404 /a%70i/%79", "400 /api/x"])

    def test_status(self):
        self.assertEqual(self.chosen("{status: [2xx, 400]}", self.REQUESTS), ["200 /", "400 -", "400 /api/x"])

    def test_slower(self):
        self.assertEqual(self.chosen("{slower: 1h}", self.REQUESTS), [])

    def test_a_reload_changes_it(self):
        with self.daemon(workers=1, log=self.LOG.replace("WHEN", "{status: 404}")) as daemon:
            get(daemon.address, "/none")
            daemon.wait_for_access(1)
            daemon.configure(1, log=self.LOG.replace("WHEN", "{status: 200}"))
            daemon.reload_logs()
            daemon.expect(r"log\.access\[.*chosen\.log\]\.when\.status: 404 -> 200")
            get(daemon.address, "/gone")
            get(daemon.address, "/")
            daemon.stop()
            self.assertEqual(lines_of(daemon.folder / "chosen.log"), ["404 /none", "200 /"])

    def test_a_sample_is_counted_through_the_death_of_loggers(self):
        when = '{path: "/s/*", sample: 10}'
        with self.daemon(workers=1, log=self.LOG.replace("WHEN", when)) as daemon:
            daemon.tolerate(r"logger \(pid \d+\) was killed by SIGKILL; another takes over")
            for i in range(100):
                get(daemon.address, f"/s/{i}")
                get(daemon.address, "/other")
                if i % 9 == 0:
                    daemon.wait_for_access(2 * (i + 1))
                    logger = daemon.logger()
                    os.kill(logger, signal.SIGKILL)
                    until(lambda: daemon.logger() != logger, "another logger")
            daemon.stop()
            self.assertEqual(lines_of(daemon.folder / "chosen.log"), [f"404 /s/{i}" for i in range(0, 100, 10)])


class Sites(DaemonTest):
    LOG = """
access: [{file: FOLDER/access.log, format: "%v %U"}]
error: [{file: FOLDER/error.log, level: debug}]
"""
    SITES = """
sites:
  - {root: root}
  - host: [a.example, www.a.example]
    root: root
    log: {access: [{file: a.log, format: "%U %{X-Spam}i"}], error: [{file: a-error.log, level: debug}]}
  - host: b.example
    root: root
    log: {access: []}
  - host: c.example
    root: root
    log: {error: [{file: a-error.log, level: critical}]}
"""
    WITHOUT = "sites:\n  - {root: root}\n  - {host: [a.example, www.a.example], root: root}\n"

    def ask(self, daemon, host, target="/", **fields):
        get(daemon.address, target, {"Host": host, **fields})

    def test_each_has_its_own_in_the_place_of_the_daemons(self):
        with self.daemon(workers=1, log=self.LOG, settings=self.SITES, control=True) as daemon:
            for host in ("a.example", "WWW.a.example:80", "b.example", "c.example", "d.example"):
                self.ask(daemon, host, f"/of-{host[:5]}", **{"X-Spam": "eggs"})
            send(daemon.address, b"no request\r\n\r\n")
            daemon.wait_for_access(3)
            status = ctl(daemon, "status").stdout
            self.assertIn(f"log {daemon.folder}/a.log: good, 0 lines lost", status)
            self.assertIn(f"log {daemon.folder}/a-error.log: good, 0 lines lost", status)
            daemon.stop()
            folder = daemon.folder
            self.assertEqual(lines_of(folder / "a.log"), ["/of-a.exa eggs", "/of-WWW.a eggs"])
            self.assertEqual(daemon.access_lines(), ["c.example /of-c.exa", "d.example /of-d.exa", "- -"])
            self.assertEqual([line.split('"')[1] for line in lines_of(folder / "a-error.log")],
                             ["GET /of-a.exa HTTP/1.1\\", "GET /of-WWW.a HTTP/1.1\\"])
            errors = "\n".join(daemon.error_lines())
            for path, there in (("/of-a", False), ("/of-b", True), ("/of-c", False), ("/of-d", True), ("code 400", True)):
                self.assertEqual(path in errors, there, path)

    def test_basehttpctl_logs_reads_all_of_them(self):
        with self.daemon(workers=1, log=self.LOG.replace("%v %U", "%h %l %u %t \\\"%r\\\" %>s %b"),
                         settings=self.SITES.replace("%U %{X-Spam}i", "json")) as daemon:
            self.ask(daemon, "a.example", "/of-a")
            self.ask(daemon, "d.example", "/of-d")
            daemon.wait_for_access(1)
            until(lambda: lines_of(daemon.folder / "a.log"), "a line of the site")
            shown = subprocess.run([BASEHTTPCTL, "logs", "-c", daemon.config_file, "--json"], capture_output=True, text=True,
                                   check=True, timeout=30).stdout
            self.assertEqual(sorted(json.loads(line)["target"] for line in shown.splitlines()), ["/of-a", "/of-d"])

    def test_a_reload_adds_and_removes_them_and_a_reopen_opens_them(self):
        with self.daemon(workers=1, log=self.LOG, settings=self.WITHOUT, control=True) as daemon:
            own = daemon.folder / "a.log"
            self.ask(daemon, "a.example", "/1")
            daemon.wait_for_access(1)
            daemon.configure(1, log=self.LOG, settings=self.SITES, control=True)
            daemon.reload_logs()
            self.ask(daemon, "a.example", "/2")
            until(lambda: lines_of(own) == ["/2 -"], "a line in the site's log")
            own.rename(f"{own}.1")
            self.assertEqual(ctl(daemon, "reopen").returncode, 0)
            self.ask(daemon, "a.example", "/3")
            until(lambda: lines_of(own) == ["/3 -"], "a line in the new log of the site")
            daemon.configure(1, log=self.LOG, settings=self.WITHOUT, control=True)
            daemon.reload_logs()
            self.ask(daemon, "a.example", "/4")
            self.assertEqual(daemon.wait_for_access(2), ["a.example /1", "a.example /4"])
            self.assertNotIn("a.log", ctl(daemon, "status").stdout)
            self.assertEqual(lines_of(daemon.folder / "a.log.1") + lines_of(own), ["/2 -", "/3 -"])

    def test_there_may_be_more_than_the_usual_limit_of_descriptors(self):
        sites = "".join(f"  - {{host: h{i}.example, root: root, log: {{access: [{{file: h{i}.log, format: '%U'}}]}}}}\n"
                        for i in range(300))
        with self.daemon(workers=1, log=self.LOG, settings=f"sites:\n{sites}", ulimit="-Sn 256", control=True) as daemon:
            for i in (0, 299):
                self.ask(daemon, f"h{i}.example", f"/{i}")
                until(lambda: lines_of(daemon.folder / f"h{i}.log") == [f"/{i}"], "its line")
            daemon.reload()
            self.assertEqual(ctl(daemon, "reopen").returncode, 0)

    def test_a_request_whose_worker_died_is_in_its_sites_logs(self):
        with self.daemon(workers=1, log=self.LOG, settings=self.SITES) as daemon:
            with daemon.write("big").open("wb") as file:
                file.truncate(1 << 30)
            worker, = daemon.wait_for_workers(1)
            with daemon.connect() as connection:
                connection.sendall(b"GET /big HTTP/1.1\r\nHost: www.a.example\r\n\r\n")
                connection.recv(1000)
                os.kill(worker, signal.SIGKILL)
                until(lambda: lines_of(daemon.folder / "a.log") == ["/big -"], "the line of the request")
            daemon.expect(r"worker 1 .* was killed by SIGKILL")
            until(lambda: lines_of(daemon.folder / "a-error.log"), "an error line")
            self.assertRegex(lines_of(daemon.folder / "a-error.log")[0], r"in the middle of .*/big.*, id [0-9a-f]{8}-1-1$")
            self.assertEqual(daemon.access_lines(), [])


class Privacy(DaemonTest):
    def test_no_access_log_has_whole_addresses(self):
        log = """
access:
  - {file: FOLDER/access.log, format: '%h %a %{c}a %{remote}p "%{X-Forwarded-For}i"'}
  - {file: FOLDER/access.json, format: 'json %{Forwarded}i'}
error: [{file: FOLDER/error.log, level: debug}]
privacy: {ipv4: 8}
"""
        with self.daemon(workers=1, log=log) as daemon:
            get(daemon.address, "/missing", {"X-Forwarded-For": "192.0.2.77:99, 2001:db8::7",
                                             "Forwarded": 'for="[2001:db8::7]:1", for=192.0.2.77'})
            daemon.expect("127.0.0.1: code 404")
            daemon.stop()
            self.assertEqual(daemon.access_lines(), ['127.0.0.0 127.0.0.0 127.0.0.0 - "192.0.0.0, 2001:db8::7"'])
            record = json.loads((daemon.folder / "access.json").read_text())
            self.assertEqual((record["client"], record["client_port"], record["peer"], record["peer_port"]),
                             ("127.0.0.0", 0, "127.0.0.0", 0))
            self.assertEqual(record["server"], "127.0.0.1")
            self.assertEqual(record["fields"]["request"]["Forwarded"], 'for="[2001:db8::7]", for=192.0.0.0')


class Repeats(DaemonTest):
    def test_they_are_folded(self):
        with self.daemon(workers=1) as daemon:
            for _ in range(20):
                get(daemon.address, "/missing")
            get(daemon.address, "/other")
            lines = daemon.expect(r"repeated 19 times")
            self.assertRegex(lines[0], r'127\.0\.0\.1: code 404, .* \(repeated 19 times\), id [0-9a-f]{8}-14-1$')
            told = [line for line in daemon.error_lines() if "/missing" in line]
            self.assertEqual(len(told), 2, told)
            self.assertRegex(told[0], r'request .*"GET /missing HTTP/1.1.*", id [0-9a-f]{8}-1-1$')


if __name__ == "__main__":
    unittest.main()
