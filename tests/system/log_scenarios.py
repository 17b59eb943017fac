"""Logs that go to the real journald, by its own protocol and by /dev/log."""

import json
import re

from client import Load, get
from machine import wait_until
from scenario import CONFIG, PAGE, UNIT, Scenario, load_runs

YAML = """
listen: [0.0.0.0:80]
sites: [{root: /var/www/html}]
log:
  access:
    - {file: /var/log/basehttpd/access.log, format: combined}
    - {journal: {}}
    - {syslog: {facility: local3, tag: spam}, format: '%r'}
  error:
    - {file: /var/log/basehttpd/error.log, level: info}
    - {journal: {}, level: notice}
"""


class Journal(Scenario):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine.write(CONFIG, YAML)
        cls.machine.run("systemctl", "restart", UNIT)

    def entries(self, *matches):
        text = self.machine.run("journalctl", "--no-pager", "-o", "json", *matches).stdout
        return [json.loads(line) for line in text.splitlines()]

    def lost(self):
        status = self.machine.run("basehttpctl", "status").stdout
        return {name: int(lost) for name, lost in re.findall(r"^log (\S+) .*?(\d+) lines lost", status, re.M)}

    def failing(self):
        return re.findall(r"^log (\S+) .*failing", self.machine.run("basehttpctl", "status").stdout, re.M)

    def test_fields_of_requests(self):
        get(self.machine, "/missing?a=1")
        entry = wait_until(lambda: self.entries("BASEHTTPD_STATUS=404", "BASEHTTPD_PATH=/missing"), what="an entry")[0]
        for name, value in {"PRIORITY": "5", "SYSLOG_IDENTIFIER": "basehttpd", "BASEHTTPD_METHOD": "GET",
                            "BASEHTTPD_TARGET": "/missing?a=1", "BASEHTTPD_CLIENT": "127.0.0.1",
                            "BASEHTTPD_HOST": "localhost", "BASEHTTPD_ENDED": "complete", "_SYSTEMD_UNIT": UNIT,
                            "_TRANSPORT": "journal"}.items():
            self.assertEqual(entry[name], value, name)
        self.assertRegex(entry["MESSAGE"], r'^127\.0\.0\.1 "GET /missing\?a=1 HTTP/1\.1" 404 \d+$')
        by_id = self.entries("BASEHTTPD_REQUEST_ID=" + entry["BASEHTTPD_REQUEST_ID"])
        self.assertEqual([each["__CURSOR"] for each in by_id], [entry["__CURSOR"]])

    def test_the_error_log(self):
        start = self.entries("BASEHTTPD_LOG=error", "BASEHTTPD_PROCESS=master")[0]
        self.assertRegex(start["MESSAGE"], r"^master: basehttpd .* starts")
        self.assertEqual(start["PRIORITY"], "5")

    def test_messages_by_dev_log(self):
        get(self.machine, "/by-syslog")
        entry = wait_until(lambda: [each for each in self.entries("SYSLOG_IDENTIFIER=spam", "_TRANSPORT=syslog")
                                    if "/by-syslog" in each["MESSAGE"]], what="a message")[0]
        self.assertEqual(entry["MESSAGE"], "GET /by-syslog HTTP/1.1")
        self.assertEqual((entry["PRIORITY"], entry["SYSLOG_FACILITY"]), ("5", "19"))
        self.assertEqual(entry["SYSLOG_PID"], str(self.machine.main_pid()))

    def test_journald_drops_nothing_of_the_service(self):
        self.assertEqual(self.machine.show(UNIT, "LogRateLimitIntervalUSec"), "0")
        self.assertEqual(self.machine.show("basehttpd-activated.service", "LogRateLimitIntervalUSec"), "0")

    def test_z_a_journald_that_stands_still_delays_nothing(self):
        before = len(self.entries("BASEHTTPD_PATH=/page.txt"))
        lost_before = self.lost()
        journald = str(self.machine.main_pid("systemd-journald.service"))
        self.machine.run("kill", "-STOP", journald)
        try:
            with Load(self.machine, PAGE, keep_alive=True) as load:
                load_runs(load)
                wait_until(lambda: set(self.failing()) == {"journal", "syslog"}, 20, "the failure of both logs")
                load_runs(load, 1000)
        finally:
            self.machine.run("kill", "-CONT", journald)
        self.assertEqual(load.failed(), 0, dict(load.outcomes))
        wait_until(lambda: not self.failing(), 30, "both logs")
        lost = self.lost()["journal"] - lost_before["journal"]
        answered = load.outcomes.total()
        wait_until(lambda: len(self.entries("BASEHTTPD_PATH=/page.txt")) - before == answered - lost, 30,
                   f"{answered} - {lost} entries")
        self.say(f"{answered} answered, the longest took {load.longest * 1000:.0f} ms; {lost} entries lost and counted")
        self.assertEqual(self.machine.run("basehttpctl", "status").returncode, 0)
