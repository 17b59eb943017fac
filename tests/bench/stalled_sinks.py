"""Throughput while who takes the log's messages stands still, against the same server while it does not, and against one
that has no such log."""

import contextlib
import os
import re
import signal
import statistics
import subprocess
import sys
import time

from servers import measure

RATE = "requests per second"
STOPPED_SECONDS = 8  # at a time
RECEIVER = """
import os, socket, sys
path = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(path)
os.chmod(path, 0o666)
print("ready", flush=True)
while True:
    receiver.recv(65536)
"""


@contextlib.contextmanager
def receiver_at(path):
    """A program that reads datagrams and does nothing with them, as journald or a syslogd would."""
    with subprocess.Popen([sys.executable, "-c", RECEIVER, str(path)], stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        try:
            yield process.pid
        finally:
            process.kill()


def status(server):
    command = [server.program.with_name("basehttpctl"), "-s", server.folder / "control.sock", "status"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def await_good(server):
    deadline = time.monotonic() + 60
    while "failing" in status(server):
        if time.monotonic() > deadline:
            sys.exit(f"{server.name}: its log does not become good again:\n{status(server)}")
        time.sleep(0.05)


def compare(bench, kind, sink):
    path = bench.scratch / f"{kind}.sock"
    with receiver_at(path) as pid:
        log = "{file: {log}, format: combined}"
        with_sink = bench.basehttpd(f"with {kind}", access=f"{log}, {sink.replace('PATH', str(path))}")
        without = bench.basehttpd(f"without {kind}", access=log)
        rates = {"stopped": [], "reading": [], "no such log": []}
        for name in bench.rounds(list(rates)):
            server = without if name == "no such log" else with_sink
            if name == "stopped":
                os.kill(pid, signal.SIGSTOP)
            try:
                rates[name].append(measure(server, STOPPED_SECONDS, 64)[RATE])
            finally:
                os.kill(pid, signal.SIGCONT)
            await_good(with_sink)
        lost = int(re.search(rf"log {kind} .*?(\d+) lines lost", status(with_sink))[1])
    stopped = statistics.median(rates["stopped"])
    for name, values in rates.items():
        rate = statistics.median(values)
        print(f"{kind:10}{name:14}{rate:10.0f} requests/s{'' if name == 'stopped' else f', stopped is {stopped / rate:.3f} of it'}",
              flush=True)
    print(f"{kind:10}lines lost and counted while it stood still: {lost}")


def stalled(bench):
    compare(bench, "journal", "{journal: {path: PATH}}")
    compare(bench, "syslog", "{syslog: {to: PATH}}")
