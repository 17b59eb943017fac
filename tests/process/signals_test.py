"""Signals to the master: reload, stop, stop now."""

import os
import re
import signal
import socket
import time
import unittest

import processes
from clients import Load, exchange, get, idle_connection, read_all
from harness import DYING, DaemonTest, until

REQUEST = b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n"
BIG = b"x" * (32 << 20)


def slow_download(daemon):
    """A connection whose answer is under way and cannot be done: the client has read a part alone."""
    daemon.write("big", BIG)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    connection.settimeout(20)
    connection.connect(daemon.address)
    connection.sendall(REQUEST)
    return connection, connection.recv(4096)


class Reload(DaemonTest):
    def test_a_changed_root_without_a_failure(self):
        for keep_alive in (False, True):
            with self.subTest(keep_alive=keep_alive), self.daemon() as daemon:
                self.change_root_under_load(daemon, keep_alive)

    def change_root_under_load(self, daemon, keep_alive):
        second = daemon.folder / "second"
        second.mkdir()
        (second / "index.html").write_text("second")
        with Load(daemon.address, keep_alive=keep_alive) as load:
            for root in (second, daemon.root, second):
                daemon.configure(root=root)
                daemon.reload()
                load.wait(50)
        self.assertEqual(load.failures, [])
        self.assertEqual({status for status, _ in load.answers}, {200})
        self.assertEqual({body for _, body in load.answers}, {b"<p>Hello</p>\n", b"second"})
        self.assertEqual(get(daemon.address)[1], b"second")
        self.assertEqual(len(daemon.wait_for_access(len(load.answers) + 1)), len(load.answers) + 1)

    def test_the_number_of_workers_changes(self):
        with self.daemon(workers=2) as daemon:
            old = daemon.wait_for_workers(2)
            daemon.configure(workers=3)
            daemon.reload()
            daemon.wait_for_workers(3, but=old)

    def test_more_workers_than_there_is_room_for(self):
        with self.daemon(workers=2) as daemon:
            workers = daemon.wait_for_workers(2)
            daemon.configure(workers=200)
            daemon.reload("refused, nothing has changed: workers.count is 200")
            daemon.tolerate("reload refused")
            self.assertEqual(daemon.workers(), workers)
            self.assertEqual(get(daemon.address)[0], 200)

    def test_a_broken_file_changes_nothing(self):
        with self.daemon() as daemon:
            before = daemon.wait_for_workers(2)
            logger = daemon.logger()
            with daemon.config_file.open("a") as file:
                file.write("nonsense: 1\n")
            line = len(daemon.config_file.read_text().splitlines())
            text = daemon.reload("refused")
            self.assertIn(f"basehttpd.yaml:{line}:", text)
            daemon.expect(rf"basehttpd\.yaml:{line}:1: .*nonsense")
            daemon.expect("reload refused, nothing has changed")
            self.assertEqual((daemon.workers(), daemon.logger()), (before, logger))
            self.assertEqual(get(daemon.address)[0], 200)

    def test_a_root_that_is_missing_changes_nothing(self):
        with self.daemon() as daemon:
            before = daemon.wait_for_workers(2)
            daemon.root.rename(daemon.folder / "away")
            daemon.reload("refused")
            daemon.expect("/root")
            daemon.expect("reload refused")
            self.assertEqual(daemon.workers(), before)
            self.assertEqual(get(daemon.address)[0], 200)

    def test_many_at_once_end_with_the_last_file(self):
        with self.daemon() as daemon:
            first = daemon.wait_for_workers(2)
            since = len(daemon.notify.messages)
            with Load(daemon.address) as load:
                for _ in range(10):
                    daemon.send(signal.SIGHUP)
                    load.wait(5)
                daemon.configure(workers=1)
                daemon.send(signal.SIGHUP)
                daemon.wait_for_workers(1, but=first)
            self.assertEqual(load.failures, [])
            daemon.notify.wait("READY=1", since)

    def test_no_descriptor_and_no_process_stays(self):
        with self.daemon() as daemon:
            daemon.reload()
            daemon.wait_for_workers(2)
            before = processes.descriptors(daemon.pid)
            for _ in range(5):
                daemon.reload()
            daemon.wait_for_workers(2)
            until(lambda: processes.descriptors(daemon.pid) <= before, "as many descriptors as before")

    def test_idle_connections_outlive_it(self):
        with self.daemon() as daemon, idle_connection(daemon.address) as connection:
            daemon.reload()
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"\r\nConnection: close\r\n", read_all(connection))

    def test_idle_connections_end_with_the_shutdown_timeout(self):
        with self.daemon(settings="shutdown_timeout: 1s") as daemon, idle_connection(daemon.address) as connection:
            daemon.reload()
            self.assertEqual(read_all(connection), b"")
            daemon.wait_for_workers(2)

    def test_one_that_comes_while_the_daemon_starts(self):
        with self.daemon(ready=False) as daemon:
            until(lambda: processes.title(daemon.pid) == "basehttpd: master", "a master")
            daemon.send(signal.SIGHUP)
            daemon.notify.wait("RELOADING=1")
            until(lambda: any("reload applied" in text for text in daemon.notify.texts()), "the reload")
            self.assertEqual(get(daemon.address)[0], 200)

    def test_workers_die_after_it(self):
        """The crew that a reload made is replaced and gives up as the first one."""
        with self.daemon(workers=5, environment=DYING, exits_with=70) as daemon:
            daemon.reload()
            workers = daemon.wait_for_workers(5)
            daemon.let_workers_die()
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            daemon.wait()
            daemon.tolerate("")
            self.assertIn("gave up", daemon.output)


