"""Passwords: who is asked, who is let in, and what becomes of a file that changes."""

import base64
import http.client
import os
import subprocess
import threading
import unittest

from clients import BASEHTTPCTL, curl
from harness import DaemonTest, until

# Of `spam`: bcrypt, SHA-crypt, apr1.
ANNA = "anna:$2y$04$abcdefghijklmnopqrstuu/uVliu/HpJmFl/OvSzmm7Eth.TrIxjm\n"
BERT = "bert:$5$rounds=1000$salt$eFCS2nKJb8NXTDq34m6uiQHRTrdye47qd149joyyun7\n"
SITE = """routes:
  - {path: /staff/, handler: respond, text: staff, auth: {basic: {htpasswd: FILE, realm: the staff}}}
  - {path: /write/, handler: respond, text: written, methods: [POST], auth: {basic: {htpasswd: FILE}}}"""
WHOLE_SITE = """auth: {basic: {htpasswd: FILE}}
routes:
  - {path: /open/, handler: respond, text: open, auth: none}"""


def field(user, password):
    return "Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Auth(DaemonTest):
    def setUp(self):
        super().setUp()
        self.file = f"/tmp/basehttpd-htpasswd-{os.getpid()}-{self.id().rpartition('.')[2]}"
        self.write(ANNA + BERT)
        self.addCleanup(lambda: os.path.exists(self.file) and os.unlink(self.file))

    def write(self, text):
        with open(self.file + ".new", "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
        os.rename(self.file + ".new", self.file)

    def serving(self, site=SITE, **options):
        return self.daemon(site=site.replace("FILE", self.file), **options)

    def status(self, daemon, target, user=None, password="spam", method=None):
        return curl(daemon.url(target), *(["-H", field(user, password)] if user else []), method=method).status

    def test_users_of_a_route(self):
        with self.serving() as daemon:
            asked = curl(daemon.url("/staff/x"))
            self.assertEqual((asked.status, asked.fields["www-authenticate"]), (401, 'Basic realm="the staff", charset="UTF-8"'))
            self.assertEqual(self.status(daemon, "/"), 200)
            for user in ("anna", "bert"):
                answer = curl(daemon.url("/staff/"), "-H", field(user, "spam"))
                self.assertEqual((answer.status, answer.body), (200, b"staff"))
            for user, password in (("anna", "eggs"), ("anna", ""), ("nobody", "spam"), ("", "spam"), ("Anna", "spam")):
                self.assertEqual(curl(daemon.url("/staff/"), "-H", field(user, password)).status, 401, user)
            for wrong in ("Authorization: Basic", "Authorization: Basic !", "Authorization: Bearer x"):
                self.assertEqual(curl(daemon.url("/staff/"), "-H", wrong).status, 401, wrong)
            self.assertEqual(self.status(daemon, "/write/", "anna", method="POST"), 200)
            self.assertEqual(self.status(daemon, "/write/", method="POST"), 401)
            lines = daemon.wait_for_access(14)
            self.assertEqual([line.split()[2] for line in lines if '" 200 ' in line], ["-", "anna", "bert", "anna"])
            self.assertEqual({line.split()[2] for line in lines if '" 401 ' in line}, {"-"})

    def test_a_site_and_a_route_that_is_open(self):
        with self.serving(WHOLE_SITE) as daemon:
            self.assertEqual([self.status(daemon, target) for target in ("/", "/open/")], [401, 200])
            self.assertEqual(self.status(daemon, "/", "anna"), 200)

    def test_a_file_that_changes(self):
        with self.serving() as daemon:
            self.assertEqual(self.status(daemon, "/staff/", "anna"), 200)
            self.write(BERT)
            until(lambda: self.status(daemon, "/staff/", "anna") == 401, "anna is a stranger")
            self.assertEqual(self.status(daemon, "/staff/", "bert"), 200)
            self.write(ANNA + "bert:secret\n")
            line = daemon.expect(r"htpasswd-.*:2: the password of 'bert' is not hashed .*; what it held before stays in use")
            self.assertNotIn("secret", line[0])
            self.assertEqual(self.status(daemon, "/staff/", "bert"), 200)
            os.unlink(self.file)
            daemon.expect("No such file or directory; what it held before stays in use")
            self.assertEqual(self.status(daemon, "/staff/", "bert"), 200)
            for worker in daemon.workers():  # those that are started now know of the change, too
                os.kill(worker, 9)
            daemon.tolerate("worker")
            daemon.wait_for_workers(2)
            self.assertEqual((self.status(daemon, "/staff/", "bert"), self.status(daemon, "/staff/", "anna")), (200, 401))

    def test_a_crowd_of_guesses_is_bounded(self):
        slow = subprocess.run([BASEHTTPCTL, "passwd", self.file, "slow"], input="spam\n", text=True, check=False, timeout=60)
        self.assertEqual(slow.returncode, 0)
        with self.serving(workers=1) as daemon:
            daemon.tolerate("code 503, ")
            statuses = []
            def guess(number):
                connection = http.client.HTTPConnection(*daemon.address, timeout=60)
                name, _, value = field("slow", f"guess {number}").partition(": ")
                connection.request("GET", "/staff/", headers={name: value})
                statuses.append(connection.getresponse().status)
                connection.close()
            threads = [threading.Thread(target=guess, args=(number,)) for number in range(200)]
            for thread in threads:
                thread.start()
            self.assertEqual(self.status(daemon, "/"), 200)
            for thread in threads:
                thread.join()
            self.assertEqual(set(statuses), {401, 503})
            self.assertGreaterEqual(statuses.count(401), 64)
            self.assertEqual(self.status(daemon, "/staff/", "anna"), 200)

    def test_passwd(self):
        def passwd(*arguments, text="spam\n"):
            return subprocess.run([BASEHTTPCTL, "passwd", self.file, *arguments], input=text, text=True, check=False, timeout=60,
                                  capture_output=True)
        os.unlink(self.file)
        self.assertEqual(passwd("carl").returncode, 0)
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o600)
        os.chmod(self.file, 0o640)
        self.assertEqual(passwd("dora", text="eggs\n").returncode, 0)
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o640)
        with self.serving() as daemon:
            self.assertEqual([self.status(daemon, "/staff/", "carl"), self.status(daemon, "/staff/", "dora", "eggs")], [200, 200])
            self.assertEqual(passwd("carl", text="ham\n").returncode, 0)
            until(lambda: self.status(daemon, "/staff/", "carl") == 401, "the old password is wrong")
            self.assertEqual(self.status(daemon, "/staff/", "carl", "ham"), 200)
            self.assertEqual(passwd("--remove", "dora").returncode, 0)
            until(lambda: self.status(daemon, "/staff/", "dora", "eggs") == 401, "dora is gone")
        for user, text in (("a:b", "spam\n"), ("", "spam\n"), ("anna", "\n"), ("anna", "a\tb\n"), ("anna", "x" * 600 + "\n")):
            done = passwd(user, text=text)
            self.assertEqual(done.returncode, 64, (user, text))
            self.assertNotIn(text.strip() or "\0", done.stderr)
        self.assertEqual(open(self.file, encoding="utf-8").read().count("\n"), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
