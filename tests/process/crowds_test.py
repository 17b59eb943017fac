"""Crowds of clients that cost them little: slow ones, idle ones, ones that leave at once. Beside each a good client is
served as if it were alone."""

import contextlib
import os
import re
import resource
import select
import shutil
import socket
import subprocess
import threading
import unittest

import beside
import processes
from harness import DaemonTest, let_pass, until

SLOW = 500
IDLE = 10_000
WITHOUT_DESCRIPTORS = 2_000
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
# No timeout ends a crowd while it is measured.
PATIENT = "limits: {header_timeout: 1h, body_timeout: 1h, send_timeout: 1h, idle_timeout: 1h, min_rate: 0}"


def more_descriptors(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(hard, count)))


def open_connections(daemon):
    return sum(processes.connections(worker, daemon.port) for worker in daemon.workers())


class Crowd(contextlib.ExitStack):
    """Connections, from a few hundred addresses; reset at the end."""

    def __init__(self, daemon, count, sent=b"", receive_buffer=None):
        super().__init__()
        self.clients = []
        for number in range(count):
            client = socket.socket()
            self.callback(beside.reset, client)
            if receive_buffer:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            client.bind((f"127.0.{1 + number // 250 % 250}.{1 + number % 250}", 0))
            client.settimeout(60)
            client.connect(daemon.address)
            client.sendall(sent)
            self.clients.append(client)

    def await_answers(self):
        for client in self.clients:
            assert client.recv(4096).startswith(b"HTTP/1.1 200 ")

    def ended(self):
        """How many the daemon has closed, of those that have read all."""
        poll = select.poll()
        for client in self.clients:
            poll.register(client, select.POLLIN | select.POLLRDHUP)
        return sum(bool(event & (select.POLLRDHUP | select.POLLHUP)) for _, event in poll.poll(0))


@contextlib.contextmanager
def each_now_and_then(crowd, act):
    """Has one of the crowd after the other `act`, each about once in half a second."""
    over = threading.Event()

    def run():
        while not over.is_set():
            for number, client in enumerate(crowd.clients):
                with contextlib.suppress(OSError):
                    act(client)
                if number % 10 == 0 and over.wait(0.5 / len(crowd.clients) * 10):
                    return

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield crowd
    finally:
        over.set()
        thread.join()


