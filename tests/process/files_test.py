"""What the static handler promises, as curl sees it: validators, conditions, ranges, codings, fields, links, errors."""

import json
import os
import re
import socket
import stat
import time
import unittest

from clients import curl, exchange
from harness import DaemonTest

SITE = """
listing: true
headers: {X-Site: yes}
expires: 1h
types: {note: text/x-note, js.gz: {type: text/javascript, coding: gzip}}
error_pages: {404: %s}
routes:
  - {path: /fixed/, handler: files, root: %s, symlinks: never, headers: {Cache-Control: no-store}}
  - {path: /away/, handler: redirect, to: /new/, headers: {Cache-Control: no-cache}}
  - {path: /free/, handler: files, root: %s, symlinks: follow, hidden_files: true, precompressed: false}
"""


def settled(path):
    """Gives a file an age, so that dates of it are strong and its content is not taken for one being written."""
    os.utime(path, ns=(1_500_000_000_000_000_000, 1_500_000_000_123_456_789))
    return path


class Conditions(DaemonTest):
    def test_304_and_412(self):
        with self.daemon(site="headers: {Cache-Control: max-age=5}") as daemon:
            settled(daemon.write("a.txt", "content"))
            whole = curl(daemon.url("/a.txt"))
            etag, date = whole.fields["etag"], whole.fields["last-modified"]
            self.assertRegex(etag, r'^"[!-~]+"$')
            for options, status in [
                (["If-None-Match: " + etag], 304),
                (["If-None-Match: W/" + etag], 304),
                (["If-None-Match: *"], 304),
                (['If-None-Match: "x", ' + etag], 304),
                (['If-None-Match: "x"'], 200),
                (["If-Modified-Since: " + date], 304),
                (["If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"], 200),
                (["If-None-Match: " + etag, "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"], 304),
                (['If-None-Match: "x"', "If-Modified-Since: " + date], 200),
                (["If-Match: " + etag], 200),
                (["If-Match: *"], 200),
                (['If-Match: "x"'], 412),
                (["If-Unmodified-Since: " + date], 200),
                (["If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT"], 412),
            ]:
                with self.subTest(options=options):
                    for method in ("GET", "HEAD"):
                        more = ["-I"] if method == "HEAD" else []
                        answer = curl(daemon.url("/a.txt"), *more, *(w for o in options for w in ("-H", o)))
                        self.assertEqual(answer.status, status)
                        if status == 304:
                            self.assertEqual(answer.body if method == "GET" else b"", b"")
                            self.assertEqual(answer.fields["etag"], etag)
                            self.assertEqual(answer.fields["cache-control"], "max-age=5")
                            self.assertIn("date", answer.fields)
                            self.assertNotIn("content-length", answer.fields)

    def test_the_etag_changes_within_a_second(self):
        with self.daemon(settings="file_cache: {valid: 0}") as daemon:
            path = daemon.write("a.txt", "one")
            first = curl(daemon.url("/a.txt"))
            path.write_text("two")
            second = curl(daemon.url("/a.txt"), "-H", "If-None-Match: " + first.fields["etag"])
            self.assertEqual((second.status, second.body), (200, b"two"))

    def test_a_date_in_the_future_is_not_sent(self):
        with self.daemon() as daemon:
            path = daemon.write("a.txt", "one")
            os.utime(path, (time.time() + 3600, time.time() + 3600))
            self.assertNotIn("last-modified", curl(daemon.url("/a.txt")).fields)


