"""More clients than there may be connections: the idle ones make room, and those within a request do not."""

import os
import signal
import socket
import unittest

from clients import ctl
from harness import DaemonTest, until

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Client:
    def __init__(self, daemon, source=None):
        self.socket = socket.create_connection(daemon.address, timeout=20, source_address=source)

    def ask(self, request=REQUEST):
        self.socket.sendall(request)

    def answered(self):
        got = b""
        while b"<p>Hello</p>" not in got:
            part = self.socket.recv(4096)
            if not part:
                return False
            got += part
        return got.startswith(b"HTTP/1.1 200 ")

    def closed(self):
        """Waits for the end."""
        return self.socket.recv(1) == b""

    def open(self):
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1) != b""
        except BlockingIOError:
            return True
        finally:
            self.socket.settimeout(20)


class Full(DaemonTest):
    SETTINGS = "limits: {connections: 3, idle_timeout: 1h, header_timeout: 1h}"

    def idle_clients(self, daemon, count):
        clients = []
        for _ in range(count):
            clients.append(Client(daemon))
            clients[-1].ask()
            self.assertTrue(clients[-1].answered())
        return clients

    def test_the_longest_idle_one_makes_room(self):
        with self.daemon(workers=1, settings=self.SETTINGS) as daemon:
            clients = self.idle_clients(daemon, 3)
            clients[0].ask()  # now the second has waited the longest
            self.assertTrue(clients[0].answered())
            clients += self.idle_clients(daemon, 1)
            self.assertTrue(clients[1].closed())
            clients += self.idle_clients(daemon, 1)
            self.assertTrue(clients[2].closed())
            for still in (clients[0], clients[3], clients[4]):
                self.assertTrue(still.open())
            self.assertEqual(len(daemon.expect("limits.connections: all 3 are taken")), 1)
            for client in clients:
                client.socket.close()

    def test_one_within_a_request_is_left_alone(self):
        with self.daemon(workers=1, settings=self.SETTINGS) as daemon:
            busy = [Client(daemon) for _ in range(3)]
            for client in busy:
                client.ask(REQUEST[:10])
            daemon.expect("all 3 are taken and none is idle")
            daemon.tolerate("idle ones are closed to make room")
            waiting = Client(daemon)
            waiting.ask()
            for client in busy:
                self.assertTrue(client.open())
            busy[1].ask(REQUEST[10:])
            self.assertTrue(busy[1].answered())
            self.assertTrue(waiting.answered())
            self.assertTrue(busy[1].closed())
            for client in (busy[0], busy[2]):
                client.ask(REQUEST[10:])
                self.assertTrue(client.answered())
            for client in (*busy, waiting):
                client.socket.close()

    def test_those_that_never_ask_make_room_as_well(self):
        with self.daemon(workers=1, settings=self.SETTINGS) as daemon:
            silent = [Client(daemon) for _ in range(3)]
            asking = Client(daemon)
            asking.ask()
            self.assertTrue(asking.answered())
            self.assertTrue(silent[0].closed())
            daemon.tolerate("limits.connections")
            for client in (*silent, asking):
                client.socket.close()

    def test_when_descriptors_run_out(self):
        with self.daemon(workers=1, ulimit="-n 60", settings="limits: {connections: 1000, idle_timeout: 1h}") as daemon:
            clients = self.idle_clients(daemon, 80)
            self.assertTrue(clients[0].closed())
            self.assertTrue(clients[-1].open())
            self.assertEqual(len(daemon.expect("the limit of open files leaves room for [0-9]+ connections, all are taken, "
                                               "and idle ones are closed")), 1)
            for client in clients:
                client.socket.close()


class OneClient(DaemonTest):
    """limits.connections_per_client, of two workers together; clients are told apart by their addresses on loopback."""
    SETTINGS = "limits: {connections_per_client: 4, idle_timeout: 1h, header_timeout: 1h}"
    MOST = 4 + 1  # one more for the other worker

    def connect(self, daemon, source, count):
        """So many connections; those that are answered."""
        answered = []
        for _ in range(count):
            client = Client(daemon, (source, 0))
            try:
                client.ask()
                kept = client.answered()
            except ConnectionError:
                kept = False
            if kept:
                answered.append(client)
            self.addCleanup(client.socket.close)
        return answered

    def test_further_ones_are_closed_and_others_are_served(self):
        with self.daemon(workers=2, control=True, settings=self.SETTINGS) as daemon:
            daemon.wait_for_workers(2)
            many = self.connect(daemon, "127.0.0.2", 20)
            self.assertGreaterEqual(len(many), 4)
            self.assertLessEqual(len(many), self.MOST)
            self.assertEqual(len(self.connect(daemon, "127.0.0.3", 3)), 3)
            self.assertEqual(len(daemon.expect("limits.connections_per_client: 127.0.0.2 has 4 open")), 1)
            status = ctl(daemon, "status").stdout
            self.assertIn(f"{20 - len(many)} connections refused", status)
            for client in many:
                client.socket.close()
            until(lambda: "3 connections, " in ctl(daemon, "status").stdout, "the end of its connections")
            self.assertEqual(len(self.connect(daemon, "127.0.0.2", 4)), 4)

    def test_a_worker_that_died_holds_nothing_against_its_clients(self):
        with self.daemon(workers=2, settings=self.SETTINGS) as daemon:
            workers = daemon.wait_for_workers(2)
            self.connect(daemon, "127.0.0.2", 5)
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            daemon.wait_for_workers(2, but=workers)
            self.assertGreaterEqual(len(self.connect(daemon, "127.0.0.2", 6)), 4)
            daemon.tolerate("limits.connections_per_client")
            for worker in workers:
                daemon.tolerate(f"pid {worker}")

    def test_none_is_closed_below_the_limit_or_without_one(self):
        for settings, count in (("limits: {connections_per_client: 8}", 7), ("", 20)):
            with self.daemon(workers=2, settings=settings) as daemon:
                self.assertEqual(len(self.connect(daemon, "127.0.0.2", count)), count)


if __name__ == "__main__":
    unittest.main(verbosity=2)
