"""`handler: status`: the page, JSON and the text of Prometheus say the same as `basehttpctl status`, and what they count
never goes back, whatever dies."""

import base64
import hashlib
import json
import os
import re
import signal
import subprocess
import unittest

from clients import Load, ctl, curl
from harness import DaemonTest, until

SITES = """sites:
  - host: a.test
    routes:
      - {path: /, handler: respond, text: a}
      - {path: /bad/, handler: respond, status: 500}
  - root: root
    routes:
      - {path: /status, handler: status, allow: 127.0.0.1}
      - {path: "= /metrics", handler: status}
"""
OPENMETRICS = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
NAME, LABEL = r"[a-zA-Z_:][a-zA-Z0-9_:]*", r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SUFFIXES = {"counter": {"_total"}, "gauge": {""}, "histogram": {"_bucket", "_sum", "_count"}}


def samples_of(text, openmetrics):
    """The samples by name and labels; an AssertionError where the text is not of the format."""
    lines = text.split("\n")
    assert lines.pop() == "", "ends with a line feed"
    if openmetrics:
        assert lines.pop() == "# EOF"
    samples, family, kind, seen = {}, None, None, set()
    for line in lines:
        if match := re.fullmatch(rf"# HELP ({NAME}) ([^\n]+)", line):
            family, kind = match[1], None
            assert family not in seen, f"{family} comes twice"
            seen.add(family)
        elif match := re.fullmatch(rf"# TYPE ({NAME}) (counter|gauge|histogram)", line):
            assert match[1] == family, line
            kind = match[2]
            assert not (openmetrics and kind == "counter" and family.endswith("_total")), line
        else:
            match = re.fullmatch(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9.e+-]+)", line)
            assert match, line
            base = family if openmetrics or kind != "counter" else family.removesuffix("_total")
            assert match[1].startswith(base) and match[1][len(base):] in SUFFIXES[kind], line
            key = (match[1], match[2] or "")
            assert key not in samples, line
            samples[key] = float(match[3])
    check_histograms(samples)
    return samples


def check_histograms(samples):
    buckets = [(float(labels[4:-1]), value) for (name, labels), value in samples.items() if name.endswith("_bucket")]
    assert buckets == sorted(buckets) and buckets[-1][0] == float("inf"), buckets
    assert [count for _, count in buckets] == sorted(count for _, count in buckets), buckets
    assert buckets[-1][1] == samples["basehttpd_request_duration_seconds_count", ""]


def promtool_says(text):
    """What promtool finds wrong, where it is installed."""
    try:
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return "" if done.returncode == 0 else done.stdout + done.stderr


