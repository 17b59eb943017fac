"""Programs behind FastCGI: basehttpd.yaml(5), handler: fastcgi. With php-fpm, fcgiwrap, and a responder of our own."""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import unittest

import fastcgi_responder
from clients import curl, exchange
from fastcgi_responder import BEGIN, PARAMS, STDIN, Responder
from harness import DaemonTest, free_port, until

PHP_FPM = next(iter(sorted(pathlib.Path("/usr/sbin").glob("php-fpm*"))), None)


@contextlib.contextmanager
def running(command, **options):
    program = subprocess.Popen(command, **options)
    try:
        yield program
    finally:
        program.terminate()
        program.wait(20)


class FastCgi(DaemonTest):
    def setUp(self):
        self.scripts = pathlib.Path(tempfile.mkdtemp(prefix="basehttpd-fastcgi-"))
        self.addCleanup(shutil.rmtree, self.scripts, True)
        self.scripts.chmod(0o755)
        for name in ("index.php", "a.php", "sub/index.php", "dir.php/b.php", ".hidden/x.php"):
            (self.scripts / name).parent.mkdir(exist_ok=True)
            (self.scripts / name).write_text("<?php secret();")
        (self.scripts / "avatar.png").write_bytes(b"\x89PNG <?php evil();")
        (self.scripts / "style.css").write_text("p { }")
        (self.scripts / "empty").mkdir()

    def served(self, *to, path="/app/", more="", **options):
        servers = ", ".join(repr(getattr(each, "url", each)) for each in to)
        return self.daemon(site=f"routes: [{{path: {path}, handler: fastcgi, to: [{servers}], root: '{self.scripts}'{more}}}]",
                           **options)

    def raw(self, daemon, target, more="", method="GET"):
        return exchange(daemon.address, f"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n".encode("latin-1"))

    def status(self, daemon, target, **options):
        return int(self.raw(daemon, target, **options).split()[1])


