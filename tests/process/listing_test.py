"""Folder listings: the page and the JSON, odd names, order, and what a folder of 100 000 costs everybody else."""

import base64
import hashlib
import html
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
from pathlib import Path

from clients import curl, exchange, get
from harness import BASEHTTPD, DaemonTest, until

ODD = [b"a b.txt", b"quote\".txt", b"it's", b"<script>alert(1)", b"new\nline", b"inv\xff\xfealid", b"javascript:alert(1)",
       "\u00fc\u6f22.txt".encode(), b"100%.txt", b"q?x=1&y#z", b"back\\slash", b"%2e%2e", b"~tilde", b"x" * 255]


class Listing(DaemonTest):
    def test_odd_names_lead_to_their_files(self):
        with self.daemon(site="listing: true") as daemon:
            folder = os.fsencode(daemon.root) + b"/odd/"
            os.mkdir(folder)
            for name in ODD:
                with open(folder + name, "wb") as file:
                    file.write(b"content of " + name)
            page = curl(daemon.url("/odd/")).body.decode()
            links = [html.unescape(link) for link in re.findall(r'<td><a href="([^"]*)"', page)]
            self.assertEqual(len(links), len(ODD))
            self.assertNotIn("<script>alert", page)
            for link in links:
                self.assertTrue(link.startswith("./"), link)
                name = urllib.parse.unquote_to_bytes(link[2:])
                self.assertEqual(curl(daemon.url("/odd/" + link[2:])).body, b"content of " + name)
            answer = curl(daemon.url("/odd/"), "-H", "Accept: application/json")
            self.assertEqual(answer.fields["content-type"], "application/json")
            entries = json.loads(answer.body)["entries"]
            self.assertEqual({urllib.parse.unquote_to_bytes(e["href"][2:]) for e in entries}, set(ODD))

    def test_the_policy_knows_script_and_style(self):
        with self.daemon(site="listing: true") as daemon:
            os.remove(daemon.root / "index.html")
            answer = curl(daemon.url("/"))
            policy = answer.fields["content-security-policy"]
            self.assertTrue(policy.startswith("default-src 'none'; "))
            self.assertNotIn("unsafe", policy)
            for tag in ("style", "script"):
                text = re.search(rb"<%s>(.*?)</%s>" % (tag.encode(), tag.encode()), answer.body, re.S)[1]
                digest = base64.b64encode(hashlib.sha256(text).digest()).decode()
                self.assertIn(f"{tag}-src 'sha256-{digest}'", policy)

    def test_order(self):
        with self.daemon(site="listing: true") as daemon:
            for i, (name, size) in enumerate([("b", 5), ("a", 7), ("c", 1)]):
                os.utime(daemon.write("f/" + name, "x" * size), (1000 + i, 1000 + i))
            (daemon.root / "f/z").mkdir()
            for query, order in [("", "zabc"), ("?sort=name&order=desc", "zcba"), ("?sort=size", "zcba"),
                                 ("?sort=size&order=desc", "zabc"), ("?sort=date&order=asc", "zbac"),
                                 ("?order=desc&sort=date", "zcab"), ("?sort=colour&x", "zabc")]:
                page = curl(daemon.url("/f/" + query)).body.decode()
                self.assertEqual("".join(re.findall(r'href="\./(.)', page)), order, query)

    def test_what_is_listed(self):
        with self.daemon(site="listing: true") as daemon:
            daemon.write("f/file", "x")
            daemon.write("f/.hidden", "x")
            os.mkfifo(daemon.root / "f/fifo")
            for name, target in [("in", "file"), ("folder", "../f"), ("out", "/etc/passwd"), ("broken", "none")]:
                (daemon.root / "f" / name).symlink_to(target)
            entries = json.loads(curl(daemon.url("/f/"), "-H", "Accept: application/json").body)["entries"]
            self.assertEqual([(e["name"], e["type"]) for e in entries],
                             [("folder", "folder"), ("file", "file"), ("in", "file")])
            head = exchange(daemon.address, b"HEAD /f/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertTrue(head.startswith(b"HTTP/1.1 200 ") and head.endswith(b"\r\n\r\n"))


    def test_a_root_that_was_removed(self):
        with self.daemon(workers=1, site="listing: true") as daemon:
            daemon.root.rename(daemon.folder / "gone")
            shutil.rmtree(daemon.folder / "gone")
            self.assertEqual(curl(daemon.url("/")).status, 404)
            daemon.root.mkdir()
            daemon.write("new")
            daemon.reload()
            self.assertIn(b"./new", curl(daemon.url("/")).body)

    def test_totals(self):
        with self.daemon(site="listing: true") as daemon:
            (daemon.root / "f/sub").mkdir(parents=True)
            for target, files, text in [("/f/sub/", 0, "This directory is empty."), ("/f/", 0, "1 directory"),
                                        ("/f/", 1, "1 directory, 1 file, 1.5 KiB"), ("/f/", 2, "1 directory, 2 files, 3.0 KiB")]:
                for i in range(files):
                    daemon.write(f"f/{i}", "x" * 1536)
                page = curl(daemon.url(target)).body.decode()
                self.assertEqual(re.search("<footer>(.*)</footer>", page)[1], text)


    def test_a_template_of_the_operators(self):
        with self.daemon() as daemon:
            template = daemon.folder / "listing.html"
            template.write_text(TEMPLATE)
            daemon.configure(site=f"listing: true\nlisting_template: {template}\nheaders: {{X-A: b}}")
            daemon.reload()
            daemon.write("f/<b>.txt", "x" * 2048)
            (daemon.root / "f/sub").mkdir()
            answer = curl(daemon.url("/f/"))
            self.assertEqual(answer.body.decode(), "<h1>/f/</h1>\n<ul>\n<li><a href='./sub/'>sub</a></li>\n"
                             "<li><a href='./%3Cb%3E.txt'>&lt;b&gt;.txt</a> 2.0 KiB</li>\n</ul>\n1 files\n")
            self.assertNotIn("content-security-policy", answer.fields)
            self.assertEqual(answer.fields["x-a"], "b")
            self.assertIn("entries", json.loads(curl(daemon.url("/f/"), "-H", "Accept: application/json").body))
            self.assertEqual(curl(daemon.url("/f")).fields["x-a"], "b")

    def test_a_folder_that_may_not_be_read(self):
        with self.daemon(site="listing: true") as daemon:
            for name, mode in (("unreadable", 0o711), ("unenterable", 0o744)):
                daemon.write(f"{name}/file")
                os.chmod(daemon.root / name, mode)
                self.assertEqual(curl(daemon.url(f"/{name}/")).status, 403 if os.geteuid() == 0 else 200, name)
                if os.geteuid() == 0:
                    daemon.expect(rf"\[warning\] .*code 403.*Permission denied by .*/{name} ")


# AddressSanitizer keeps what was freed: what a worker takes says nothing then.
SANITIZED = b"__asan_init" in Path(BASEHTTPD).read_bytes() if BASEHTTPD else False

TEMPLATE = """<h1>{{path}}</h1>
<ul>
{{#entries}}<li><a href='{{href}}'>{{name}}</a>{{#size}} {{size}}{{/size}}</li>
{{/entries}}</ul>
{{files}} files
"""


class Large(DaemonTest):
    COUNT = 100_000

    def fill(self, daemon):
        folder = daemon.root / "many"
        folder.mkdir()
        for i in range(self.COUNT):
            os.mknod(folder / f"entry-{i * 7919 % self.COUNT:06}.txt")

    def test_clients_that_do_not_read_it_are_refused_at_last(self):
        with self.daemon(workers=1, site="listing: true") as daemon:
            self.fill(daemon)
            worker = daemon.workers()[0]
            get(daemon.address)
            before = peak_memory(worker)
            lazy, refused = [], 0
            while not refused:
                connection = socket.socket()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.connect(daemon.address)
                connection.sendall(b"GET /many/ HTTP/1.1\r\nHost: x\r\n\r\n")
                refused = connection.recv(16).startswith(b"HTTP/1.1 503")
                lazy.append(connection)
                self.assertLess(len(lazy), 100)
            grown = peak_memory(worker) - before
            print(f"{len(lazy)} clients, the last one refused; the worker grew by {grown >> 20} MiB", flush=True)
            if not SANITIZED:
                self.assertLess(grown, 96 << 20)  # the budget, and what allocation leaves unused
            self.assertEqual(get(daemon.address)[0], 200)
            for connection in lazy:
                connection.close()
            until(lambda: get(daemon.address, "/many/")[0] == 200, "a listing once they have left")
            daemon.expect("code 503, message Too many directory listings in progress; try again shortly")

    def test_it_holds_nobody_up(self):
        self.hold_up("listing: true")

    def test_neither_does_a_template(self):
        with tempfile.NamedTemporaryFile("w", suffix=".html") as template:
            template.write(TEMPLATE)
            template.flush()
            self.hold_up(f"listing: true\nlisting_template: {template.name}")

    def test_many_hold_nobody_up_longer_than_one(self):
        with self.daemon(workers=1, site="listing: true") as daemon:
            self.fill(daemon)
            get(daemon.address)
            alone = min(self.wait_beside(daemon, 1) for _ in range(3))
            crowded = min(self.wait_beside(daemon, 6) for _ in range(3))
            print(f"p95 beside one listing {alone * 1000:.1f} ms, beside six {crowded * 1000:.1f} ms", flush=True)
            # Six times four milliseconds without a common turn, where the machine has nothing else to do.
            self.assertLess(crowded, 10 * max(alone, 0.004))

    @staticmethod
    def wait_beside(daemon, listings):
        """How long a request takes while so many listings are made: most of them no longer than this."""
        times = []
        with socket.create_connection(daemon.address) as connection:
            clients = [subprocess.Popen(["curl", "-so", "/dev/null", daemon.url("/many/")]) for _ in range(listings)]
            while all(client.poll() is None for client in clients):
                began = time.monotonic()
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                connection.recv(4096)
                times.append(time.monotonic() - began)
            for client in clients:
                client.wait()
        return statistics.quantiles(times, n=20)[-1]

    def hold_up(self, site):
        with self.daemon(workers=1, site=site) as daemon:
            self.fill(daemon)
            worker = daemon.workers()[0]
            get(daemon.address)
            before = peak_memory(worker)
            answers, meanwhile = [], 0
            listing = threading.Thread(target=lambda: answers.append(get(daemon.address, "/many/?sort=size")))
            listing.start()
            with socket.create_connection(daemon.address) as connection:
                while listing.is_alive():
                    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                    connection.recv(4096)
                    meanwhile += 1
            status, body = answers[0]
            self.assertEqual(status, 200)
            names = re.findall(rb"href=['\"]\./(entry-\d+)", body)
            self.assertEqual(len(names), self.COUNT)
            self.assertEqual(names, sorted(names))
            grown = peak_memory(worker) - before
            print(f"{meanwhile} requests meanwhile; the worker grew by {grown >> 20} MiB", flush=True)
            # One or two where the listing has the worker for itself; how long it takes at a time, unit tests say.
            self.assertGreater(meanwhile, 20)
            if not SANITIZED:
                self.assertLess(grown, 64 << 20)


def peak_memory(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) << 10


if __name__ == "__main__":
    unittest.main(verbosity=2)
