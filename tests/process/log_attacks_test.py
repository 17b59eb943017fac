"""What is done to the logs and to time, and to processes by SIGSTOP: bytes that would forge lines, in every format and sink;
sinks that take nothing; a clock that jumps. Beside each a good client is served as if it were alone."""

import base64
import contextlib
import json
import mmap
import os
import re
import signal
import struct
import tempfile
import threading
import unittest

import beside
from clients import exchange
from harness import FAULT, DaemonTest, until
from log_receivers import Datagrams, Stream, parse_entry

FORGED = b'192.0.2.9 - - [25/Nov/2026:10:00:00 +0000] "GET /forged HTTP/1.1" 200 1'
PLACES = ("target", "query", "method", "host", "user agent", "referer", "field", "cookie", "user")
# Each byte, and what a reader of logs may take for the end of a line or for an escape.
BYTES = [bytes([byte]) for byte in range(256)] + [b"\r\n", b"%0a", b"%0d%0a", b"\\n", b"\xe2\x80\xa8", b"\xc2\x85", b"\x1b[2J", b"\xc0\x8a",
                                                 b"\nPRIORITY=0\n_SYSTEMD_UNIT=", b'","status":200,"x":"', b"]", b"%s%n", b"<0>"]


def request(place, odd):
    """A request with `odd` and a forged line in one place."""
    text = {name: name.replace(" ", "-").encode() for name in PLACES}
    text[place] = b"x" + odd + FORGED
    if place in ("target", "query"):
        text[place] = text[place].replace(b" ", b"%20") if odd != b" " else text[place]
    credentials = base64.b64encode(text["user"] + b":secret")
    method = text["method"] if place == "method" else b"GET"
    host = text["host"] if place == "host" else b"x"
    return (method + b" /" + text["target"] + b"?" + text["query"] + b" HTTP/1.1\r\nHost: " + host + b"\r\nUser-Agent: "
            + text["user agent"] + b"\r\nReferer: " + text["referer"] + b"\r\nX-A: " + text["field"] + b"\r\nCookie: a=" + text["cookie"]
            + b"\r\nAuthorization: Basic " + credentials + b"\r\nConnection: close\r\n\r\n")


class Taking:
    """Takes messages from a receiver until the block is left."""

    def __init__(self, receiver):
        self._receiver, self.messages = receiver, []
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        with contextlib.suppress(OSError, AssertionError):
            while True:
                self.messages.append(self._receiver.take())

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join()


class Injection(DaemonTest):
    def test_every_byte_in_every_place_format_and_sink(self):
        own = "begin %h %l %u %r %m %U %q %v %V %{Host}i %{X-A}i %{Referer}i %{User-Agent}i %{a}C %f end"
        # What comes to a receiver's end is over when nothing more comes for a while.
        with (tempfile.TemporaryDirectory() as folder, Datagrams(f"{folder}/journal", timeout=3) as journal,
              Datagrams(f"{folder}/log", timeout=3) as local, Datagrams(timeout=3) as udp, Stream(timeout=3) as tcp):
            os.chmod(folder, 0o755)
            log = f"""
access:
  - {{file: FOLDER/access.log, format: combined}}
  - {{file: FOLDER/common.log, format: common}}
  - {{file: FOLDER/own.log, format: "{own}"}}
  - {{file: FOLDER/json.log, format: "json %{{X-A}}i %{{Host}}i %{{a}}C"}}
  - {{stdout: {{}}, format: combined}}
  - {{pipe: "sh -c 'exec cat >> FOLDER/out/piped.log'", format: "{own}"}}
  - {{journal: {{path: {folder}/journal}}}}
  - {{syslog: {{to: {folder}/log}}, format: "{own}"}}
  - {{syslog: {{to: "udp:127.0.0.1:{udp.port}", form: rfc5424}}, format: combined}}
  - {{syslog: {{to: "tcp:127.0.0.1:{tcp.port}"}}, format: json}}
error:
  - {{file: FOLDER/error.log, level: debug}}
"""
            with self.daemon(ready=False, log=log) as daemon:
                out = daemon.folder / "out"
                out.mkdir()
                out.chmod(0o777)
                daemon.notify.wait("READY=1")
                requests = [request(place, odd) for place in PLACES for odd in BYTES]
                with Taking(journal) as entries, Taking(local) as local_lines, Taking(udp) as udp_lines, Taking(tcp) as tcp_lines:
                    answered = 0
                    for sent in requests:
                        answer = exchange(daemon.address, sent)
                        self.assertTrue(answer)
                        answered += len(re.findall(rb"(?m)^HTTP/1\.1 \d{3} ", answer)) or 1
                    daemon.tolerate("code [45]")
                    daemon.wait_for_access(answered)
                daemon.tolerate("standard output")  # which the harness reads at the end
                daemon.stop()
                files = {name: (daemon.folder / name).read_bytes()
                         for name in ("access.log", "common.log", "own.log", "json.log", "out/piped.log", "error.log")}
                files["stdout"] = daemon.output.encode()
                for name, content in files.items():
                    lines = content.splitlines() if name != "stdout" else [l for l in content.split(b"\n") if b'HTTP/1.1" ' in l or b'" 4' in l]
                    self.assertNotRegex(content, rb"[\x00-\x09\x0b-\x1f\x7f]", name)
                    self.assertFalse([line for line in content.split(b"\n") if line.startswith(b"192.0.2.9")], name)
                    if name not in ("error.log", "stdout"):
                        self.assertEqual(len(lines), answered, name)
                for line in files["json.log"].splitlines():
                    record = json.loads(line)
                    self.assertEqual((record["client"], "x" in record), ("127.0.0.1", False))
                for line in files["own.log"].splitlines() + files["out/piped.log"].splitlines():
                    self.assertRegex(line, rb"^begin 127\.0\.0\.1 .* end$")
                for name, lines in (("local", local_lines), ("UDP", udp_lines), ("TCP", tcp_lines)):
                    for line in lines.messages:
                        self.assertNotRegex(line.rstrip(b"\n"), rb"[\x00-\x1f\x7f]", name)
                        self.assertRegex(line, rb"^<\d+>", name)
                self.assertEqual((len(entries.messages), len(local_lines.messages), len(tcp_lines.messages)), (answered,) * 3)
                parsed = [parse_entry(entry) for entry in entries.messages]  # raises where a name is there twice
                for fields in parsed:
                    self.assertNotIn("_SYSTEMD_UNIT", fields)
                    self.assertNotEqual(fields.get("PRIORITY"), b"0")
                    self.assertFalse(b"\n" in fields["MESSAGE"])
                beside.say(f"{len(requests)} odd requests, {answered} lines in each of 10 sinks, {len(udp_lines.messages)} over UDP; "
                           "no raw control byte and no forged line")


