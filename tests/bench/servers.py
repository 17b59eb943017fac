"""A server under test, and the folder that all serve; one round of wrk against a server, with what the kernel says it
cost. peers.py has the servers themselves."""

import contextlib
import http.client
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKERS = 2
FILE_NAME, FILE_SIZE = "page.txt", 1024
CONTENT = b"x" * (FILE_SIZE - 1) + b"\n"


class Server:
    """A server under test: a master process and all that descends from it."""

    def __init__(self, name, command, folder, template="", access="", site=None, user="", environment=None):
        """`command` and `template`, the text of its configuration, have names in braces: those of `values` below. `access`
        is what the template says of the access log; `user` what it says of the account, if this runs as root."""
        self.name = name
        self.folder = folder / re.sub(r"\W+", "-", name)
        self.folder.mkdir()
        self.folder.chmod(0o777)  # some write here as the account that they change to
        self.port = free_port()
        self.access_log = self.folder / "access.log"
        self.error_log = self.folder / "error.log"
        self.tries = 0  # requests of await_answer()
        config = self.folder / "config"
        values = {"port": self.port, "user": user if os.geteuid() == 0 else "", "workers": WORKERS,
                  "folder": self.folder, "site": site, "access": access.replace("{log}", str(self.access_log)),
                  "config": config}
        config.write_text(template.format(**values))
        words = [str(word).format(**values) for word in command]
        self.program = pathlib.Path(words[0])
        with open(self.folder / "output", "wb") as output:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            env={**os.environ, **(environment or {})}, start_new_session=True)

    def await_answer(self, pause=0.02, seconds=10):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                client.connect()
                self.tries += 1
                client.request("GET", "/" + FILE_NAME)
                response = client.getresponse()
                if response.status == 200 and response.read() == CONTENT:
                    return
                sys.exit(f"{self.name} answered {response.status}, not the file")
            time.sleep(pause)
        sys.exit(f"{self.name} does not answer: {(self.folder / 'output').read_text(errors='replace')}")

    def await_listener(self):
        """Until it accepts a connection: for one that does not serve the file."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
                return
            time.sleep(0.02)
        sys.exit(f"{self.name} does not listen: {(self.folder / 'output').read_text(errors='replace')}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def processes(self):
        """The pids of the master and of its descendants."""
        parents = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                with contextlib.suppress(OSError):
                    parents[int(entry)] = int(stat_fields(entry)[1])
        family = {self.process.pid}
        while grown := {pid for pid, parent in parents.items() if parent in family} - family:
            family |= grown
        return family

    def cpu_seconds(self):
        """User and system time of all its processes, in the kernel's nanoseconds where proc(5) has hundredths."""
        return sum(self.cpu_seconds_of(pid) for pid in self.processes())

    @staticmethod
    def cpu_seconds_of(pid):
        with contextlib.suppress(OSError):
            return time.clock_gettime(~pid << 3 | 2)  # clock_getcpuclockid(3)
        return 0

    def titled(self, title):
        """The pids of its processes with that title, as `ps` shows it."""
        found = []
        for pid in self.processes():
            with contextlib.suppress(OSError):
                if pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode().startswith(title):
                    found.append(pid)
        return found


def stat_fields(pid):
    """The fields of proc(5)'s stat from the third on: state, ppid, ..."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def kind_of_build(binary):
    """The compiler, as the program says, and the type, as the build does."""
    comment = subprocess.run(["readelf", "-p", ".comment", binary], capture_output=True, text=True, check=True).stdout
    compiler = re.search(r"(GCC|clang)\D*?([\d.]+)", comment)
    cache = (binary.parents[1] / "CMakeCache.txt").read_text()
    return f"{compiler[1]} {compiler[2]} {re.search('^CMAKE_BUILD_TYPE:.*=(.*)', cache, re.MULTILINE)[1]}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def scratch_site():
    """A temporary folder, and in it the folder that all serve: one file."""
    with tempfile.TemporaryDirectory(prefix="basehttpd-bench.") as name:
        scratch = pathlib.Path(name)
        scratch.chmod(0o755)
        site = scratch / "site"
        site.mkdir()
        (site / FILE_NAME).write_bytes(CONTENT)
        yield scratch, site


def number(pattern, text):
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0


def percentile_ms(percent, text):
    found = re.search(rf"^ +{percent}% +([\d.]+)(us|ms|s|m)$", text, re.MULTILINE)
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[found[2]] if found else float("nan")


def measure(server, seconds, connections, *wrk_options):
    """One round: wrk against `server`; what it and the kernel say of it."""
    before = server.cpu_seconds()
    wrk = subprocess.run(
        ["wrk", "--latency", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", *wrk_options,
         f"http://127.0.0.1:{server.port}/{FILE_NAME}"],
        stdout=subprocess.PIPE, text=True, timeout=seconds + 30, check=False)
    text = wrk.stdout
    time.sleep(0.2)  # the loggers drain what is left
    requests = number(r"(\d+) requests in", text)
    if wrk.returncode != 0 or requests == 0:
        sys.exit(f"wrk against {server.name} failed:\n{text}")
    for trouble in re.findall(r"(Non-2xx.*|Socket errors.*)", text):
        print(f"  {server.name}: {trouble}")
    return {
        "CPU per request, µs": (server.cpu_seconds() - before) / requests * 1e6,
        "requests per second": number(r"Requests/sec:\s+([\d.]+)", text),
        "latency, median, ms": percentile_ms(50, text),
        "latency, 99 %, ms": percentile_ms(99, text),
        "requests": requests,
    }
