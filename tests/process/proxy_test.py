"""Requests that are passed on to another server: basehttpd.yaml(5), handler: proxy."""

import hashlib
import http.client
import os
import socket
import unittest

import misbehaving_origin
from clients import curl, exchange, get
from harness import DaemonTest, free_port, until
from misbehaving_origin import Origin


def route(*origins, more=""):
    return f"routes: [{{path: /app/, handler: proxy, to: [{', '.join(f'{o!r}' for o in origins)}]{more}}}]"


class Proxied(DaemonTest):
    def proxied(self, *origins, more="", **options):
        return self.daemon(site=route(*(getattr(o, "url", o) for o in origins), more=more), **options)

    def raw(self, daemon, target, more="", method="GET", version="1.1"):
        head = f"{method} {target} HTTP/{version}\r\nHost: x\r\nConnection: close\r\n{more}\r\n"
        return exchange(daemon.address, head.encode("latin-1"))


class Good(Proxied):
    def test_a_response(self):
        with Origin() as origin, self.proxied(origin) as daemon:
            answer = curl(daemon.url("/app/?act=good"))
            self.assertEqual((answer.status, answer.body), (200, b"good\n"))
            self.assertEqual(answer.fields["x-origin"], "here")
            self.assertIn("date", answer.fields)
            self.assertEqual(curl(daemon.url("/")).body, b"<p>Hello</p>\n", "files beside it")

    def test_what_the_origin_is_sent(self):
        with Origin() as origin, self.proxied(origin) as daemon:
            self.raw(daemon, "/app/./b%20c%2fd/../?x=%41&act=echo", "Host2: a\r\nX-Forwarded-For: 6.6.6.6\r\n"
                     "X_Forwarded_For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nProxy: evil\r\n"
                     "Keep-Alive: 5\r\nTE: trailers\r\nX-Hop: 1\r\nConnection: X-Hop, X-Forwarded-Host\r\n"
                     "X-Forwarded-Host: evil\r\nCookie: a=b\r\nUpgrade: h2c\r\nExpect: 100-continue\r\n")
            (request,) = origin.requests
            self.assertEqual(request.line, "GET /app/b%20c/?x=%41&act=echo HTTP/1.1")
            self.assertEqual(request.lines, [
                ("Host", "x"), ("Host2", "a"), ("Cookie", "a=b"), ("Via", "1.1 basehttpd"),
                ("Forwarded", 'for=127.0.0.1;host="x";proto=http'), ("X-Forwarded-For", "127.0.0.1"),
                ("X-Forwarded-Host", "x"), ("X-Forwarded-Proto", "http")])

    def test_another_host(self):
        with Origin() as origin, self.proxied(origin, more=", host: 'app.example:81'") as daemon:
            self.raw(daemon, "/app/")
            self.assertEqual(origin.requests[0].fields["host"], "app.example:81")
            self.assertEqual(origin.requests[0].fields["x-forwarded-host"], "x")

    def test_no_host(self):
        with Origin() as origin, self.proxied(origin) as daemon:
            exchange(daemon.address, b"GET /app/ HTTP/1.0\r\n\r\n")
            self.assertEqual(origin.requests[0].fields["host"], origin.url.removeprefix("http://"))

    def test_hop_by_hop_fields_of_a_response(self):
        with Origin() as origin, self.proxied(origin) as daemon:
            head = self.raw(daemon, "/app/?act=hops").decode().partition("\r\n\r\n")[0]
            self.assertIn("X-Kept: yes", head)
            for name in ("X-Mine", "Keep-Alive", "Proxy-Authenticate", "Upgrade"):
                self.assertNotIn(name, head)

    def test_content(self):
        content = os.urandom(1_000_000)
        with Origin() as origin, self.proxied(origin, more=", body: 10M") as daemon:
            for field in ("Expect: 100-continue", "Transfer-Encoding: chunked", "X: y"):
                upload = daemon.folder / "upload"
                upload.write_bytes(content)
                answer = curl(daemon.url("/app/?act=echo"), "--data-binary", f"@{upload}", "-H", field)
                self.assertEqual(answer.status, 200)
                self.assertEqual(answer.body.partition(b"\n\n")[2], content, field)
            self.assertEqual(origin.requests[1].fields.get("transfer-encoding"), "chunked")
            self.assertEqual(origin.requests[2].fields.get("content-length"), "1000000")

    def test_methods(self):
        with Origin() as origin, self.proxied(origin) as daemon:
            for method in ("DELETE", "OPTIONS", "PATCH", "PROPFIND", "PUT", "QUERY"):
                self.assertEqual(curl(daemon.url("/app/"), method=method).status, 200)
                self.assertEqual(origin.requests[-1].line.split()[0], method)

    def test_responses_without_content(self):
        with Origin() as origin, self.proxied(origin) as daemon:
            connection = http.client.HTTPConnection(*daemon.address, timeout=20)
            for method, act, status, length in (("GET", "no_content", 204, None), ("GET", "not_modified", 304, "100"),
                                                ("HEAD", "good", 200, "5"), ("GET", "good", 200, "5")):
                connection.request(method, f"/app/?act={act}")
                answer = connection.getresponse()
                self.assertEqual((answer.status, answer.getheader("Content-Length")), (status, length), act)
                self.assertEqual(len(answer.read()), 5 if method == "GET" and act == "good" else 0)
            connection.close()

    def test_framings(self):
        with Origin() as origin, self.proxied(origin) as daemon:
            answer = self.raw(daemon, "/app/?act=chunks")
            self.assertIn(b"\r\nTransfer-Encoding: chunked\r\n", answer)
            self.assertTrue(answer.endswith(b"\r\n\r\n9\r\nspam eggs\r\n0\r\nX-Sum: 9\r\n\r\n"), answer)
            self.assertTrue(self.raw(daemon, "/app/?act=chunks", version="1.0").endswith(b"\r\n\r\nspam eggs"))
            self.assertEqual(curl(daemon.url("/app/?act=until_close")).body, b"to the end")
            self.assertEqual(curl(daemon.url("/app/?act=error_page")).body, b"out of spam")

    def test_interim_responses(self):
        with Origin() as origin, self.proxied(origin) as daemon:
            answer = self.raw(daemon, "/app/?act=hints")
            self.assertTrue(answer.startswith(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n"), answer)
            self.assertTrue(self.raw(daemon, "/app/?act=hints", version="1.0").startswith(b"HTTP/1.1 200"))

    def test_large_and_slow(self):
        """The origin sends no more than the client takes, save for what buffers hold."""
        size = 100_000_000
        with Origin() as origin, self.proxied(origin) as daemon:
            piece = bytes(range(256)) * 256
            with socket.create_connection(daemon.address, timeout=20) as client:
                client.sendall(f"GET /app/?act=large&n={size} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
                stream = client.makefile("rb")
                while stream.readline().strip():
                    pass
                until(lambda: origin.requests, "the request at the origin")
                digest, wanted = hashlib.sha256(), hashlib.sha256()
                got = 0
                while part := stream.read(1 << 20):
                    digest.update(part)
                    got += len(part)
                for at in range(0, size, len(piece)):
                    wanted.update(piece[:size - at])
                self.assertEqual((got, digest.digest()), (size, wanted.digest()))

    def test_pieces_go_out_as_they_come(self):
        with Origin() as origin, self.proxied(origin) as daemon:
            with socket.create_connection(daemon.address, timeout=20) as client:
                client.sendall(b"GET /app/?act=pause_in_content HTTP/1.1\r\nHost: x\r\n\r\n")
                got = b""
                while got.count(b"x") < 50_000:
                    got += client.recv(65536)
            until(lambda: not origin._open, "the origin's connection ends when the client has left")

    def test_an_early_answer(self):
        with Origin() as origin, self.proxied(origin, more=", body: 100M") as daemon:
            upload = daemon.folder / "upload"
            upload.write_bytes(bytes(50_000_000))
            answer = curl(daemon.url("/app/?act=early"), "--data-binary", f"@{upload}", "-H", "Expect:")
            self.assertEqual((answer.status, answer.body), (413, b"too much"))

    def test_a_unix_socket(self):
        with self.daemon() as daemon:
            with Origin(path=daemon.folder / "app.sock") as origin:
                daemon.configure(site=route(origin.url))
                daemon.reload()
                until(lambda: get(daemon.address, "/app/") == (200, b"good\n"), "the new route")
                self.assertEqual(origin.requests[0].fields["host"], f"127.0.0.1:{daemon.port}")


    def test_log_formats(self):
        with Origin() as origin, self.proxied(origin, access_format="%s %{upstream}n %{upstream_us}n") as daemon:
            curl(daemon.url("/app/"))
            curl(daemon.url("/"))
            self.assertRegex(daemon.wait_for_access(2)[0], rf"^200 {origin.url} \d+$")
            self.assertEqual(daemon.access_lines()[1], "200 - -")


class Kept(Proxied):
    def test_connections_are_kept(self):
        with Origin() as origin, self.proxied(origin, workers=1) as daemon:
            for act in ("good", "chunks", "no_content", "hints", "good"):
                self.raw(daemon, f"/app/?act={act}")
            self.assertEqual(origin.connections, 1)
            self.raw(daemon, "/app/?act=good", method="HEAD")
            self.assertEqual(origin.connections, 1)

    def test_none_are_kept(self):
        with Origin() as origin, self.proxied(origin, more=", keep_connections: 0", workers=1) as daemon:
            self.raw(daemon, "/app/")
            self.raw(daemon, "/app/")
            self.assertEqual(origin.connections, 2)

    def test_what_cannot_be_kept(self):
        with Origin() as origin, self.proxied(origin, workers=1) as daemon:
            for act in ("until_close", "too_much_content", "unasked_response", "impatient", "close_later"):
                before = origin.connections
                self.raw(daemon, f"/app/?act={act}")
                until(lambda: origin.answered == len(origin.requests), "all has been said")
                if act in ("until_close", "close_later"):
                    until(lambda: not origin._open, "the connection ends")
                self.assertTrue(self.raw(daemon, "/app/").endswith(b"good\n"), act)
                self.assertEqual(origin.connections, before + 2, act)
                origin.end_all()
                until(lambda: not origin._open, "no connection is left")

    def test_one_that_has_ended_meanwhile(self):
        with Origin() as origin, self.proxied(origin, workers=1) as daemon:
            for _ in range(10):
                self.assertTrue(self.raw(daemon, "/app/").endswith(b"good\n"))
                origin.end_all()
                until(lambda: not origin._open, "no connection is left")


class Bad(Proxied):
    def check(self, daemon, act, status, problem, origin):
        answer = curl(daemon.url(f"/app/?act={act}"))
        self.assertEqual(answer.status, status, act)
        self.assertIn(b"program that serves this", answer.body)
        daemon.expect(rf"\[error\].*{origin.url}: .*{problem}.*act={act} ")

    def test_bad_heads(self):
        with Origin() as origin, self.proxied(origin, more=", failures: 0") as daemon:
            for act, problem in misbehaving_origin.BAD_HEADS.items():
                with self.subTest(act):
                    self.check(daemon, act, 502, problem, origin)
            self.assertEqual(curl(daemon.url("/app/")).status, 200)

    def test_connections_that_end(self):
        with Origin() as origin, self.proxied(origin, more=", failures: 0") as daemon:
            self.check(daemon, "nothing", 502, "closed without a response", origin)
            self.check(daemon, "half_a_head", 502, "closed within the head", origin)
            self.check(daemon, "reset", 502, "recv: Connection reset by peer|closed without a response", origin)

    def test_time_outs(self):
        with Origin() as origin, self.proxied(origin, more=", failures: 0, timeout: 200ms") as daemon:
            self.check(daemon, "silence", 504, "timed out", origin)
            self.check(daemon, "half_a_head_and_silence", 504, "timed out", origin)
            self.check_cut(daemon, "pause_in_content", "timed out", origin)

    def check_cut(self, daemon, act, problem, origin):
        answer = curl(daemon.url(f"/app/?act={act}"))
        self.assertEqual(answer.status, 200, act)
        self.assertIn(answer.error, (18, 56), "curl: the transfer was cut short")
        daemon.expect(rf"\[error\].*{origin.url}: .*{problem}.*act={act} ")

    def test_content_that_is_cut_short(self):
        with Origin() as origin, self.proxied(origin, more=", failures: 0") as daemon:
            self.check_cut(daemon, "short_length", "closed within the content", origin)
            self.check_cut(daemon, "short_chunks", "closed within the content", origin)
            self.check_cut(daemon, "bad_chunk", "bad content: Bad chunk", origin)

    def test_refused(self):
        origin = f"http://127.0.0.1:{free_port()}"
        with self.proxied(origin) as daemon:
            self.assertEqual(curl(daemon.url("/app/")).status, 502)
            daemon.expect(rf"\[error\].*{origin}: connect: Connection refused, request .*GET /app/ HTTP/1.1")

    def test_no_socket(self):
        with self.proxied("unix:/nowhere/app.sock") as daemon:
            self.assertEqual(curl(daemon.url("/app/")).status, 502)
            daemon.expect(r"\[error\].*unix:/nowhere/app.sock: connect: No such file or directory")

    def test_a_queue_that_is_full(self):
        with socket.socket(socket.AF_UNIX) as full, socket.socket(socket.AF_UNIX) as first:
            with self.daemon() as daemon:
                path = str(daemon.folder / "full.sock")
                full.bind(path)
                os.chmod(path, 0o666)
                full.listen(0)
                first.connect(path)
                daemon.configure(site=route("unix:" + path, more=", connect_timeout: 100ms"))
                daemon.reload()
                until(lambda: get(daemon.address, "/app/")[0] == 504, "the new route")
                daemon.expect("full.sock: connect: timed out")


class Several(Proxied):
    def test_in_turn(self):
        with Origin() as one, Origin() as two, self.proxied(one, two, workers=1) as daemon:
            for _ in range(6):
                self.assertEqual(curl(daemon.url("/app/")).status, 200)
            self.assertEqual((len(one.requests), len(two.requests)), (3, 3))

    def test_one_that_is_down(self):
        down = f"http://127.0.0.1:{free_port()}"
        with Origin() as up, self.proxied(up, down, more=", failures: 2, retry_after: 1h", workers=1) as daemon:
            for _ in range(8):
                self.assertEqual(curl(daemon.url("/app/")).status, 200)
            self.assertEqual(len(up.requests), 8)
            tried = rf"\[warning\].*{down}: connect: Connection refused; the next one is tried"
            until(lambda: len(daemon.expect(tried)) >= 2, "two failures")
            self.assertEqual(len(daemon.expect(tried)), 2, "then it is left out")

    def test_all_are_down(self):
        down = [f"http://127.0.0.1:{free_port()}" for _ in range(2)]
        with self.proxied(*down, more=", failures: 1, retry_after: 1h", workers=1) as daemon:
            for _ in range(3):
                self.assertEqual(curl(daemon.url("/app/")).status, 502)
            daemon.tolerate("Connection refused")


if __name__ == "__main__":
    unittest.main(verbosity=2)
