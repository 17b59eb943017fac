"""Clients that send or take bytes slowly: each timeout and the least rate have somebody who is cut and somebody who is not."""

import select
import socket
import unittest

import processes
from harness import DaemonTest, until

LONG = "1h"
ANSWERED = b"HTTP/1.1 "


def drip(client, pause=0.02):
    """Sends a byte now and then until the server ends the connection; what it sent."""
    got = b""
    try:
        while True:
            if select.select([client], [], [], pause)[0]:
                part = client.recv(65536)
                if not part:
                    return got
                got += part
            else:
                client.sendall(b"x")
    except (BrokenPipeError, ConnectionResetError):
        return got


def sip(client, done, pause=0.02):
    """Takes some bytes now and then until `done`, and then all that are left; how many came."""
    total = 0
    try:
        while part := client.recv(2048):
            total += len(part)
            if not done():
                select.select([], [], [], pause)
    except ConnectionResetError:
        pass
    return total


def received(client):
    got = b""
    while part := client.recv(65536):
        got += part
    return got


class SlowClients(DaemonTest):
    def client(self, client):
        self.addCleanup(client.close)
        return client

    def limits(self, **changes):
        limits = {"header_timeout": LONG, "body_timeout": LONG, "send_timeout": LONG, "idle_timeout": LONG, "min_rate": 0}
        limits.update(changes)
        return "limits: {" + ", ".join(f"{key}: {value}" for key, value in limits.items()) + "}"

    def test_a_head_that_trickles_is_cut_by_header_timeout(self):
        with self.daemon(workers=1, settings=self.limits(header_timeout="500ms")) as daemon:
            client = self.client(daemon.connect())
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
            self.assertTrue(drip(client).startswith(ANSWERED + b"408 "))

    def test_a_body_that_trickles_uses_up_its_timeout(self):
        with self.daemon(workers=1, settings=self.limits(body_timeout="500ms", min_rate="1M")) as daemon:
            client = self.client(daemon.connect())
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
            self.assertTrue(drip(client).startswith(ANSWERED + b"405 "))  # which ended: what is unread was waited for

    def test_a_body_in_two_pieces_is_no_slow_one(self):
        with self.daemon(workers=1, settings=self.limits(body_timeout="2s", min_rate="1K")) as daemon:
            client = self.client(daemon.connect())
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6000\r\n\r\n" + b"x" * 3000)
            self.assertTrue(client.recv(65536).startswith(ANSWERED + b"405 "))
            client.sendall(b"x" * 3000 + b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertTrue(received(client).endswith(b"Hello</p>\n"))

    def test_a_client_that_sips_a_response_is_given_up(self):
        with self.daemon(workers=1, settings=self.limits(send_timeout="500ms", min_rate="1M")) as daemon:
            daemon.write("big", "x" * (32 << 20))
            client = self.client(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(20)
            client.connect(("127.0.0.1", daemon.port))
            client.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            given_up = "the client accepted nothing for 1 s, or less than 1048576 bytes a second"
            self.assertLess(sip(client, lambda: any(given_up in line for line in daemon.error_lines())), 32 << 20)
            daemon.expect(given_up)

    def test_a_client_at_the_rate_has_all(self):
        with self.daemon(workers=1, settings=self.limits(send_timeout="2s", body_timeout="2s", min_rate="1K")) as daemon:
            daemon.write("big", "x" * (8 << 20))
            client = self.client(daemon.connect())
            client.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertGreater(len(received(client)), 8 << 20)

    def test_the_memory_of_heads_that_never_ended_goes_back(self):
        heads, size = 400, 30_000
        with self.daemon(workers=1, settings=self.limits()) as daemon:
            worker, = daemon.wait_for_workers(1)
            own = lambda: int(processes.status(worker, "RssAnon")[0]) << 10
            idle = own()
            clients = [self.client(daemon.connect()) for _ in range(heads)]
            for client in clients:
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * size)
            until(lambda: own() > idle + heads * size, "the heads in the worker's memory")
            for client in clients:
                client.close()
            until(lambda: own() < idle + (1 << 20), "a worker of its idle size")


if __name__ == "__main__":
    unittest.main()
