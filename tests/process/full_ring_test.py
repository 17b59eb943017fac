"""A logger that stands still: the ring of a worker becomes full. Connections wait for that one by one, the worker never."""

import os
import signal
import unittest

from harness import DaemonTest

LOGS = """error: [{{file: FOLDER/error.log, level: debug}}]
ring_wait: 1m
access: {access}"""
FILE = "[{file: FOLDER/access.log, format: '%r'}]"
MORE_THAN_FITS = 400  # of 7 KB each into 2 MB
PADDING = "x" * 7000


def request(number):
    return f"GET /?{number}-{PADDING} HTTP/1.1"


def ask(client, number):
    client.sendall(request(number).encode() + b"\r\nHost: x\r\n\r\n")


def await_answer(client):
    """Times out where none comes."""
    got = b""
    while not got.endswith(b"<p>Hello</p>\n"):
        part = client.recv(4096)
        if not part:
            raise EOFError(got)
        got += part


class FullRing(DaemonTest):
    def test_other_clients_are_served_and_no_line_is_lost(self):
        with self.daemon(workers=1, log=LOGS.format(access=FILE)) as daemon:
            (worker,) = daemon.wait_for_workers(1)
            logger = daemon.logger()
            os.kill(logger, signal.SIGSTOP)
            try:
                clients = [daemon.connect() for _ in range(MORE_THAN_FITS)]
                for number, client in enumerate(clients):
                    ask(client, number)
                    await_answer(client)
            finally:
                os.kill(logger, signal.SIGCONT)
            for number, client in enumerate(clients):
                ask(client, MORE_THAN_FITS + number)
                await_answer(client)
            lines = daemon.wait_for_access(2 * MORE_THAN_FITS)
            self.assertEqual(set(lines), {request(number) for number in range(2 * MORE_THAN_FITS)})
            self.assertEqual(daemon.workers(), [worker])
            for client in clients:
                client.close()

    def test_lines_that_no_log_wants_need_no_room(self):
        with self.daemon(workers=1, log=LOGS.format(access="[]")) as daemon:
            logger = daemon.logger()
            os.kill(logger, signal.SIGSTOP)
            try:
                with daemon.connect() as client:
                    for number in range(MORE_THAN_FITS):
                        ask(client, number)
                        await_answer(client)
            finally:
                os.kill(logger, signal.SIGCONT)


if __name__ == "__main__":
    unittest.main()
