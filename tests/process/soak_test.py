"""Many mixed requests, through reloads, upgrades and kills and then in peace: what processes hold at the end is what they held
near the beginning.

usage: soak_test.py [--requests N] [--seed N]

The first half is a storm: the master, which lives through it, is measured after its first tenth (at most 100 000 requests) and
at its end. The second half is calm: workers and logger, which nobody replaces now, are measured in the same way.
"""

import collections
import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import unittest
from pathlib import Path

import beside
import processes
from harness import BASEHTTPD, DaemonTest, until

CONNECTIONS = 32
SLICE = 2  # seconds of load between two looks
# Growth that is none: 2 %, or what an allocator or a table that is rarely full takes now and then.
GROWTH, FLOOR_KIB = 1.02, 512
DESCRIPTORS = 4

MIXED = """
local requests = {
  wrk.format("GET", "/"), wrk.format("GET", "/index.html?a=b"), wrk.format("GET", "/missing"), wrk.format("GET", "/medium"),
  wrk.format("GET", "/medium", {["Range"] = "bytes=0-99,200-299"}), wrk.format("GET", "/", {["If-None-Match"] = "*"}),
  wrk.format("POST", "/", {["Content-Length"] = "5"}, "hello"), wrk.format("GET", "/folder"), wrk.format("GET", "/..%2f..%2fetc/passwd"),
  wrk.format("GET", "/", {["Connection"] = "close"}), wrk.format("BREW", "/"), wrk.format("GET", "/%00"),
  wrk.format("GET", "/?" .. string.rep("x", 2000)), wrk.format("GET", "/", {["Cookie"] = string.rep("a=b; ", 200)}),
}
local number = 0
request = function()
  number = number + 1
  return requests[number % #requests + 1]
end
"""


def held(pid):
    """Descriptors; private memory, and the size of what is mapped and shared, in KiB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    private = sum(int(re.search(rf"^{name}: +(\d+) kB", rollup, re.M)[1]) for name in ("Private_Clean", "Private_Dirty"))
    shared = 0
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        begin, end = (int(edge, 16) for edge in line.split()[0].split("-"))
        if line.split()[1].endswith("s"):
            shared += (end - begin) >> 10
    return processes.descriptors(pid), private, shared


class Soak(DaemonTest):
    requests = 40_000
    seed = random.randrange(10**6)

    def test_nothing_grows(self):
        print(f"    seed {self.seed}", flush=True)
        self.dice = random.Random(self.seed)
        self.answered, self.acts = 0, collections.Counter()
        with self.daemon(settings="workers: {count: 2, crash_limit: 0}", binary=BASEHTTPD, access_format="%>s") as daemon:
            daemon.tolerate("")
            daemon.write("medium", b"x" * 20_000)
            daemon.write("folder/index.html", "x")
            self.script = daemon.folder / "mixed.lua"
            self.script.write_text(MIXED)
            half, part = self.requests // 2, min(self.requests // 10, 100_000)
            self.run_until(daemon, part, storm=True)
            first = {"master": held(daemon.pid)}
            self.run_until(daemon, half, storm=True)
            last = {"master": held(daemon.pid)}
            self.run_until(daemon, half + part, storm=False)
            first.update(self.children(daemon))
            self.run_until(daemon, self.requests, storm=False)
            last.update(self.children(daemon))
            self.assertEqual(processes.zombies(daemon.pid), [])
            daemon.stop()
            with open(daemon.access_log, "rb") as log:
                lines = sum(1 for _ in log)
            beside.say(f"{self.answered} answered, {lines} lines; " + ", ".join(f"{n} x {act}" for act, n in sorted(self.acts.items())))
            # Each run of wrk leaves some requests behind, and each kill cuts some off.
            self.assertGreaterEqual(lines, self.answered)
            self.assertLessEqual(lines, self.answered + 3 * CONNECTIONS * sum(self.acts.values()))
            for name, before in first.items():
                after = last[name]
                beside.say(f"{name}: descriptors {before[0]} -> {after[0]}, private {before[1]} -> {after[1]} KiB, "
                           f"shared {before[2]} -> {after[2]} KiB")
                with self.subTest(name):
                    self.assertLessEqual(after[0], before[0] + DESCRIPTORS)
                    for kind in (1, 2):
                        self.assertLessEqual(after[kind], max(before[kind] * GROWTH, before[kind] + FLOOR_KIB))

    @staticmethod
    def children(daemon):
        return {processes.title(pid).removeprefix("basehttpd: ").rstrip("0123456789 ") + f" (pid {pid})": held(pid)
                for pid in processes.children(daemon.pid)}

    def run_until(self, daemon, count, storm):
        """Slices of load until so many requests were answered, and then as many processes as there should be."""
        while self.answered < count:
            self.one_slice(daemon, storm)
        until(lambda: len(daemon.workers()) == 2 and len(processes.children(daemon.pid)) == 3, "two workers and a logger", 60)

    def one_slice(self, daemon, storm):
        self.acts["slice"] += 1
        tool = subprocess.Popen(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SLICE}s", "-s", str(self.script), daemon.url("/")],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        daemon.beside.add(tool.pid)
        while storm and tool.poll() is None:
            self.act(daemon)
            with contextlib.suppress(subprocess.TimeoutExpired):
                tool.wait(self.dice.uniform(0, 1))
        output = tool.communicate(timeout=60)[0]
        answered = re.search(r"(\d+) requests in", output)
        assert answered, output
        self.answered += int(answered[1])

    def act(self, daemon):
        name = self.dice.choice(("reload", "reload", "kill worker", "kill logger", "upgrade"))
        self.acts[name] += 1
        with contextlib.suppress(ProcessLookupError):
            if name == "reload":
                daemon.send(signal.SIGHUP)
            elif name == "upgrade":
                daemon.send(signal.SIGUSR2)
            else:
                pids = processes.children_titled(daemon.pid, "basehttpd: " + name.split()[1])
                # What workers from before an upgrade log is written by their logger or the one that stands by: both killed,
                # it is lost, as the error log then says.
                if pids and (name == "kill worker" or len(pids) == 1):
                    os.kill(self.dice.choice(pids), signal.SIGKILL)


if __name__ == "__main__":
    for option in ("requests", "seed"):
        if f"--{option}" in sys.argv:
            at = sys.argv.index(f"--{option}")
            setattr(Soak, option, int(sys.argv[at + 1]))
            del sys.argv[at:at + 2]
    unittest.main(verbosity=2)
