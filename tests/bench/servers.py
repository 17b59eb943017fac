"""The servers that the benchmarks compare: basehttpd and nginx, each started here on a free port, with all that it writes
in a temporary folder; and one round of wrk against one of them, with what the kernel says it cost."""

import contextlib
import http.client
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKERS = 2
FILE_NAME, FILE_SIZE = "page.txt", 1024
CONTENT = b"x" * (FILE_SIZE - 1) + b"\n"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

BASEHTTPD_YAML = """\
listen: ["127.0.0.1:{port}"]
{user}
control: {folder}/control.sock
workers: {{count: {workers}, crash_limit: 0}}
log:
  access: [{access}]
  error: [{{file: {folder}/error.log, level: info}}]
sites: [{{root: {site}}}]
"""

# Connections last as long as with basehttpd's defaults; all else is nginx's and Debian's default.
NGINX_CONF = """\
daemon off;
{user}
worker_processes {workers};
worker_rlimit_nofile 16384;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    access_log {access};
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {site}; }}
}}
"""


class Server:
    """A server under test: a master process and all that descends from it."""

    def __init__(self, name, template, user, command, scratch, site, access, environment=None):
        self.name = name
        self.program = pathlib.Path(command[0])
        self.tries = 0  # requests of await_answer()
        self.folder = scratch / re.sub(r"\W+", "-", name)
        self.folder.mkdir()
        self.port = free_port()
        self.access_log = self.folder / "access.log"
        self.error_log = self.folder / "error.log"
        config = self.folder / "config"
        config.write_text(template.format(
            port=self.port, user=user if os.geteuid() == 0 else "", workers=WORKERS, folder=self.folder, site=site,
            access=access.replace("{log}", str(self.access_log))))
        with open(self.folder / "output", "wb") as output:
            self.process = subprocess.Popen(
                [*command, "-c", str(config)], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, **(environment or {})}, start_new_session=True)

    def await_answer(self, pause=0.02):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.tries += 1
                client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                client.request("GET", "/" + FILE_NAME)
                response = client.getresponse()
                if response.status == 200 and response.read() == CONTENT:
                    return
                sys.exit(f"{self.name} answered {response.status}, not the file")
            time.sleep(pause)
        sys.exit(f"{self.name} does not answer: {(self.folder / 'output').read_text(errors='replace')}")

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
        """User and system time of all processes, those that have ended and been waited for included."""
        return sum(self.cpu_seconds_of(pid) for pid in self.processes())

    @staticmethod
    def cpu_seconds_of(pid):
        with contextlib.suppress(OSError):
            return sum(int(field) for field in stat_fields(pid)[11:15]) / TICKS_PER_SECOND
        return 0

    def titled(self, title):
        """The pids of its processes with that title, as `ps` shows it."""
        found = []
        for pid in self.processes():
            with contextlib.suppress(OSError):
                if pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode().startswith(title):
                    found.append(pid)
        return found

    def connections_per_worker(self):
        """How many established connections to our port each process holds, where it holds any; largest first."""
        ours = set()
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(f":{self.port:04X}") and fields[3] == "01":
                ours.add(f"socket:[{fields[9]}]")
        counts = []
        for pid in self.processes() - {self.process.pid}:
            with contextlib.suppress(OSError):
                folder = f"/proc/{pid}/fd"
                counts.append(sum(read_link(f"{folder}/{fd}") in ours for fd in os.listdir(folder)))
        return sorted((count for count in counts if count > 0), reverse=True)


def basehttpd(name, binary, scratch, site, access="{file: {log}, format: combined}", **how):
    """`access` are the sinks of its access log; {log} in it is a file's path."""
    return Server(name, BASEHTTPD_YAML, "user: www-data", [str(binary.resolve())], scratch, site, access, **how)


def nginx(name, scratch, site, access="{log} combined", **how):
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin") or sys.exit("nginx is not there")
    return Server(name, NGINX_CONF, "user www-data;", [program, "-e", "stderr"], scratch, site, access, **how)


def stat_fields(pid):
    """The fields of proc(5)'s stat from the third on: state, ppid, ... utime, stime, cutime, cstime at 11 to 14."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def read_link(path):
    with contextlib.suppress(OSError):
        return os.readlink(path)
    return None


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
    wrk = subprocess.Popen(
        ["wrk", "--latency", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", *wrk_options,
         f"http://127.0.0.1:{server.port}/{FILE_NAME}"],
        stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        time.sleep(seconds / 2)
        shares = server.connections_per_worker()
        text = wrk.communicate(timeout=seconds + 30)[0]
    finally:
        if wrk.poll() is None:
            wrk.kill()
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
        "shares": ":".join(map(str, shares)) or "?",
    }