class Ranges(DaemonTest):
    def test_ranges(self):
        content = bytes(range(256)) * 800  # more than is kept in memory
        with self.daemon() as daemon:
            settled(daemon.write("large", content))
            settled(daemon.write("small", content[:1000]))
            settled(daemon.write("empty", b""))
            for name, size in (("large", len(content)), ("small", 1000)):
                for spec, start, end in [("0-9", 0, 10), ("990-", 990, size), ("-1", size - 1, size), ("0-", 0, size)]:
                    with self.subTest(name=name, spec=spec):
                        answer = curl(daemon.url("/" + name), "-r", spec)
                        self.assertEqual((answer.status, answer.body), (206, content[:size][start:end]))
                        self.assertEqual(answer.fields["content-range"], f"bytes {start}-{end - 1}/{size}")
                        self.assertEqual(answer.fields["content-length"], str(end - start))
                        for field in ("etag", "last-modified", "date"):
                            self.assertIn(field, answer.fields)
                answer = curl(daemon.url("/" + name), "-r", f"{size}-")
                self.assertEqual((answer.status, answer.fields["content-range"]), (416, f"bytes */{size}"))
            self.assertEqual(curl(daemon.url("/empty"), "-r", "0-").fields["content-range"], "bytes */0")
            self.assertEqual(curl(daemon.url("/small"), "-r", "0-1,5").status, 200)
            self.assertEqual(curl(daemon.url("/small"), "-I", "-r", "0-1").status, 200)
            self.assertEqual(curl(daemon.url("/small")).fields["accept-ranges"], "bytes")

    def test_several_ranges(self):
        content = os.urandom(200_000)
        with self.daemon() as daemon:
            settled(daemon.write("a.bin", content))
            answer = curl(daemon.url("/a.bin"), "-r", "0-9,50000-149999,-5")
            self.assertEqual(answer.status, 206)
            boundary = re.fullmatch(r"multipart/byteranges; boundary=(\w+)", answer.fields["content-type"])[1].encode()
            self.assertEqual(int(answer.fields["content-length"]), len(answer.body))
            first, *parts, last = answer.body.split(b"\r\n--" + boundary)
            self.assertEqual((first, last), (b"", b"--\r\n"))
            wanted = [(0, 10), (50_000, 150_000), (199_995, 200_000)]
            for part, (start, end) in zip(parts, wanted, strict=True):
                head, _, body = part.partition(b"\r\n\r\n")
                self.assertIn(f"Content-Range: bytes {start}-{end - 1}/200000".encode(), head)
                self.assertEqual(body, content[start:end])
            self.assertEqual(curl(daemon.url("/a.bin"), "-r", "0-99,50-150").fields["content-range"],
                             "bytes 0-150/200000")
            many = ",".join(f"{i * 1000}-{i * 1000}" for i in range(17))
            self.assertEqual(curl(daemon.url("/a.bin"), "-r", many).status, 200)

    def test_if_range(self):
        with self.daemon() as daemon:
            settled(daemon.write("a.txt", "0123456789"))
            whole = curl(daemon.url("/a.txt"))
            for validator, status in [(whole.fields["etag"], 206), ('"x"', 200), ("W/" + whole.fields["etag"], 200),
                                      (whole.fields["last-modified"], 206), ("Thu, 01 Jan 1970 00:00:00 GMT", 200)]:
                answer = curl(daemon.url("/a.txt"), "-r", "2-3", "-H", "If-Range: " + validator)
                self.assertEqual(answer.status, status, validator)

    def test_a_download_goes_on_where_it_stopped(self):
        content = os.urandom(3_000_000)
        with self.daemon() as daemon:
            settled(daemon.write("a.bin", content))
            part = daemon.folder / "part"
            part.write_bytes(content[:1_234_567])
            curl(daemon.url("/a.bin"), "-C", "-", "-o", str(part))
            self.assertEqual(part.read_bytes(), content)

    def test_past_4_gib(self):
        with self.daemon() as daemon:
            path = daemon.write("huge", b"")
            with path.open("r+b") as file:
                file.truncate(5 << 30)
                file.seek((5 << 30) - 4)
                file.write(b"last")
            self.assertEqual(curl(daemon.url("/huge"), "-I").fields["content-length"], str(5 << 30))
            self.assertEqual(curl(daemon.url("/huge"), "-r", "-4").body, b"last")
            self.assertEqual(curl(daemon.url("/huge"), "-r", f"{(5 << 30) - 6}-").body, b"\0\0last")
            # A body across the 32 bits' end, and a length past them in the log.
            sent = curl(daemon.url("/huge"), "-r", f"{(4 << 30) - (64 << 20)}-{(4 << 30) + (64 << 20) - 1}")
            self.assertEqual((sent.status, len(sent.body), sent.body.count(0)), (206, 128 << 20, 128 << 20))
            self.assertIn(f" 206 {128 << 20} ", daemon.wait_for_access(4)[-1])


