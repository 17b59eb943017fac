"""The two clients that ask for a workload, and the floor program; the programs in C++ are built here."""

import json
import re
import subprocess
import sys

from servers import ROOT, WORKERS, Server, percentile_ms

HERE = ROOT / "tests/bench"
GRACE = 60  # seconds beyond those of the round

# wrk puts requests together with Lua; these are there already. At depth 16 it gets as many at once.
WRK_SCRIPT = """\
local requests, at = {}, 0
function init(args)
    local depth = tonumber(args[2])
    local heads = {}
    for head in io.open(args[1], "rb"):read("*a"):gmatch("(.-\\r\\n\\r\\n)") do heads[#heads + 1] = head end
    for i = 1, #heads do
        requests[i] = ""
        for j = 0, depth - 1 do requests[i] = requests[i] .. heads[((i - 1) * depth + j) % #heads + 1] end
    end
end
function request()
    at = at % #requests + 1
    return requests[at]
end
"""


def build(folder):
    """Compiles floor and load into `folder`."""
    for name in ("floor", "load"):
        subprocess.run(["c++", "-std=c++23", "-O2", "-o", folder / name, HERE / f"{name}.cc"], check=True)


def floor(workload, scratch, name):
    """The floor program, with the answer for a workload."""
    folder = scratch / "answers"
    folder.mkdir(exist_ok=True)
    answer = folder / workload.name
    answer.write_bytes(workload.canned_answer())
    [size] = {len(request) for request in workload.requests()}
    words = [scratch / "floor", "{port}", answer, size, WORKERS, *(["close"] if workload.closes else [])]
    return Server(name, words, scratch)


class Client:
    """Asks one server for one workload."""

    def __init__(self, scratch):
        self.scratch = scratch

    def requests_file(self, workload):
        path = self.scratch / f"{workload.name}.requests"
        path.write_bytes(b"".join(workload.requests()))
        return path


class Load(Client):
    """tests/bench/load.cc: waits for every answer, and knows which requests got none because the server left."""

    name = "load"

    def ask(self, server, workload, seconds):
        words = [self.scratch / "load", server.port, self.requests_file(workload), "--connections", workload.connections,
                 "--depth", workload.depth, "--seconds", seconds, "--status", workload.status]
        if workload.size is not None:
            words += ["--length", workload.size]
        if workload.closes:
            words.append("--close")
        done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, timeout=seconds + GRACE, check=True)
        figures = json.loads(done.stdout)
        if figures["wrong"] or not figures["answers"]:
            sys.exit(f"{server.name}, {workload.title}: {figures}")
        return {"answers": figures["answers"], "unanswered": figures["unanswered"],
                **{each: figures[each] / 1000 for each in ("p50", "p99", "max")}}


class Wrk(Client):
    """wrk: what it has asked for last, at the end of its time, it does not wait for."""

    name = "wrk"

    def ask(self, server, workload, seconds):
        script = self.scratch / "wrk.lua"
        script.write_text(WRK_SCRIPT)
        words = ["wrk", "--latency", "-t1", f"-c{workload.connections}", f"-d{max(1, round(seconds))}s", "-s", script,
                 f"http://127.0.0.1:{server.port}/", "--", self.requests_file(workload), workload.depth]
        text = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, text=True, check=True,
                              timeout=seconds + GRACE).stdout
        answers = int(re.search(r"(\d+) requests in", text)[1])
        failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        if re.search("Socket errors", text) and not workload.closes or (int(failed[1]) if failed else 0) != (
                answers if workload.status >= 400 else 0):
            sys.exit(f"{server.name}, {workload.title}:\n{text}")
        return {"answers": answers, "unanswered": workload.connections * workload.depth,
                "p50": percentile_ms(50, text), "p99": percentile_ms(99, text)}