class Scripts(FastCgi):
    def test_variables(self):
        with Responder() as responder, self.served(responder) as daemon:
            self.raw(daemon, "/app/a.php/b%20c/?act=good&x=%41", "Cookie: a=b\r\nProxy: evil\r\nX_Y: evil\r\nX-Y: good\r\n"
                     "Authorization: Basic YTpi\r\nX-Forwarded-For: 6.6.6.6\r\n")
            (request,) = responder.requests
            got = request.variables
            self.assertEqual((got["SCRIPT_NAME"], got["PATH_INFO"]), ("/app/a.php", "/b c/"))
            self.assertEqual(got["SCRIPT_FILENAME"], f"{self.scripts}/a.php")
            self.assertEqual(got["PATH_TRANSLATED"], f"{self.scripts}/b c/")
            self.assertEqual(got["REQUEST_URI"], "/app/a.php/b%20c/?act=good&x=%41")
            self.assertEqual(got["QUERY_STRING"], "act=good&x=%41")
            self.assertEqual((got["HTTP_COOKIE"], got["HTTP_X_Y"], got["REMOTE_ADDR"]), ("a=b", "good", "127.0.0.1"))
            self.assertEqual({name for name in got if "PROXY" in name or "AUTH" in name or "FORWARDED" in name}, set())
            self.assertEqual(request.records, [BEGIN, PARAMS, STDIN])
            self.assertFalse(request.keep)

    def test_authorization_where_it_is_passed(self):
        with Responder() as responder, self.served(responder, more=", pass_authorization: true") as daemon:
            self.raw(daemon, "/app/a.php", "Authorization: Basic YTpi\r\n")
            self.assertEqual(responder.requests[0].variables["HTTP_AUTHORIZATION"], "Basic YTpi")

    def test_which_script(self):
        with Responder() as responder, self.served(responder, path="/") as daemon:
            for target, script, info in (("/", "/index.php", None), ("/a.php", "/a.php", None), ("/a.php/", "/a.php", "/"),
                                         ("/sub/", "/sub/index.php", None), ("/dir.php/b.php/c.php", "/dir.php/b.php", "/c.php")):
                with self.subTest(target):
                    self.assertEqual(self.status(daemon, target), 200)
                    got = responder.requests[-1].variables
                    self.assertEqual((got["SCRIPT_NAME"], got.get("PATH_INFO")), (script, info))
            self.assertEqual(self.status(daemon, "/sub"), 301)

    def test_what_is_no_script(self):
        outside = pathlib.Path(tempfile.mkdtemp(prefix="basehttpd-outside-"))
        self.addCleanup(shutil.rmtree, outside, True)
        outside.chmod(0o755)
        (outside / "evil.php").write_text("<?php evil();")
        (self.scripts / "link.php").symlink_to(outside / "evil.php")
        os.mkfifo(self.scripts / "fifo.php")
        with Responder() as responder, self.served(responder, path="/") as daemon:
            daemon.tolerate("code 403")
            for target in ("/avatar.png/x.php", "/avatar.png/.php", "/none.php", "/none/x.php", "/a.php%00.css", "/.hidden/x.php", "/link.php",
                           "/fifo.php", "/a.php%2fb", "/sub%2findex.php", "/empty/", "/dir.php/", "/..%2fevil.php", "/A.PHP", "/a.phps"):
                with self.subTest(target):
                    self.assertIn(self.status(daemon, target), (400, 403, 404))
            self.assertEqual(responder.requests, [])

    def test_other_files(self):
        with Responder() as responder, self.served(responder) as daemon:
            self.assertEqual(curl(daemon.url("/app/style.css")).body, b"p { }")
            self.assertEqual(curl(daemon.url("/app/avatar.png")).fields["content-type"], "image/png")
            self.assertEqual(self.status(daemon, "/app/style.css", method="POST"), 405)
            self.assertEqual(responder.requests, [])
            daemon.expect("code 405")

    def test_a_front_controller(self):
        with Responder() as responder, self.served(responder, path="/", more=", try: [$path, $path/, /index.php]") as daemon:
            self.assertEqual(curl(daemon.url("/style.css")).body, b"p { }")
            for target in ("/2026/hello", "/feed.xml", "/empty/", "/none.php", "/avatar.png/x.php"):
                self.assertEqual(self.status(daemon, target), 200)
                got = responder.requests[-1].variables
                self.assertEqual((got["SCRIPT_NAME"], got["REQUEST_URI"], "PATH_INFO" in got), ("/index.php", target, False))

    def test_requests_with_content(self):
        with Responder() as responder, self.served(responder, more=", body: 100M") as daemon:
            upload = daemon.folder / "upload"
            upload.write_bytes(bytes(5_000_000))
            answer = curl(daemon.url("/app/a.php?act=count"), "--data-binary", f"@{upload}")
            self.assertEqual(answer.body, b"5000000")
            self.assertEqual(responder.requests[0].variables["CONTENT_LENGTH"], "5000000")
            self.assertEqual(curl(daemon.url("/app/a.php?act=count"), "-d", "").body, b"0")
            self.assertEqual(responder.requests[1].variables["CONTENT_LENGTH"], "0")
            chunked = curl(daemon.url("/app/a.php?act=count"), "--data-binary", f"@{upload}", "-H", "Transfer-Encoding: chunked")
            self.assertEqual(chunked.status, 411)
            daemon.expect("code 411")
            upload.write_bytes(bytes(50_000_000))
            early = curl(daemon.url("/app/a.php?act=early"), "--data-binary", f"@{upload}", "-H", "Expect:")
            self.assertEqual((early.status, early.body), (413, b"too much"))
            daemon.expect(r"\[error\].*: too much")

    def test_responses(self):
        with Responder() as responder, self.served(responder, access_format="%s %R %{upstream}n %{upstream_us}n %f") as daemon:
            answer = curl(daemon.url("/app/a.php?act=missing"))
            self.assertEqual((answer.status, answer.fields["x-a"], answer.body), (404, "b", b"no spam"))
            self.assertNotIn("status", answer.fields)
            self.assertEqual(curl(daemon.url("/app/a.php"), method="HEAD").status, 200)
            self.assertEqual(len(curl(daemon.url("/app/a.php?act=large&n=500")).body), 500 * 60_000)
            self.assertRegex(daemon.wait_for_access(3)[0], rf"^404 fastcgi {responder.url} \d+ {self.scripts}/a.php$")

    def test_connections_are_kept_where_that_is_asked_for(self):
        with Responder() as responder:
            for more, connections in ((", keep_connections: 4", 1), ("", 4)):
                with self.served(responder, more=more, workers=1) as daemon:
                    for act in ("good", "missing", "diagnostics"):
                        self.raw(daemon, f"/app/a.php?act={act}")
                    daemon.expect(r"spam")
                    daemon.tolerate("line 3")
                self.assertEqual(responder.connections, connections)