class Slow(DaemonTest):
    def check_beside(self, what, sent, act, content_length=0, receive_buffer=None):
        with self.daemon(settings=PATIENT) as daemon:
            daemon.write("big", "x" * (8 << 20))
            daemon.wait_for_workers(2)

            @contextlib.contextmanager
            def attack():
                with Crowd(daemon, SLOW, sent, receive_buffer) as crowd, each_now_and_then(crowd, act):
                    yield beside.memory(daemon)
                    self.assertEqual(crowd.ended(), 0)

            memory = beside.check(self, daemon, f"{SLOW} {what}", attack)
            beside.say(f"workers' own memory then: {memory:.1f} MiB")
            daemon.tolerate("code 4")

    def test_heads(self):
        self.check_beside("slow heads", b"GET / HTTP/1.1\r\nHost: x\r\nX: ", lambda client: client.send(b"x"))

    def test_bodies(self):
        self.check_beside("slow bodies", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n",
                          lambda client: client.send(b"x"))

    def test_readers(self):
        self.check_beside("slow readers", b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n", lambda client: client.recv(32),
                          receive_buffer=4096)

    @unittest.skipIf(shutil.which("slowhttptest") is None, "slowhttptest is not installed")
    def test_slowhttptest(self):
        """A tool that nobody here wrote."""
        kinds = {"slow heads": ["-H"], "slow bodies": ["-B"], "slow readers": ["-X", "-w", "10", "-y", "20", "-z", "8"]}
        for what, options in kinds.items():
            with self.subTest(what), self.daemon(settings=PATIENT) as daemon:
                daemon.write("big", "x" * (1 << 20))

                @contextlib.contextmanager
                def attack():
                    target = daemon.url("/big" if what == "slow readers" else "/")
                    tool = subprocess.Popen(
                        ["slowhttptest", *options, "-c", str(SLOW), "-r", str(SLOW), "-i", "1", "-l", "120", "-u", target],
                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    daemon.beside.add(tool.pid)
                    try:
                        if what == "slow bodies":  # it leaves with the answer, which does not wait for the body
                            daemon.expect("code 405")
                        else:
                            until(lambda: open_connections(daemon) >= SLOW * 0.9, f"{SLOW} connections")
                        yield
                    finally:
                        tool.kill()
                        tool.wait()

                beside.check(self, daemon, f"slowhttptest's {SLOW} {what}", attack)
                daemon.tolerate("code 4")


class Idle(DaemonTest):
    def test_10_000_connections(self):
        more_descriptors(IDLE + 1_000)
        with self.daemon(settings=PATIENT, ulimit=f"-n {IDLE + 2_000}") as daemon:
            daemon.wait_for_workers(2)
            before = beside.memory(daemon)

            @contextlib.contextmanager
            def attack():
                with Crowd(daemon, IDLE // 2, ASK) as asked, Crowd(daemon, IDLE // 2) as silent:
                    asked.await_answers()
                    yield beside.memory(daemon)
                    self.assertEqual((asked.ended(), silent.ended()), (0, 0))

            memory = beside.check(self, daemon, f"{IDLE} idle connections", attack)
            each = (memory - before) * (1 << 20) / IDLE
            beside.say(f"each takes {each:.0f} bytes of the workers' own memory")
            self.assertLess(each, 4096)

    def test_2_000_connections_with_256_descriptors(self):
        more_descriptors(WITHOUT_DESCRIPTORS + 1_000)
        with self.daemon(settings=PATIENT, ulimit="-n 256") as daemon:
            workers = daemon.wait_for_workers(2)

            @contextlib.contextmanager
            def attack():
                with Crowd(daemon, WITHOUT_DESCRIPTORS) as crowd:
                    until(lambda: crowd.ended() > WITHOUT_DESCRIPTORS - 2 * 256 - 10, "idle ones that make room")
                    busy = [processes.cpu_ticks(worker) for worker in workers]
                    let_pass(0.5)
                    ticks = [processes.cpu_ticks(worker) - before for worker, before in zip(workers, busy)]
                    self.assertLess(max(ticks), 0.25 * os.sysconf("SC_CLK_TCK"), "a worker spins")
                    yield

            beside.check(self, daemon, f"{WITHOUT_DESCRIPTORS} connections with 256 descriptors", attack)
            lines = daemon.expect("the limit of open files leaves room for")
            beside.say(f"lines of the error log about it: {len(lines)}")
            self.assertLess(len(lines), 60)

    def test_2_000_unfinished_heads_with_256_descriptors(self):
        """None of them is idle: they go when header_timeout ends them, and then others are served, without a hand."""
        more_descriptors(WITHOUT_DESCRIPTORS + 1_000)
        with self.daemon(settings="limits: {header_timeout: 1s}", ulimit="-n 256") as daemon:
            daemon.wait_for_workers(2)
            with Crowd(daemon, WITHOUT_DESCRIPTORS, ASK[:10]):
                beside.say(f"good client: p99 {beside.p99(daemon, 20):.0f} ms beside {WITHOUT_DESCRIPTORS} unfinished heads "
                           "with 256 descriptors and a header_timeout of 1 s")
            daemon.tolerate("the limit of open files leaves room for")


class Bound(DaemonTest):
    """What `basehttpd config --memory` says holds while each connection takes all that it can get."""
    CONNECTIONS = 100
    SETTINGS = (f"limits: {{connections: {CONNECTIONS}, request_line: 8K, header_bytes: 32K, header_timeout: 1h, send_timeout: 1h, "
                "idle_timeout: 1h, min_rate: 0}\nfile_cache: {bytes: 1M}")

    def bound(self, daemon):
        """In bytes, of a worker."""
        text = subprocess.run([os.environ["BASEHTTPD"], "config", "--memory", "-c", daemon.config_file], text=True,
                              capture_output=True, check=True).stdout
        number, unit = re.match(r"A worker needs at most ([\d.]+) (B|KiB|MiB|GiB) ", text).groups()
        return float(number) * 1024 ** ["B", "KiB", "MiB", "GiB"].index(unit)

    def held(self, daemon, sent, receive_buffer=None):
        """The worker's own memory with that many clients that sent `sent` and take nothing."""
        before = beside.memory(daemon)
        with Crowd(daemon, self.CONNECTIONS, b"", receive_buffer) as crowd:
            for number, client in enumerate(crowd.clients):
                client.setblocking(True)
                client.sendall(sent(number))
            return until_steady(lambda: beside.memory(daemon)), before

    def test_heads_and_files_that_nobody_takes(self):
        with self.daemon(workers=1, settings=self.SETTINGS) as daemon:
            for number in range(101):
                daemon.write(f"file{number}", "x" * 120_000)
            bound = self.bound(daemon) / (1 << 20)
            fields = b"".join(b"Field-%d: %s\r\n" % (number, b"x" * 300) for number in range(95))
            for what, sent, least in (
                    ("unfinished heads", lambda _: b"GET / HTTP/1.1\r\nHost: x\r\n" + fields, 0.01),
                    ("files that nobody takes", lambda n: b"".join(b"GET /file%d HTTP/1.1\r\nHost: x\r\n\r\n" % (n * i % 101) for i in range(100)), 0.05)):
                most, before = self.held(daemon, sent, receive_buffer=4096)
                beside.say(f"{self.CONNECTIONS} {what}: {before:.1f} -> {most:.1f} MiB, at most {bound:.1f} MiB by its limits")
                self.assertLess(most, bound)
                self.assertGreater(most - before, least * bound, "the attack does not reach its target")
            daemon.tolerate("limits.connections|code 4")


def until_steady(figure):
    """Its value once it has stopped changing."""
    now, last = figure(), None
    while now != last:
        let_pass(0.2)
        now, last = figure(), now
    return now


class Leaving(DaemonTest):
    def test_connect_and_reset(self):
        """With nothing, half a request, a request, and many requests sent."""
        with self.daemon() as daemon:
            workers = daemon.wait_for_workers(2)
            shapes = [b"", ASK[:12], ASK, ASK * 20]

            def act():
                for sent in shapes:
                    client = socket.create_connection(daemon.address, timeout=60)
                    if sent:
                        client.send(sent)
                    beside.reset(client)

            storm = beside.check(self, daemon, "a storm of connections that are reset", lambda: beside.repeating(act))
            beside.say(f"{len(storm) * len(shapes)} connections were reset")
            self.assertEqual(daemon.workers(), workers)
            until(lambda: open_connections(daemon) == 0, "no connection left")


if __name__ == "__main__":
    unittest.main(verbosity=2)
