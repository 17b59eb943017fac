"""Each key of `limits:`, reached and not: a row for each key, and no key without one."""

import json
import os
import socket
import subprocess
import unittest

from clients import read_all
from harness import DaemonTest, let_pass, until

BIG = 32 << 20
CLOSE = b"Connection: close\r\n"


def ask(*lines, target=b"/", content=b""):
    return b"GET " + target + b" HTTP/1.1\r\n" + b"\r\n".join([b"Host: x", *lines]) + b"\r\n\r\n" + content


def post(length, content=b""):
    return b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length + content


class Client:
    def __init__(self, daemon, receive_buffer=None):
        self.daemon = daemon
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(20)
        self.socket.connect(daemon.address)

    def send(self, *pieces, pause=0.0):
        for number, piece in enumerate(pieces):
            if number:
                let_pass(pause)
            self.socket.sendall(piece)
        return self

    def answer(self):
        """The next one, of which the harness's page is the end, or an error page is; its status."""
        got = b""
        while not got.rstrip().endswith((b"Hello</p>", b"</html>")):
            part = self.socket.recv(65536)
            if not part:
                break
            got += part
        return int(got.split()[1]) if got else None

    def rest(self):
        """What comes until the daemon closes; a reset is an end, too."""
        try:
            return read_all(self.socket)
        except ConnectionError:
            return b""


class Rows:
    """For each key: two settings, and what a client sees with the one, beyond which it goes, and with the other."""

    def request_line(self, client):
        yield "100", lambda: client().send(ask(target=b"/?" + b"x" * 90)).answer(), 414
        yield "200", lambda: client().send(ask(target=b"/?" + b"x" * 90)).answer(), 200

    def header_bytes(self, client):
        yield "300", lambda: client().send(ask(b"X: " + b"x" * 300)).answer(), 431
        yield "400", lambda: client().send(ask(b"X: " + b"x" * 300)).answer(), 200

    def header_fields(self, client):
        yield "3", lambda: client().send(ask(b"A: 1", b"B: 2", b"C: 3")).answer(), 431
        yield "4", lambda: client().send(ask(b"A: 1", b"B: 2", b"C: 3")).answer(), 200

    def body(self, client):
        yield "10", lambda: client().send(post(11, b"x" * 11)).answer(), 413
        yield "11", lambda: client().send(post(11, b"x" * 11)).answer(), 405

    def header_timeout(self, client):
        yield "200ms", lambda: client().send(ask()[:20]).answer(), 408
        yield "1h", lambda: client().send(ask()[:20], ask()[20:], pause=0.4).answer(), 200

    def body_timeout(self, client):
        def after_a_pause():
            one = client().send(post(2), b"x", pause=0.4)
            return one.answer(), one.send(b"x", ask()).answer()
        yield "200ms", lambda: client().send(post(2, b"x")).rest().split()[1], b"405"
        yield "1h", after_a_pause, (405, 200)

    def idle_timeout(self, client):
        def again():
            one = client().send(ask())
            one.answer()
            let_pass(0.4)
            return one.send(ask()).answer()
        yield "200ms", lambda: client().send(ask()).rest().count(b"HTTP/1.1 200 "), 1
        yield "1h", again, 200

    def send_timeout(self, client):
        def ends(one):
            until(lambda: "the client accepted nothing for" in "".join(one.daemon.error_lines()), "an end")
            return len(one.rest()) < BIG
        yield "200ms", lambda: ends(client(4096).send(ask(target=b"/big"))), True
        def waits():
            one = client(4096).send(ask(CLOSE[:-2], target=b"/big"))
            let_pass(0.4)
            return len(one.rest()) > BIG
        yield "1h", waits, True

    def min_rate(self, client):
        """Ten bytes in a second use up a timeout of a second at 1 KiB a second, and not at one byte a second."""
        drops = [post(10)] + [b"x"] * 10
        def two():
            one = client()
            try:
                one.send(*drops, pause=0.15).send(ask())
            except ConnectionError:
                return 1
            return one.send(ask(CLOSE[:-2])).rest().count(b"HTTP/1.1 ")
        yield "1K, body_timeout: 1s", two, 1
        yield "1, body_timeout: 1s", two, 3

    def connections(self, client):
        def third():
            return [client().send(ask()[:20]) for _ in range(3)][-1].send(ask()[20:]).answer()

        def waits():
            first, second, last = (client().send(ask()[:20]) for _ in range(3))
            until(lambda: "limits.connections: all 2 are taken and none is idle" in "".join(first.daemon.error_lines()), "word of it")
            for each in (first, second):
                each.socket.close()
            return last.send(ask()[20:]).answer()
        yield "2", waits, 200
        yield "3", third, 200

    def connections_per_client(self, client):
        def second():
            first = client().send(ask())
            return first.answer(), client().rest()
        yield "1", second, (200, b"")
        yield "2", lambda: [client().send(ask()).answer() for _ in range(2)], [200, 200]

    def requests_per_connection(self, client):
        yield "2", lambda: client().send(ask() * 3).rest().count(b"HTTP/1.1 200 "), 2
        yield "3", lambda: client().send(ask() * 3).rest().count(b"HTTP/1.1 200 "), 3

    def strictness(self, client):
        yield "strict", lambda: client().send(b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n").answer(), 400
        yield "default", lambda: client().send(b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n").answer(), 200


class Limits(DaemonTest):
    OTHERS = {"header_timeout": "1h", "body_timeout": "1h", "idle_timeout": "1h", "send_timeout": "1h", "min_rate": "0"}

    def check(self, key):
        clients = []

        def client(receive_buffer=None):
            clients.append(Client(daemon, receive_buffer))
            return clients[-1]

        for value, act, expected in getattr(Rows(), key)(client):
            given = {**self.OTHERS, key: value}
            if key == "min_rate":
                del given["body_timeout"]
            settings = "limits: {" + ", ".join(f"{name}: {each}" for name, each in given.items()) + "}"
            with self.daemon(workers=1, settings=settings) as daemon:
                daemon.write("big", "x" * (BIG if key == "send_timeout" else 0))
                daemon.tolerate(r"code 4\d\d|limits\.|the client took no more|body|content")
                self.assertEqual(act(), expected, f"{key}: {value}")
                for each in clients:
                    each.socket.close()

    def test_no_key_is_without_a_row(self):
        schema = json.loads(subprocess.run([os.environ["BASEHTTPD"], "config", "--schema"], capture_output=True, check=True).stdout)
        keys = schema["properties"]["limits"]["properties"]
        self.assertEqual(sorted(keys), sorted(name for name in vars(Rows) if not name.startswith("_")))


def add_test(key):
    setattr(Limits, f"test_{key}", lambda self: self.check(key))


for name in vars(Rows):
    if not name.startswith("_"):
        add_test(name)

if __name__ == "__main__":
    unittest.main(verbosity=2)
