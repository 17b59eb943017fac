"""Where the daemon listens: addresses that cover one another, sockets that are kept, and those that are files."""

import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

import processes
from clients import curl, get
from harness import BASEHTTPD, FAULT, DaemonTest, free_port, until
from service_manager import ServiceManager

NOT_PASSED = {"LISTEN_FDS": "0"}


def connects(path):
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return client.recv(15) == b"HTTP/1.1 200 OK"


class Covered(DaemonTest):
    def test_one_within_another_is_served_by_that(self):
        port = free_port()
        for listen in (f"[0.0.0.0:{port}, 127.0.0.1:{port}]", f"[127.0.0.1:{port}, 0.0.0.0:{port}]",
                       f"[localhost:{port}, 127.0.0.1:{port}]"):
            with self.subTest(listen=listen), self.daemon(environment=NOT_PASSED, settings=f"listen: {listen}") as daemon:
                self.assertEqual(get(("127.0.0.1", port))[0], 200)
                checked = subprocess.run([BASEHTTPD, "check", "-c", daemon.config_file], capture_output=True, text=True)
                self.assertEqual(checked.returncode, 0)
                self.assertRegex(checked.stderr, r"yaml:\d+:\d+: warning: '.*' is (within|the same as) '.*' on line \d+")

    def test_a_reload_widens_and_narrows(self):
        port = free_port()
        with self.daemon(environment=NOT_PASSED, settings=f"listen: 127.0.0.1:{port}") as daemon:
            for address in ("0.0.0.0", "127.0.0.1", "0.0.0.0"):
                workers = daemon.workers()
                daemon.configure(settings=f"listen: {address}:{port}")
                daemon.reload()
                until(lambda: not set(workers) & set(daemon.workers()), "the old workers to leave")
                self.assertEqual(get(("127.0.0.1", port))[0], 200)

    def test_a_reload_that_cannot_have_an_address(self):
        port = free_port()
        with (socket.create_server(("127.0.0.1", 0)) as holder,
              self.daemon(environment=NOT_PASSED, settings=f"listen: 127.0.0.1:{port}") as daemon):
            taken = holder.getsockname()[1]
            daemon.configure(settings=f"listen: [127.0.0.1:{port}, 127.0.0.1:{taken}]")
            daemon.reload("refused")
            said = daemon.expect(rf"reload refused, nothing has changed: .*yaml:\d+:\d+: cannot listen on 127.0.0.1:{taken}")
            self.assertIn(f"(pid {os.getpid()}) holds it", said[0])
            daemon.tolerate("cannot listen on")
            self.assertEqual(get(("127.0.0.1", port))[0], 200)


class Kept(unittest.TestCase):
    """Sockets that the service manager keeps while the service restarts."""

    def run_with(self, deaf):
        manager = ServiceManager(deaf)
        self.addCleanup(shutil.rmtree, manager.folder)
        self.addCleanup(manager.close)
        port = free_port()
        file = manager.folder / "c.yaml"
        (manager.folder / "index.html").write_text("hello")

        def configure(listen):
            user = "user: nobody\n" if os.geteuid() == 0 else ""
            file.write_text(f"listen: {listen}\n{user}control: none\nworkers: {{count: 1}}\n"
                            f"log: {{access: [], error: [{{file: {manager.folder}/error.log}}]}}\nsites: [{{root: {manager.folder}}}]\n")

        for address in ("127.0.0.1", "127.0.0.1", "0.0.0.0", "127.0.0.1"):
            configure(f"{address}:{port}")
            daemon = manager.start(file)
            try:
                self.assertEqual(get(("127.0.0.1", port))[0], 200)
                manager.wait_for_store([f"kept-{address}_{port}"], but="log-")
            finally:
                daemon.terminate()
                daemon.communicate(timeout=20)
            self.assertEqual(daemon.returncode, 0)

    def test_what_is_not_wanted_any_more_is_given_up_first(self):
        self.run_with(deaf=False)

    def test_a_manager_that_knows_no_barrier(self):
        self.run_with(deaf=True)


