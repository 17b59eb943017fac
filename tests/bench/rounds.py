"""Rounds of one workload after another against each server in turn; CPU time for each request, latencies, and whether each
access log has as many lines as there were answers."""

import contextlib
import http.client
import statistics
import subprocess
import sys
import time

from clients import floor

FLOOR = "floor"
SETTLING = 0.3  # seconds in which loggers write what is left


class Contestant:
    """A server, and the count of its answers beside that of the lines in its access log."""

    def __init__(self, server):
        self.server = server
        self.answers = 0
        self.unanswered = 0  # requests: the server may have seen them
        self.lines = 0
        self._counted = 0  # bytes of the log

    def check(self, workload, site):
        """One request of its own, whose answer is compared with the file."""
        client = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        with contextlib.closing(client):
            client.putrequest("GET", "/" + workload.targets[0], skip_host=True, skip_accept_encoding=True)
            for field in ("Host: bench.example", *workload.fields):
                client.putheader(*field.split(": ", 1))
            client.endheaders()
            response = client.getresponse()
            content = response.read()
        self.answers += 1
        if response.status != workload.status or workload.content(site) not in (None, content):
            sys.exit(f"{self.server.name}, {workload.title}: answered {response.status} with {len(content)} bytes, not what is right")

    def measure(self, client, workload, seconds):
        before = self.server.cpu_seconds()
        figures = client.ask(self.server, workload, seconds)
        time.sleep(SETTLING)
        figures["cpu"] = (self.server.cpu_seconds() - before) / figures["answers"] * 1e6
        self.answers += figures["answers"]
        self.unanswered += figures["unanswered"]
        return figures

    def count_lines(self):
        """Adds the lines that are new, and gives their place on the disk back."""
        with open(self.server.access_log, "rb") as log:
            log.seek(self._counted)
            while piece := log.read(1 << 20):
                self.lines += piece.count(b"\n")
            end = log.tell()
        if end > self._counted:
            subprocess.run(["fallocate", "-p", "-o", str(self._counted), "-l", str(end - self._counted),
                            self.server.access_log], check=True)
        self._counted = end

    def log_is_exact(self):
        """After the server's end: a line for each answer."""
        self.count_lines()
        return self.answers <= self.lines - self.server.tries <= self.answers + self.unanswered


def run_workload(workload, client, contestants, options, scratch):
    """Rows of figures by server: as many as rounds."""
    base = Contestant(floor(workload, scratch, f"{FLOOR} {workload.name} {client.name}"))
    rows = {FLOOR: [], **{each.server.name: [] for each in contestants}}
    try:
        base.server.await_listener()
        for index in range(options.rounds):
            order = [base, *contestants]
            for each in order[index % len(order):] + order[:index % len(order)]:
                row = each.measure(client, workload, options.seconds)
                rows[FLOOR if each is base else each.server.name].append(row)
                if each is not base:
                    each.count_lines()
    finally:
        base.server.stop()
    return rows


def summary(rows):
    """Medians over the rounds of each server; ratios are medians of the rounds' own, so that what the machine does
    meanwhile does not count."""
    base = [row["cpu"] for row in rows[FLOOR]]
    result = {}
    for name, own in rows.items():
        cpu = [row["cpu"] for row in own]
        result[name] = {
            "cpu": statistics.median(cpu),
            "ratio": statistics.median(mine / least for mine, least in zip(cpu, base)),
            "spread": (max(cpu) - min(cpu)) / statistics.median(cpu),
            **{figure: statistics.median(row[figure] for row in own) for figure in ("p50", "p99", "max") if figure in own[0]},
            "rounds": own,
        }
    return result