class Status(DaemonTest):
    def served(self, **options):
        return self.daemon(settings=SITES, control=True, **options)

    def json(self, daemon):
        return json.loads(curl(daemon.url("/status/json")).body)

    def metrics(self, daemon):
        answer = curl(daemon.url("/metrics"), "-H", "Accept: " + OPENMETRICS)
        self.assertTrue(answer.fields["content-type"].startswith("application/openmetrics-text"))
        return samples_of(answer.body.decode(), True)

    def wait_for(self, daemon, what, value):
        """The JSON once it has that value."""
        return until(lambda: (status := self.json(daemon))[what] >= value and status, f"{what} of {value}")

    def test_forms(self):
        with self.served() as daemon:
            for target, accept, type_ in (
                    ("/status", "*/*", "text/html"), ("/status", "text/html,*/*;q=0.8", "text/html"),
                    ("/status", "application/json", "application/json"), ("/status/json", "*/*", "application/json"),
                    ("/status/metrics", "*/*", "text/plain; version=0.0.4"), ("/metrics", "*/*", "text/html"),
                    ("/metrics", OPENMETRICS, "application/openmetrics-text; version=1.0.0"),
                    ("/metrics", "text/plain;version=0.0.4;q=1,*/*;q=0.1", "text/plain; version=0.0.4"),
                    ("/status/metrics", OPENMETRICS, "application/openmetrics-text; version=1.0.0")):
                answer = curl(daemon.url(target), "-H", "Accept: " + accept)
                self.assertEqual((answer.status, answer.fields["content-type"].startswith(type_)), (200, True),
                                 (target, accept, answer.fields))
                self.assertEqual((answer.fields["vary"], answer.fields["cache-control"]), ("Accept", "no-store"))
            self.assertEqual(curl(daemon.url("/status/other")).status, 404)
            self.assertEqual(curl(daemon.url("/status"), method="POST").status, 405)

    def test_what_is_counted(self):
        with self.served() as daemon:
            daemon.tolerate("code ")
            for target in ("/", "/bad/", "/"):
                curl(daemon.url(target), "-H", "Host: a.test")
            curl(daemon.url("/missing"))
            status = self.wait_for(daemon, "requests", 4)
            sites = {site["name"]: site["responses"] for site in status["sites"]}
            self.assertEqual((sites["a.test"]["2xx"], sites["a.test"]["5xx"], sites["*"]["4xx"]), (2, 1, 1))
            self.assertEqual((status["server_errors"], status["responses"]["4xx"], status["pid"]), (1, 1, daemon.pid))
            self.assertGreater(status["seconds"]["p50"], 0)
            self.assertGreaterEqual(status["seconds"]["p99.9"], status["seconds"]["p50"])
            self.assertEqual([worker["number"] for worker in status["workers"]], [1, 2])
            until(lambda: all(worker["memory_bytes"] > 0 for worker in self.json(daemon)["workers"]), "memory of workers")
            by_ctl = json.loads(ctl(daemon, "status", "--json").stdout)
            self.assertLessEqual(set(status), set(by_ctl))
            self.assertEqual([log["name"] for log in status["logs"]], [log["name"] for log in by_ctl["logs"]])
            text = ctl(daemon, "status").stdout
            self.assertRegex(text, r"(?m)^times of all requests: p50 [\d.]+ .?s, p99 ")
            self.assertRegex(text, r"(?m)^site a.test: 3 requests, 0 answered 4xx, 1 answered 5xx$")

    def test_metrics(self):
        with self.served() as daemon:
            daemon.tolerate("code ")
            for target in ("/", "/bad/"):
                curl(daemon.url(target), "-H", "Host: a.test")
            self.wait_for(daemon, "requests", 2)
            samples = self.metrics(daemon)
            self.assertEqual(samples["basehttpd_site_responses_total", 'site="a.test",code="5xx"'], 1)
            self.assertEqual(samples["basehttpd_responses_total", 'code="5xx"'], 1)
            self.assertEqual(samples["basehttpd_workers_started_total", ""], 2)
            self.assertEqual(samples["basehttpd_log_failing", f'log="{daemon.access_log}"'], 0)
            older = curl(daemon.url("/metrics"), "-H", "Accept: text/plain;version=0.0.4").body.decode()
            self.assertGreater(len(samples_of(older, False)), 50)
            self.assertEqual(promtool_says(older), "")

    def test_counters_never_go_back(self):
        """Workers are killed, a reload and an upgrade replace them all, under load."""
        with self.served() as daemon, Load(daemon.address, threads=2, headers={"Host": "a.test"}) as load:
            daemon.tolerate("signal|SIGKILL|died|killed|took over|Broken pipe|reset")
            last = {}

            def look():
                samples = self.metrics(daemon)
                counters = {key: value for key, value in samples.items()
                            if key[0].endswith(("_total", "_bucket", "_count")) and "started" not in key[0]}
                for key, value in last.items():
                    self.assertGreaterEqual(counters[key], value, key)
                self.assertLessEqual(set(last), set(counters))
                last.update(counters)

            def disturbed(act, *arguments):
                look()
                act(*arguments)
                load.wait(50)
                before = self.json(daemon)["time"]
                until(lambda: self.json(daemon)["time"] > before, "newer figures")
                look()

            for _ in range(2):
                disturbed(os.kill, daemon.serving_workers()[0], signal.SIGKILL)
                daemon.wait_for_workers(2)
            disturbed(daemon.reload)
            self.assertEqual(self.json(daemon)["reloads"][0]["verdict"], "applied")
            disturbed(ctl, daemon, "upgrade")
            counted = last["basehttpd_responses_total", 'code="2xx"']
            self.assertGreater(counted, 200)
            answered = sum(status == 200 for status, _ in load.answers)
            self.assertLessEqual(answered, self.wait_for(daemon, "requests", answered)["requests"])

    def test_a_reload_that_is_refused_and_workers_without_the_route(self):
        with self.served() as daemon:
            good = daemon.config_file.read_text()
            daemon.tolerate("reload|basehttpd.yaml")
            daemon.config_file.write_text(good + "nonsense: 1\n")
            daemon.reload("refused")
            until(lambda: any("nonsense" in each["verdict"] for each in self.json(daemon)["reloads"]), "the verdict")
            self.assertIn(b"nonsense", curl(daemon.url("/status")).body)
            shown = [pid for pid in daemon.workers() if "bulletin" in open(f"/proc/{pid}/maps", encoding="utf-8").read()]
            self.assertEqual(sorted(shown), sorted(daemon.workers()))
            before = daemon.workers()
            daemon.config_file.write_text(good.replace("handler: status, allow: 127.0.0.1", "handler: health")
                                          .replace("handler: status", "handler: health"))
            daemon.reload()
            for pid in daemon.wait_for_workers(2, but=before):
                self.assertNotIn("bulletin", open(f"/proc/{pid}/maps", encoding="utf-8").read())

    def test_the_policy_of_the_page(self):
        with self.served() as daemon:
            answer = curl(daemon.url("/status"))
            policy = answer.fields["content-security-policy"]
            for tag in ("style", "script"):
                content = re.search(rf"<{tag}>(.*?)</{tag}>".encode(), answer.body, re.S)[1]
                digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
                self.assertIn(f"{tag}-src 'sha256-{digest}'", policy)


if __name__ == "__main__":
    unittest.main()