class ServiceManager(DaemonTest):
    """What systemd is told, by sd_notify(3)."""

    def test_status_is_told_every_few_seconds(self):
        with self.daemon() as daemon:
            daemon.reload()
            with Load(daemon.address) as load:
                daemon.notify.wait("STATUS=", len(daemon.notify.messages))
                for _ in range(10):
                    self.assertIn(b" 501 ", exchange(daemon.address, b"SPAM / HTTP/1.0\r\n\r\n"))
                load.wait(50)
                since = len(daemon.notify.messages)
                text = daemon.notify.wait("STATUS=", since)
            found = re.fullmatch(rf"STATUS=2 workers on 127\.0\.0\.1:{daemon.port}; (\d+) connections, (\d+) busy, (\d+) requests "
                                 r"\((\d+)\.\d/s\), (\d+) answered 5xx \(\d+\.\d/s\), 0 log lines lost; last reload applied", text)
            self.assertIsNotNone(found, text)
            _, busy, requests, rate, errors = map(int, found.groups())
            self.assertLessEqual(busy, 5)
            self.assertGreaterEqual(requests, 60)
            self.assertGreater(rate, 0)
            self.assertEqual(errors, 10)
            daemon.tolerate("code 501")

    def test_each_reload_is_told_whatever_the_verdict(self):
        with self.daemon() as daemon:
            for broken, verdict in ((False, "applied"), (True, "refused")):
                since, before = len(daemon.notify.messages), time.monotonic_ns() // 1000
                if broken:
                    daemon.config_file.write_text("nonsense: 1\n")
                daemon.reload(verdict)
                told = [text for text in daemon.notify.texts(since) if "=1" in text]
                began = re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=(\d+)", told[0])
                self.assertIsNotNone(began, told)
                self.assertTrue(before <= int(began[1]) <= time.monotonic_ns() // 1000)
                self.assertTrue(told[1].startswith("READY=1\n"), told)
                self.assertEqual(len(told), 2)
            daemon.tolerate("nonsense|reload refused|basehttpd.yaml")
            since = len(daemon.notify.messages)
            self.assertEqual(daemon.stop(), 0)
            told = daemon.notify.texts(since)
            self.assertTrue(told[0].startswith("STOPPING=1\n"), told)
            extended = [int(text.partition("=")[2]) for text in told if text.startswith("EXTEND_TIMEOUT_USEC=")]
            self.assertGreater(max(extended), 30_000_000)  # microseconds: shutdown_timeout


class Stop(DaemonTest):
    def test_a_slow_download_is_finished(self):
        with self.daemon() as daemon:
            connection, start = slow_download(daemon)
            daemon.send(signal.SIGTERM)
            daemon.notify.wait("STOPPING=1")
            answer = start + read_all(connection)
            self.assertEqual(len(answer.partition(b"\r\n\r\n")[2]), len(BIG))
            connection.close()
            self.assertEqual(daemon.wait(), 0)
            (line,) = daemon.access_lines()
            self.assertIn(f" 200 {len(BIG)} ", line)

    def test_the_second_one_stops_now(self):
        with self.daemon() as daemon:
            connection, _ = slow_download(daemon)
            with connection:
                daemon.send(signal.SIGTERM)
                daemon.notify.wait("STOPPING=1")
                self.assertEqual(daemon.stop(signal.SIGTERM, 5), 0)

    def test_int_stops_now(self):
        with self.daemon() as daemon:
            connection, _ = slow_download(daemon)
            with connection:
                self.assertEqual(daemon.stop(signal.SIGINT, 5), 0)

    def test_the_shutdown_timeout_ends_it(self):
        with self.daemon(settings="shutdown_timeout: 500ms") as daemon:
            connection, _ = slow_download(daemon)
            with connection:
                self.assertEqual(daemon.stop(signal.SIGTERM, 5), 0)
            daemon.expect("1 workers have not finished within shutdown_timeout")

    def test_idle_connections_do_not_hold_it_up(self):
        with self.daemon() as daemon:
            connections = [idle_connection(daemon.address) for _ in range(10)] + [daemon.connect() for _ in range(10)]
            self.assertEqual(daemon.stop(), 0)
            for connection in connections:
                self.assertEqual(read_all(connection), b"")
                connection.close()

    def test_requests_that_wait_to_be_accepted_are_answered(self):
        with self.daemon(workers=1) as daemon:
            (worker,) = daemon.wait_for_workers(1)
            os.kill(worker, signal.SIGSTOP)
            connections = [daemon.connect() for _ in range(20)]
            for connection in connections:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            daemon.send(signal.SIGTERM)
            daemon.notify.wait("STOPPING=1")
            os.kill(worker, signal.SIGCONT)
            for connection in connections:
                self.assertIn(b"<p>Hello</p>", read_all(connection))
                connection.close()
            self.assertEqual(daemon.wait(), 0)

    def test_downloads_that_wait_behind_short_requests_are_finished(self):
        with self.daemon(workers=1) as daemon:
            (worker,) = daemon.wait_for_workers(1)
            daemon.write("big.bin", BIG)
            os.kill(worker, signal.SIGSTOP)
            short = [daemon.connect() for _ in range(2)]
            for connection in short:
                connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            download = daemon.connect()
            download.sendall(b"GET /big.bin HTTP/1.0\r\n\r\n")
            daemon.send(signal.SIGTERM)
            daemon.notify.wait("STOPPING=1")
            os.kill(worker, signal.SIGCONT)
            for connection in short:
                self.assertTrue(read_all(connection).endswith(b"Hello</p>\n"))
            self.assertEqual(len(read_all(download).partition(b"\r\n\r\n")[2]), len(BIG))
            self.assertEqual(daemon.wait(), 0)
            self.assertEqual(len(daemon.access_lines()), 3)

    def test_the_first_request_of_a_new_connection_is_answered(self):
        with self.daemon() as daemon:
            connection = daemon.connect()
            until(lambda: sum(processes.connections(pid, daemon.port) for pid in daemon.workers()) == 1, "it is accepted")
            daemon.send(signal.SIGTERM)
            daemon.notify.wait("STOPPING=1")
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"<p>Hello</p>", read_all(connection))
            connection.close()
            self.assertEqual(daemon.wait(), 0)

    def test_after_reloads(self):
        with self.daemon() as daemon:
            daemon.reload()
            daemon.reload()
            self.assertEqual(daemon.stop(signal.SIGTERM, 5), 0)

    def test_in_the_middle_of_a_reload(self):
        with self.daemon() as daemon:
            since = len(daemon.notify.messages)
            os.kill(daemon.pid, signal.SIGSTOP)
            daemon.send(signal.SIGHUP)
            daemon.send(signal.SIGTERM)
            os.kill(daemon.pid, signal.SIGCONT)
            self.assertEqual(daemon.wait(5), 0)
            texts = daemon.notify.texts(since)
            stopping = next(i for i, text in enumerate(texts) if "STOPPING=1" in text)
            self.assertEqual([text for text in texts[stopping:] if "READY=1" in text], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
