#!/usr/bin/env python3
"""cookbook_test.py NAME: runs a program of the cookbook, as each compiler built it, and checks what it answers.

A program is given its socket as systemd would pass it. COOKBOOK is the folder that tests/embed/build has filled.
"""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "process"))
from notify_socket import NotifySocket  # pylint: disable=wrong-import-position

COOKBOOK = Path(os.environ["COOKBOOK"])
COMPILERS = ("gcc", "clang")
DEADLINE = 60

# Where a passed socket is found: kept free for it.
FIRST_PASSED = 3
_reserved = [os.open(os.devnull, os.O_RDONLY) for _ in range(4)]

compiler = COMPILERS[0]  # whose turn it is


class Program:
    """A running program of the cookbook, with a socket that listens on a port of its own."""

    def __init__(self, name, *arguments, **environment):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        passed = self.listener.fileno()

        # LISTEN_PID is known to the shell alone, which becomes the program.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", COOKBOOK / compiler / name, *arguments],
            preexec_fn=lambda: os.dup2(passed, FIRST_PASSED), pass_fds=(FIRST_PASSED,), text=True,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        self.process.wait()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)

    def ask(self, method, path, body=None, **fields):
        """The answer's status, its fields and its content."""
        connection = self.connect()
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in fields.items()})
        response = connection.getresponse()
        content = response.read().decode()
        connection.close()
        return response.status, response.headers, content

    def speak(self, data):
        """All that comes for `data`, until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), DEADLINE) as client:
            client.sendall(data)
            return b"".join(iter(lambda: client.recv(65536), b"")).decode()

    def wait(self):
        return self.process.wait(DEADLINE)


class Cookbook(unittest.TestCase):
    def test_json_echo(self):
        with Program("json_echo") as program:
            status, fields, content = program.ask("POST", "/", '{"a": [1, "\\u00e9"]}', Content_Type="application/json")
            self.assertEqual((status, fields["Content-Type"]), (200, "application/json"))
            self.assertEqual(json.loads(content), {"echo": {"a": [1, "\u00e9"]}, "size": 1})
            for status, body, kind in ((400, "{", "application/json"), (415, "{}", "text/plain"),
                                       (413, " " * 70_000, "application/json"),
                                       (400, "[" * 30_000 + "]" * 30_000, "application/json"), (200, "[]", "application/problem+json")):
                self.assertEqual(program.ask("POST", "/", body, Content_Type=kind)[0], status, body[:9])
            self.assertEqual(program.ask("GET", "/")[0], 405)

    def test_upload(self):
        size = 2 << 30 if compiler == COMPILERS[0] else 64 << 20
        with Program("upload") as program:
            connection = program.connect()
            connection.putrequest("PUT", "/upload")
            connection.putheader("Content-Length", str(size))
            connection.endheaders()
            piece = bytes(1 << 20)
            for _ in range(size // len(piece)):
                connection.send(piece)
            self.assertEqual(connection.getresponse().read().decode(), f"{size} bytes\n")
            connection.close()
            status = Path(f"/proc/{program.process.pid}/status").read_text(encoding="utf-8")
            peak = int(status.split("VmHWM:")[1].split()[0])
            self.assertLess(peak, 64 * 1024, "kB of memory")
            too_much = f"PUT /upload HTTP/1.1\r\nHost: h\r\nContent-Length: {5 << 30}\r\n\r\n"
            self.assertIn("HTTP/1.1 413 ", program.speak(too_much.encode()))

    def test_server_sent_events(self):
        with Program("server_sent_events") as program:
            left, stays = program.connect(), program.connect()
            for connection in (left, stays):
                connection.request("GET", "/ticks")
            response = left.getresponse()
            self.assertEqual(response.headers["Content-Type"], "text/event-stream")
            self.assertEqual([response.readline() for _ in range(6)],
                             [b"id: 0\n", b"data: tick 0\n", b"\n", b"id: 1\n", b"data: tick 1\n", b"\n"])
            response.close()
            left.close()
            lines = iter(program.process.stderr.readline, "")
            self.assertIn("client left: true", next(line for line in lines if "ticks" in line and "info" in line))
            response = stays.getresponse()
            response.readline()
            program.process.send_signal(signal.SIGTERM)
            self.assertTrue(response.read().endswith(b"\n\n"), "the stream ends as a whole")
            self.assertEqual(program.wait(), 0)

    def test_rest(self):
        def basic(pair):
            return "Basic " + base64.b64encode(pair.encode()).decode()

        with Program("rest") as program:
            self.assertEqual(program.ask("GET", "/items/5")[0], 404)
            status, fields, _ = program.ask("PUT", "/items/5", "five")
            self.assertEqual((status, fields["WWW-Authenticate"]), (401, 'Basic realm="items", charset="UTF-8"'))
            self.assertEqual(program.ask("PUT", "/items/5", "five", Authorization=basic("ann:spat"))[0], 401)
            status, fields, _ = program.ask("PUT", "/items/5", "five", Authorization=basic("ann:spam"))
            self.assertEqual((status, fields["Content-Location"]), (201, "/items/5"))
            self.assertEqual(program.ask("PUT", "/items/5", "V", Authorization=basic("ann:spam"))[0], 200)
            self.assertEqual(program.ask("GET", "/items/5")[2], "V")
            self.assertEqual(program.ask("GET", "/items/5/more")[0], 404)
            self.assertEqual(program.ask("DELETE", "/items/5")[0], 405)
            lines = iter(program.process.stderr.readline, "")
            self.assertTrue(any(" - ann [" in line for line in lines), "the user is in the log")

    def test_files_beside_handlers(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a.txt").write_text("spam\n", encoding="utf-8")
            with Program("files_beside_handlers", folder) as program:
                status, fields, content = program.ask("GET", "/a.txt")
                self.assertEqual((status, content, fields["Cache-Control"]), (200, "spam\n", "max-age=60"))
                self.assertEqual(program.ask("GET", "/a.txt", Range="bytes=1-2")[2], "pa")
                self.assertEqual(program.ask("GET", "/a.txt", If_None_Match=fields["ETag"])[0], 304)
                self.assertIn("a.txt", program.ask("GET", "/")[2])
                self.assertEqual(program.ask("GET", "/../etc/passwd")[0], 400)
                self.assertEqual(program.ask("GET", "/hello/Ann")[2], "Hello, Ann\n")
                self.assertEqual(program.ask("HEAD", "/hello/Ann")[1]["Content-Length"], "11")
                self.assertEqual(program.ask("POST", "/hello/Ann")[0], 405)

    def test_own_log(self):
        with Program("own_log") as program:
            program.ask("GET", "/spam")
            program.ask("GET", "/none")
            lines = [program.process.stdout.readline().rstrip("\n").split("\t") for _ in range(2)]
            self.assertEqual([(line[0], line[3]) for line in lines], [("200", "/spam"), ("404", "")])
            self.assertEqual(lines[0][1], "5")
            self.assertIn("own_log", program.process.stderr.readline())

    def test_graceful_stop(self):
        for stop in (signal.SIGTERM, signal.SIGINT):
            with Program("graceful_stop") as program:
                with socket.create_connection(("127.0.0.1", program.port), DEADLINE) as idle, \
                        socket.create_connection(("127.0.0.1", program.port), DEADLINE) as half:
                    half.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
                    self.assertIn(b"100 Continue", half.recv(4096))  # the request is under way
                    program.process.send_signal(stop)
                    self.assertEqual(idle.recv(1), b"")  # the stop has begun
                    with self.assertRaises(ConnectionRefusedError):
                        socket.create_connection(("127.0.0.1", program.port), DEADLINE)
                    half.sendall(b"spam")
                    answer = b"".join(iter(lambda: half.recv(4096), b""))
                    self.assertTrue(answer.endswith(b"\r\n\r\nspam"), answer)
                self.assertEqual(program.process.stdout.readline(), "stopped\n")
                self.assertEqual(program.wait(), 0)

    def test_several_workers(self):
        with Program("several_workers") as program:
            workers = {int(program.process.stdout.readline().split()[1]) for _ in range(2)}
            self.assertEqual(len(workers), 2)
            one = int(program.ask("GET", "/")[2])
            self.assertIn(one, workers)
            os.kill(one, signal.SIGKILL)
            other = int(program.process.stdout.readline().split()[1])  # in its place
            self.assertNotIn(other, workers)
            self.assertIn(int(program.ask("GET", "/")[2]), workers - {one} | {other})
            lines = iter(program.process.stderr.readline, "")
            self.assertIn(f"worker {one} was killed by signal 9", next(line for line in lines if "killed" in line))
            program.process.send_signal(signal.SIGTERM)
            self.assertEqual(program.process.stdout.read(), "stopped\n")
            self.assertEqual(program.wait(), 0)

    def test_service(self):
        notify = NotifySocket()
        self.addCleanup(notify.close)
        with tempfile.TemporaryDirectory() as folder, \
                Program("service", folder, NOTIFY_SOCKET=notify.address, LOGS_DIRECTORY=folder) as program:
            access, old = Path(folder, "access.log"), Path(folder, "access.log.1")
            self.assertIn(f"\nSTATUS=2 workers serve 127.0.0.1:{program.port}", notify.wait("READY=1"))
            self.assertEqual(program.ask("GET", "/hello")[2], "Hello\n")
            self.assertEqual(program.ask("GET", "/error.log")[0], 200)
            access.rename(old)
            end = time.monotonic() + DEADLINE
            while not access.exists():  # made anew by the first line of another second
                self.assertLess(time.monotonic(), end)
                program.ask("GET", "/hello")
            self.assertIn(" /hello ", old.read_text(encoding="utf-8"))
            program.process.send_signal(signal.SIGTERM)
            notify.wait("STOPPING=1")
            self.assertEqual(program.wait(), 0)
            wrong = subprocess.run([COOKBOOK / compiler / "service", folder + "/none"], capture_output=True, text=True,
                                   env={**os.environ, "LOGS_DIRECTORY": folder}, check=False)
            self.assertEqual(wrong.returncode, 1)
            self.assertIn("service: ", wrong.stderr)

    def test_blocking_calls(self):
        with Program("blocking_calls") as program:
            self.assertEqual(program.ask("GET", "/?name=127.0.0.1")[::2], (200, "127.0.0.1\n"))
            self.assertEqual(program.ask("GET", "/?name=127.0.0.300")[0], 500)
            answers = []
            askers = [threading.Thread(target=lambda: answers.append(program.ask("GET", "/?name=localhost")[0]))
                      for _ in range(16)]
            for asker in askers:
                asker.start()
            for asker in askers:
                asker.join()
            self.assertEqual(answers, [200] * 16)
            threads = len(os.listdir(f"/proc/{program.process.pid}/task"))
            self.assertLessEqual(threads, 5, "a loop and four threads")

    def test_error_pages(self):
        with Program("error_pages") as program:
            page = "<!DOCTYPE html><title>{}</title><p>Sorry ({}): "
            for method, path, status, reason in (("GET", "/", 404, "Not Found"),
                                                 ("PUT", "/item/", 405, "Method Not Allowed"),
                                                 ("SPAM", "/item/", 501, "Not Implemented"),
                                                 ("GET", "/item/broken", 500, "Internal Server Error"),
                                                 ("GET", "/item/gone", 410, "Gone")):
                answer = program.ask(method, path)
                self.assertEqual(answer[0], status)
                self.assertTrue(answer[2].startswith(page.format(reason, status)), answer[2])
            self.assertIn(page.format("Bad Request", 400), program.speak(b"GET / HTTP/1.1\r\n\r\n"))
            self.assertEqual(program.ask("GET", "/item/")[2], "an item\n")
            answer = program.ask("GET", "/", Accept="application/json")
            self.assertEqual(json.loads(answer[2])["status"], 404)

    def test_handler_test(self):
        ran = subprocess.run([COOKBOOK / compiler / "handler_test"], capture_output=True, text=True, check=True)
        self.assertEqual(ran.stdout, "0 failures\n")

    def test_request_views(self):
        with Program("request_views") as program:
            page = program.ask("GET", "/a%20b?x=1&y=%C3%A9", Cookie="c=d", Accept_Language="fr")[2]
            for line in ("127.0.0.1 asks for /a b by GET, HTTP/1.1", f"host 127.0.0.1:{program.port}, language fr",
                         "query x = 1", "query y = \u00e9", "cookie c = d", "field Cookie: c=d"):
                self.assertIn(line + "\n", page)


def main():
    global compiler
    for compiler in COMPILERS:
        suite = unittest.defaultTestLoader.loadTestsFromName("test_" + sys.argv[1], Cookbook)
        if not unittest.TextTestRunner().run(suite).wasSuccessful():
            sys.exit(f"as {compiler} built it")


if __name__ == "__main__":
    main()