class Forms(DaemonTest):
    def test_precompressed(self):
        with self.daemon() as daemon:
            for name, text in [("a.css", "plain"), ("a.css.gz", "GZ"), ("a.css.br", "BR"), ("a.css.zst", "ZSTD")]:
                settled(daemon.write(name, text))
            settled(daemon.write("b.css", "plain"))
            etags = set()
            for accepts, body, coding in [
                (None, b"plain", None),
                ("gzip", b"GZ", "gzip"),
                ("gzip, deflate, br, zstd", b"BR", "br"),
                ("gzip;q=1, br;q=0.5", b"GZ", "gzip"),
                ("zstd, br;q=0", b"ZSTD", "zstd"),
                ("identity, gzip;q=0.5", b"plain", None),
                ("*;q=0", b"plain", None),
            ]:
                with self.subTest(accepts=accepts):
                    options = ["-H", "Accept-Encoding: " + accepts] if accepts else []
                    answer = curl(daemon.url("/a.css"), *options)
                    self.assertEqual((answer.body, answer.fields.get("content-encoding")), (body, coding))
                    self.assertEqual(answer.fields["vary"], "Accept-Encoding")
                    self.assertEqual(answer.fields["content-type"], "text/css; charset=utf-8")
                    etags.add(answer.fields["etag"])
                    again = curl(daemon.url("/a.css"), *options, "-H", "If-None-Match: " + answer.fields["etag"])
                    self.assertEqual((again.status, again.fields["vary"]), (304, "Accept-Encoding"))
            self.assertEqual(len(etags), 4)
            self.assertEqual(curl(daemon.url("/a.css"), "-H", "Accept-Encoding: br", "-r", "1-1").body, b"R")
            self.assertNotIn("vary", curl(daemon.url("/b.css"), "-H", "Accept-Encoding: br").fields)

    def test_what_the_configuration_says(self):
        with self.daemon() as daemon:
            outside = daemon.folder / "outside"
            outside.mkdir()
            (outside / "secret").write_text("from outside")
            page = daemon.folder / "404.html"
            page.write_text("<p>Mine: {{code}} {{message}} {{request_id}}</p>")
            daemon.configure(site=SITE % (page, daemon.root, daemon.root))
            daemon.reload()
            daemon.write("a.note", "x")
            daemon.write(".hidden", "x")
            daemon.write("z.txt", "plain")
            daemon.write("z.txt.gz", "GZ")
            (daemon.root / "in").symlink_to("a.note")
            (daemon.root / "out").symlink_to("../outside/secret")
            site = curl(daemon.url("/a.note"))
            self.assertEqual(site.fields["content-type"], "text/x-note; charset=utf-8")
            self.assertEqual((site.fields["x-site"], site.fields["cache-control"]), ("yes", "max-age=3600"))
            self.assertIn("GMT", site.fields["expires"])
            daemon.write("a.js.gz", b"packed")
            daemon.write("a.tar.gz", b"packed")
            for more in ([], ["-I"]):
                packed = curl(daemon.url("/a.js.gz"), *more)
                self.assertEqual(packed.fields["content-encoding"], "gzip")
                self.assertEqual(packed.fields["content-type"], "text/javascript; charset=utf-8")
                self.assertEqual(packed.fields["content-length"], "6")
                self.assertNotIn("content-encoding", curl(daemon.url("/a.tar.gz"), *more).fields)
            route = curl(daemon.url("/fixed/a.note"))
            self.assertEqual((route.fields["x-site"], route.fields["cache-control"]), ("yes", "no-store"))
            away = curl(daemon.url("/away/x?y"))
            self.assertEqual((away.status, away.fields["location"]), (301, "/new/x?y"))
            self.assertEqual((away.fields["cache-control"], away.fields["x-site"]), ("no-cache", "yes"))
            for target, status in [("/in", 200), ("/out", 403), ("/fixed/in", 403), ("/fixed/out", 403),
                                   ("/free/in", 200), ("/free/out", 200), ("/.hidden", 404), ("/free/.hidden", 200)]:
                self.assertEqual(curl(daemon.url(target)).status, status, target)
            self.assertEqual(curl(daemon.url("/z.txt"), "-H", "Accept-Encoding: gzip").body, b"GZ")
            self.assertEqual(curl(daemon.url("/free/z.txt"), "-H", "Accept-Encoding: gzip").body, b"plain")
            missing = curl(daemon.url("/<none>"))
            self.assertRegex(missing.body.decode(), r"^<p>Mine: 404 No such file [0-9a-f]+-[0-9a-f]+-1</p>$")

    def test_a_route_for_all_wins_over_the_root(self):
        route = "routes: [{path: /, handler: redirect, to: 'https://example.org/'}]"
        with self.daemon(site=route) as daemon:
            daemon.write("a.txt", "of the root")
            answer = curl(daemon.url("/a.txt"))
            self.assertEqual((answer.status, answer.fields["location"]), (301, "https://example.org/a.txt"))

    def test_what_is_no_file(self):
        with self.daemon() as daemon:
            os.mkfifo(daemon.root / "fifo", 0o666)
            with socket.socket(socket.AF_UNIX) as end:
                end.bind(str(daemon.root / "socket"))
                names = ["fifo", "socket"]
                if os.geteuid() == 0:
                    os.mknod(daemon.root / "null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
                    os.chmod(daemon.root / "null", 0o666)
                    names.append("null")
                for name in names:
                    self.assertEqual(curl(daemon.url("/" + name)).status, 403, name)

    def test_never_a_redirect_to_another_host(self):
        with self.daemon() as daemon:
            (daemon.root / "evil.example").mkdir()
            for target in ("//evil.example", "//evil.example/..%2f", "/%2fevil.example", "/\\evil.example",
                           "//evil.example/..", "/.//evil.example"):
                answer = curl(daemon.url(target))
                location = answer.fields.get("location", "/x")
                self.assertRegex(location, r"^/[^/\\]", target)

    def test_methods(self):
        with self.daemon() as daemon:
            options = curl(daemon.url("/"), method="OPTIONS")
            self.assertEqual((options.status, options.fields["allow"]), (204, "GET, HEAD, OPTIONS"))
            for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
                answer = curl(daemon.url("/"), method=method)
                self.assertEqual((answer.status, answer.fields["allow"]), (405, "GET, HEAD, OPTIONS"))
            daemon.tolerate("code 501, ")
            self.assertEqual(curl(daemon.url("/"), method="SPAM").status, 501)


class Errors(DaemonTest):
    def test_the_page_and_the_log_name_the_request(self):
        with self.daemon() as daemon:
            answer = curl(daemon.url("/<script>"))
            for label in (b"Error response", b"Error code: 404", b"Message: ", b"Error code explanation: 404 = "):
                self.assertIn(label, answer.body)
            self.assertNotIn(b"<script>", answer.body)
            request = re.search(rb"Request ([0-9a-f-]+)<", answer.body)[1].decode()
            self.assertEqual(len(daemon.expect(re.escape(request))), 1)

    def test_a_problem_for_those_who_want_json(self):
        with self.daemon() as daemon:
            for accepts in ("application/json", "application/problem+json", "application/json, text/plain, */*"):
                answer = curl(daemon.url("/none"), "-H", "Accept: " + accepts)
                self.assertEqual(answer.fields["content-type"], "application/problem+json")
                problem = json.loads(answer.body)
                self.assertEqual((problem["status"], problem["title"], problem["detail"]),
                                 (404, "Not Found", "No such file"))
                daemon.expect(re.escape(problem["request_id"]))
            html = curl(daemon.url("/none"), "-H", "Accept: text/html,application/xhtml+xml,*/*;q=0.8")
            self.assertEqual(html.fields["content-type"], "text/html; charset=utf-8")

    def test_a_page_of_the_operators(self):
        with self.daemon(workers=1) as daemon:
            page = daemon.folder / "404.html"

            def reload(text, verdict):
                page.write_text(text)
                daemon.configure(workers=1, site=f"error_pages: {{404: {page}}}")
                return daemon.reload(verdict)

            reload("<h1>{{code}}</h1>{{#request_id}}<p>{{message}} {{request_id}}</p>{{/request_id}}", "applied")
            answer = curl(daemon.url("/none"))
            self.assertRegex(answer.body.decode(), r"^<h1>404</h1><p>No such file [0-9a-f-]{8,}</p>$")
            # One that is wrong is refused and changes nothing.
            text = reload("<h1>\n{{kode}}", "refused")
            self.assertIn("404.html:2:1", text)
            daemon.expect("404.html:2:1: 'kode' is unknown here")
            self.assertIn(b"<h1>404</h1>", curl(daemon.url("/none")).body)
            # Nor does it keep a new worker from starting.
            old = daemon.wait_for_workers(1)
            os.kill(old[0], 9)
            daemon.wait_for_workers(1, but=old)
            daemon.tolerate("SIGKILL|signal 9")
            self.assertIn(b"<h1>404</h1>", curl(daemon.url("/none")).body)

    def test_no_content_for_head(self):
        with self.daemon() as daemon:
            answer = exchange(daemon.address, b"HEAD /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertTrue(answer.startswith(b"HTTP/1.1 404 ") and answer.endswith(b"\r\n\r\n"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