class Stopped(DaemonTest):
    def test_sinks_that_take_nothing(self):
        """journald and a syslogd that stand still, and disks that are full."""
        with tempfile.TemporaryDirectory() as folder, Datagrams(f"{folder}/journal") as journal, Datagrams(f"{folder}/log") as local:
            os.chmod(folder, 0o755)
            kinds = {"journald stopped": (f"journal: {{path: {folder}/journal}}", journal),
                     "syslogd stopped": (f"syslog: {{to: {folder}/log}}", local), "all logs at /dev/full": ("file: /dev/full", None)}
            for kind, (sink, receiver) in kinds.items():
                log = f"access: [{{{sink}, format: combined}}]\nerror: [{{file: FOLDER/error.log}}, {{{sink}}}]"
                with self.subTest(kind), self.daemon(log=log) as daemon:
                    daemon.tolerate(r"takes nothing|No space left|lost|dropped|not written|accepts lines again")
                    # As much as the sockets of the kernel hold, and more.
                    act = lambda: exchange(daemon.address, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 49
                                           + b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    beside.check(self, daemon, kind, lambda: beside.repeating(act))
                    if receiver is None:
                        continue
                    with Taking(receiver) as taking:
                        receiver.socket.settimeout(2)
                        until(lambda: taking.messages, "what has waited")

    def test_sigstop_of_master_and_logger(self):
        for who in ("master", "logger"):
            with self.subTest(who), self.daemon(settings="workers: {count: 2, watchdog: 1s}") as daemon:
                workers = daemon.wait_for_workers(2)
                pid = daemon.pid if who == "master" else daemon.logger()

                @contextlib.contextmanager
                def attack():
                    os.kill(pid, signal.SIGSTOP)
                    try:
                        yield
                    finally:
                        with contextlib.suppress(ProcessLookupError):  # the logger was replaced
                            os.kill(pid, signal.SIGCONT)

                beside.check(self, daemon, f"a {who} that is stopped", attack)
                daemon.tolerate("has hung|SIGKILL")
                self.assertEqual(daemon.workers(), workers)
                daemon.send(signal.SIGUSR1)
                daemon.expect("the logs were reopened")
                daemon.stop()
                good = sum("/?good" in line for line in daemon.access_lines())
                self.assertEqual(good % beside.REQUESTS, 0, "lines are missing")
                self.assertGreaterEqual(good, 2 * beside.REQUESTS)

    def test_sigstop_of_a_worker(self):
        """It is replaced; what it had accepted waits no longer than for that."""
        with self.daemon(settings="workers: {count: 2, watchdog: 1s}") as daemon:
            victim = daemon.wait_for_workers(2)[0]
            alone = beside.p99(daemon)
            os.kill(victim, signal.SIGSTOP)
            stopped = beside.p99(daemon)
            daemon.wait_for_workers(2, but=[victim])
            daemon.tolerate("has hung|SIGKILL")
            beside.say(f"good client: p99 {alone:.1f} ms alone, {stopped:.1f} ms beside a worker that is stopped, watchdog 1 s")


class Clock(DaemonTest):
    def test_jumps(self):
        """By an hour, by years, forwards and back: no deadline is by the time of day."""
        with tempfile.NamedTemporaryFile() as offset:
            offset.write(struct.pack("q", 0))
            offset.flush()
            with (self.daemon(environment={**FAULT, "FAULT_CLOCK": offset.name}, settings="workers: {count: 2, watchdog: 2s}") as daemon,
                  mmap.mmap(offset.fileno(), 8) as clock):
                workers, logger = daemon.wait_for_workers(2), daemon.logger()
                jumps = iter([-3600, 10 * 365 * 86400, -10 * 365 * 86400, 1] * 10**6)

                def act():
                    clock[:] = struct.pack("q", next(jumps))

                done = beside.check(self, daemon, "a clock that jumps by hours and years", lambda: beside.repeating(act, 1, 0.01))
                beside.say(f"{len(done)} jumps")
                self.assertEqual((daemon.workers(), daemon.logger()), (workers, logger))


if __name__ == "__main__":
    unittest.main(verbosity=2)