class Files(DaemonTest):
    """Sockets that are files."""

    def daemon_at(self, path, **options):
        return self.daemon(environment=NOT_PASSED, settings=f"listen: 'unix:{path}'", **options)

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="basehttpd-test-")))
        self.folder.chmod(0o755)
        self.path = self.folder / "http.sock"

    def test_everybody_can_connect_whatever_the_umask(self):
        for umask in ("022", "077", "777"):
            through = ["/bin/sh", "-c", f'umask {umask}; exec "$@"', "sh"]
            with self.subTest(umask=umask), self.daemon_at(self.path, through=through):
                self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o666)
                self.assertTrue(connects(self.path))
            self.assertFalse(self.path.exists(), "it is left after the end")

    def test_a_mode_and_an_owner(self):
        root = os.geteuid() == 0
        owner = ", owner: nobody, group: 54321" if root else ""
        listen = f"listen: {{unix: {self.path}, mode: '0660'{owner}}}"
        with self.daemon(environment=NOT_PASSED, settings=listen) as daemon:
            made = self.path.stat()
            self.assertEqual(stat.S_IMODE(made.st_mode), 0o660)
            if root:
                self.assertEqual((made.st_uid, made.st_gid), (pwd.getpwnam("nobody").pw_uid, 54321))
            with (socket.create_server(("127.0.0.1", 0)) as holder, self.subTest("a reload that is refused")):
                refused = f"listen: [{{unix: {self.path}, mode: '0600'}}, '127.0.0.1:{holder.getsockname()[1]}']"
                daemon.configure(settings=refused)
                daemon.reload("refused")
                daemon.tolerate("cannot listen on|reload refused")
                kept = self.path.stat()
                self.assertEqual((kept.st_mode, kept.st_uid, kept.st_gid), (made.st_mode, made.st_uid, made.st_gid))
            self.path.chmod(0o640)
            daemon.configure(settings=listen)
            daemon.reload()
            self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o640, "what nobody has configured anew")
            daemon.configure(settings=listen.replace("0660", "0600"))
            daemon.reload()
            daemon.expect(r"listen\[unix:.*\]\.mode: 0660 -> 0600")
            self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
            daemon.configure(settings=f"listen: 'unix:{self.path}'")
            daemon.reload()
            plain = self.path.stat()
            self.assertEqual((stat.S_IMODE(plain.st_mode), plain.st_uid, plain.st_gid),
                             (0o666, os.geteuid(), os.getegid()))
            self.assertEqual(plain.st_ino, made.st_ino, "it was made anew")
            self.assertTrue(connects(self.path))

    def test_it_goes_with_each_way_to_stop(self):
        for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT):
            with self.subTest(number=number), self.daemon_at(self.path) as daemon:
                daemon.stop(number)
                self.assertFalse(self.path.exists())

    def test_one_that_is_left_over_is_replaced(self):
        with self.daemon_at(self.path, exits_with=-signal.SIGKILL) as daemon:
            daemon.stop(signal.SIGKILL)
            until(lambda: not processes.children(os.getpid()), "the end of its children")
        self.assertTrue(self.path.exists())
        with self.daemon_at(self.path):
            self.assertTrue(connects(self.path))

    def test_a_live_one_is_not(self):
        with self.daemon_at(self.path) as daemon:
            file = daemon.folder / "second.yaml"
            file.write_text(daemon.config_file.read_text().replace(str(daemon.error_log), "/dev/null"))
            ended = subprocess.run([BASEHTTPD, "-c", file], capture_output=True, text=True, timeout=20, check=False)
            self.assertEqual(ended.returncode, 69)
            self.assertIn(f"basehttpd (pid {daemon.pid}) holds it", ended.stderr)
            self.assertNotIn("1024", ended.stderr)
            self.assertTrue(connects(self.path))

    def test_a_reload_that_drops_it_removes_it(self):
        other = self.folder / "other.sock"
        with self.daemon_at(self.path) as daemon:
            daemon.configure(settings=f"listen: 'unix:{other}'")
            daemon.reload()
            self.assertFalse(self.path.exists())
            self.assertTrue(connects(other))
            daemon.configure(settings=f"listen: 'unix:{other}'\nshutdown_timeout: 31s")
            daemon.reload()
            self.assertTrue(connects(other))

    def test_a_reload_that_is_refused_leaves_none_behind(self):
        other = self.folder / "other.sock"
        with self.daemon_at(self.path) as daemon:
            daemon.configure(settings=f"listen: ['unix:{other}', 'unix:{self.folder}/none/x.sock']")
            daemon.reload("refused")
            daemon.expect("cannot listen on unix:.*: No such file or directory; create its directory, or correct the path")
            self.assertFalse(other.exists())
            self.assertTrue(connects(self.path))

    def test_one_that_somebody_removed_is_made_again_by_a_reload(self):
        with self.daemon_at(self.path) as daemon:
            self.path.unlink()
            daemon.reload()
            self.assertTrue(connects(self.path))

    def test_two_names_of_one(self):
        link = self.folder / "link"
        link.symlink_to(self.folder)
        listen = f"listen: ['unix:{self.path}', 'unix:{link}/http.sock']"
        with self.daemon(environment=NOT_PASSED, settings=listen):
            self.assertTrue(connects(self.path))


class WithoutIpv6(unittest.TestCase):
    """As on a machine that was started with ipv6.disable=1."""

    ENVIRONMENT = {**os.environ, **FAULT, "FAULT_NO_IPV6": "1"}

    def test_what_nobody_named_is_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            port = free_port()
            daemon = subprocess.Popen([BASEHTTPD, "serve", folder, "-p", str(port)], env=self.ENVIRONMENT,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                until(lambda: curl(f"http://127.0.0.1:{port}/").status == 200, "an answer")
            finally:
                daemon.terminate()
                _, errors = daemon.communicate(timeout=20)
            self.assertEqual(daemon.returncode, 0)
            left_out = rf"\[notice\].* cannot listen on \[::1\]:{port}: socket: .*: left out\n".encode()
            self.assertEqual(len(re.findall(left_out, errors)), 1, errors)

    def test_what_was_named_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            file = Path(folder) / "c.yaml"
            user = "user: nobody\n" if os.geteuid() == 0 else ""
            file.write_text(f'listen: ["127.0.0.1:{free_port()}", "[::1]:{free_port()}"]\n{user}control: none\n'
                            f"log: {{access: [], error: [{{stderr: {{}}}}]}}\nsites: [{{root: {folder}}}]\n")
            for command, code in (["check"], 78), ([], 69):
                ended = subprocess.run([BASEHTTPD, *command, "-c", file], env=self.ENVIRONMENT, capture_output=True,
                                       text=True, timeout=20, check=False)
                self.assertEqual(ended.returncode, code, ended.stderr)
                self.assertRegex(ended.stderr, r"c\.yaml:1:\d+: (error: )?cannot listen on \[::1\]:\d+: socket: .*; IPv6 is")


if __name__ == "__main__":
    unittest.main(verbosity=2)