class Bad(FastCgi):
    def test_bad_responses(self):
        with Responder() as responder, self.served(responder, more=", failures: 0") as daemon:
            for act, problem in fastcgi_responder.BAD.items():
                with self.subTest(act):
                    self.assertEqual(self.status(daemon, f"/app/a.php?act={act}"), 502)
                    daemon.expect(rf"\[error\].*{responder.url}: .*{problem}.*act={act} ")
            daemon.expect("Segmentation fault")
            self.assertEqual(self.status(daemon, "/app/a.php"), 200)

    def test_time_outs(self):
        with Responder() as responder, self.served(responder, more=", failures: 0, timeout: 200ms") as daemon:
            self.assertEqual(self.status(daemon, "/app/a.php?act=silence"), 504)
            daemon.expect("timed out.*act=silence")

    def test_responses_that_are_cut_short(self):
        with Responder() as responder, self.served(responder, more=", failures: 0, timeout: 500ms") as daemon:
            for act, problem in (("cut", "closed within the content"), ("short_length", "ended within the content"),
                                 ("pause_in_content", "timed out")):
                answer = curl(daemon.url(f"/app/a.php?act={act}"))
                self.assertEqual((answer.status, answer.error in (18, 56)), (200, True), act)
                daemon.expect(rf"\[error\].*{problem}.*act={act} ")

    def test_diagnostics_have_the_request_s_id(self):
        with Responder() as responder, self.served(responder) as daemon:
            self.raw(daemon, "/app/a.php?act=diagnostics")
            daemon.expect(rf"\[error\].*{responder.url}: PHP Warning:  spam, id [0-9a-f-]+$")
            (line,) = daemon.expect(r"\[error\].*: in .*line 3, id [0-9a-f-]+$")
            self.assertNotIn("\x1b", line)

    def test_refused(self):
        to = f"127.0.0.1:{free_port()}"
        with self.served(to) as daemon:
            self.assertEqual(self.status(daemon, "/app/a.php"), 502)
            daemon.expect(rf"\[error\].*{to}: connect: Connection refused, request")


