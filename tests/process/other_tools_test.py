"""The access log in the programs that others read it with, each with the settings that are shipped for it: they
understand every line, the hostile ones too."""

import json
import re
import subprocess
import unittest
from pathlib import Path

from attacks import ATTACKERS, HTTP_0_9, VISITORS, visit_all
from harness import DaemonTest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "packaging/examples"
VISITS = {**VISITORS, **ATTACKERS}


def address_of(name):
    return next(address for address, visit in VISITS.items() if visit.name == name)


# goaccess and, of text, lnav have no room for a line of more than 4 and 8 KiB. A request that begins with NUL is an empty
# one for goaccess where it reads JSON.
TOO_LONG = address_of("a target without an end")
ZEROS = address_of("zeros")


def run(*command, **options):
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=True, **options)


def all_but(*left_out):
    return {address: visit for address, visit in VISITS.items() if address not in left_out}


def statuses(visits):
    """The status of each line. What is HTTP/0.9 here asks for a file that is not there."""
    return sorted("404" if visit.status == HTTP_0_9 else visit.status.decode() for visit in visits.values())


class Goaccess(DaemonTest):
    def report(self, form, settings, *left_out):
        with self.daemon(access_format=form) as daemon:
            daemon.tolerate("code 501, ")
            visit_all(self, daemon)
            report, invalid = daemon.folder / "report.json", daemon.folder / "invalid"
            run("goaccess", "--no-global-config", "-p", EXAMPLES / settings, "--no-progress", "-o", report,
                f"--invalid-requests={invalid}", daemon.access_log)
            refused = [re.search(r"127\.0\.0\.\d+", line)[0] for line in invalid.read_text().splitlines()]
            self.assertEqual(sorted(refused), sorted(left_out))
            report = json.loads(report.read_text())
            self.check(report, all_but(*left_out))
            return report

    def check(self, report, visits):
        self.assertEqual(report["general"]["valid_requests"], len(visits))
        self.assertEqual({row["data"] for row in report["hosts"]["data"]}, set(visits))
        counted = {item["data"].split()[0]: item["hits"]["count"]
                   for row in report["status_codes"]["data"] for item in row["items"]}
        self.assertEqual(counted, {status: statuses(visits).count(status) for status in statuses(visits)})

    def test_combined(self):
        self.report("combined", "goaccess-combined.conf", TOO_LONG)

    def test_vhost_combined(self):
        report = self.report("vhost_combined", "goaccess-vhost-combined.conf", TOO_LONG)
        self.assertIn("example.org", {row["data"] for row in report["vhosts"]["data"]})

    def test_json(self):
        report = self.report("json", "goaccess-json.conf", TOO_LONG, ZEROS)
        self.assertIn("example.org", {row["data"] for row in report["vhosts"]["data"]})
        self.assertTrue(all("avgts" in row for row in report["requests"]["data"]))


class Lnav(DaemonTest):
    def rows(self, daemon, query):
        formats = daemon.folder / "lnav/formats/basehttpd"
        formats.mkdir(parents=True)
        (formats / "basehttpd.json").write_text((ROOT / "etc/lnav/basehttpd.json").read_text())
        options = ("-I", daemon.folder / "lnav")
        environment = {"HOME": str(daemon.folder), "TERM": "dumb", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
        run("lnav", *options, "-C", env=environment)
        answer = run("lnav", *options, "-n", "-c", f";{query}", "-c", ":write-json-to -", daemon.access_log, env=environment)
        return json.loads(answer.stdout)

    def check(self, form, visits, query):
        with self.daemon(access_format=form) as daemon:
            daemon.tolerate("code 501, ")
            visit_all(self, daemon)
            rows = self.rows(daemon, query)
            self.assertEqual({row["client"] for row in rows}, set(visits))
            self.assertEqual(len(rows), len(visits))
            self.assertEqual(sorted(str(row["status"]) for row in rows), statuses(visits))
            return {row["client"]: row for row in rows}

    def test_combined(self):
        rows = self.check("combined", all_but(TOO_LONG),
                          "select c_ip as client, sc_status as status, cs_method, cs_uri_stem, cs_user_agent, log_level from basehttpd_text_log")
        row = rows[address_of("quotes in the user agent")]
        self.assertEqual((row["cs_uri_stem"], row["log_level"]), ("/.env", "warning"))
        self.assertTrue(row["cs_user_agent"].startswith('x\\" \\"y'), row)

    def test_json(self):
        rows = self.check("json", VISITS,
                          "select client, status, method, target, user_agent, log_level from basehttpd_log")
        row = rows[address_of("quotes in the user agent")]
        self.assertEqual((row["target"], row["log_level"]), ("/.env", "warning"))
        self.assertTrue(row["user_agent"].startswith('x" "y"'), row)

    def test_common(self):
        self.check("common", all_but(TOO_LONG), "select c_ip as client, sc_status as status from basehttpd_text_log")


class Awstats(DaemonTest):
    def test_combined(self):
        with self.daemon() as daemon:
            daemon.tolerate("code 501, ")
            lines = visit_all(self, daemon)
            folder = daemon.folder / "awstats"
            folder.mkdir()
            text = (EXAMPLES / "awstats.basehttpd.conf").read_text()
            for shipped, changed in (("/var/log/basehttpd/access.log", daemon.access_log), ("/var/lib/awstats", folder)):
                self.assertIn(shipped, text)
                text = text.replace(shipped, str(changed))
            (folder / "awstats.basehttpd.conf").write_text(text)
            awstats = run("perl", "/usr/lib/cgi-bin/awstats.pl", "-config=basehttpd", f"-configdir={folder}", "-update", "-showcorrupted", "-showdropped")
            # It counts apart what is no request, and what has a method that it does not know.
            apart = re.findall(r"^(Corrupted|Dropped) record .*?: (\S+) - - ", awstats.stdout, re.MULTILINE)
            self.assertEqual(apart, [("Corrupted", address_of("TLS on a plain port")), ("Corrupted", address_of("zeros")),
                                     ("Dropped", address_of("a method nobody knows"))])
            self.assertIn(f"Found {len(lines) - 3} new qualified records", awstats.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