@unittest.skipUnless(PHP_FPM, "php-fpm is not installed")
class Php(FastCgi):
    def setUp(self):
        super().setUp()
        self.pool = pathlib.Path(tempfile.mkdtemp(prefix="basehttpd-php-"))
        self.addCleanup(shutil.rmtree, self.pool, True)
        self.pool.chmod(0o755)
        self.socket = self.pool / "fpm.sock"
        account = "\nuser = nobody\ngroup = nogroup" if os.geteuid() == 0 else ""
        (self.pool / "fpm.conf").write_text(f"""[global]
error_log = {self.pool}/fpm.log
[www]{account}
listen = {self.socket}
listen.mode = 0666
listen.backlog = 1
pm = static
pm.max_children = 2
catch_workers_output = yes
php_admin_value[upload_max_filesize] = 200M
php_admin_value[post_max_size] = 200M
""")

    @contextlib.contextmanager
    def behind_php(self, **options):
        """A daemon with php-fpm behind it, which ends first."""
        with self.served(f"unix:{self.socket}", **options) as daemon:
            with running([PHP_FPM, "--nodaemonize", "--fpm-config", self.pool / "fpm.conf"], stderr=subprocess.DEVNULL):
                until(self.socket.exists, "php-fpm's socket")
                yield daemon

    def script(self, name, text):
        (self.scripts / name).write_text(f"<?php {text}")

    def test_an_application(self):
        self.script("index.php", "echo $_SERVER['REQUEST_URI'], ' ', $_SERVER['SCRIPT_NAME'], ' ', $_GET['q'] ?? '', ' ', $_POST['p'] ?? '';")
        self.script("redirect.php", "header('Location: /elsewhere'); setcookie('a', 'b'); setcookie('c', 'd');")
        self.script("error.php", "http_response_code(418); error_log('spam is out'); echo 'teapot';")
        self.script("dies.php", "posix_kill(getmypid(), 9);")
        with self.behind_php(path="/", more=", try: [$path, $path/, /index.php], body: 200M") as daemon:
            self.assertEqual(curl(daemon.url("/2026/hello?q=x"), "-d", "p=y").body, b"/2026/hello?q=x /index.php x y")
            answer = self.raw(daemon, "/redirect.php").decode()
            self.assertTrue(answer.startswith("HTTP/1.1 302 "), answer)
            self.assertEqual(len(re.findall("(?m)^Set-Cookie: ", answer)), 2)
            answer = curl(daemon.url("/error.php"))
            self.assertEqual((answer.status, answer.body), (418, b"teapot"))
            daemon.expect("spam is out")
            self.assertEqual(self.status(daemon, "/dies.php"), 502)
            daemon.expect("closed without a response|Connection reset")

    def test_an_upload_and_a_download(self):
        self.script("upload.php", "echo filesize($_FILES['f']['tmp_name']), ' ', md5_file($_FILES['f']['tmp_name']);")
        self.script("download.php", "ob_end_clean(); $x = str_repeat('x', 1 << 20); for ($i = 0; $i < $_GET['n']; $i++) echo $x;")
        with self.behind_php(path="/", more=", body: 200M", workers=1) as daemon:
            upload = daemon.folder / "upload"
            upload.write_bytes(b"spam" * (25 << 20))
            self.assertTrue(curl(daemon.url("/upload.php"), "-F", f"f=@{upload}").body.startswith(b"104857600 "))
            before = self.peak(daemon)
            with socket.create_connection(daemon.address, timeout=60) as client:
                client.sendall(b"GET /download.php?n=1024 HTTP/1.0\r\nHost: x\r\n\r\n")
                got = 0
                while part := client.recv(1 << 20):
                    got += len(part)
            self.assertGreater(got, 1 << 30)
            self.assertLess(self.peak(daemon), before + 4096, "KiB: a worker holds no more than a buffer")

    def peak(self, daemon):
        (pid,) = daemon.workers()
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1])

    def test_a_pool_that_is_full(self):
        self.script("sleep.php", "file_put_contents($_GET['f'], 'x'); sleep(20);")
        with self.behind_php(more=", timeout: 500ms, connect_timeout: 500ms, failures: 0") as daemon:
            clients = []
            for each in ("1", "2"):
                client = socket.create_connection(daemon.address, timeout=20)
                mark = pathlib.Path(tempfile.gettempdir()) / f"{self.pool.name}-{each}"
                self.addCleanup(mark.unlink, True)
                client.sendall(f"GET /app/sleep.php?f={mark} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                until(mark.exists, "the script is running")
                clients.append(client)
            self.assertEqual(self.status(daemon, "/app/index.php"), 504)
            for client in clients:
                self.assertTrue(client.recv(1000).startswith(b"HTTP/1.1 504 "))
                client.close()
            daemon.expect("timed out")


@unittest.skipUnless(shutil.which("fcgiwrap"), "fcgiwrap is not installed")
class Fcgiwrap(FastCgi):
    def test_a_script(self):
        script = self.scripts / "env.cgi"
        script.write_text("#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\necho \"$SCRIPT_NAME $PATH_INFO $QUERY_STRING\"\ncat\necho oops >&2\n")
        script.chmod(0o755)
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        to = "127.0.0.1:%d" % listener.getsockname()[1]
        with self.served(to, more=", split: .cgi") as daemon, running(["fcgiwrap", "-f"], stdin=listener.fileno()):
            self.assertEqual(curl(daemon.url("/app/env.cgi/a?b"), "-d", "spam").body, b"/app/env.cgi /a b\nspam")
            daemon.expect(rf"\[error\].*{to}: oops, id [0-9a-f-]+$")


if __name__ == "__main__":
    unittest.main(verbosity=2)
