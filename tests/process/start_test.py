"""Start, the commands, and who the processes are."""

import os
import pwd
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

import processes
from clients import curl, get
from harness import BASEHTTPD, DaemonTest, free_port, until


def run(*arguments, **options):
    return subprocess.run([BASEHTTPD, *arguments], capture_output=True, text=True, timeout=20, check=False, **options)


class Start(DaemonTest):
    def test_ready_is_said_when_it_serves(self):
        with self.daemon() as daemon:
            self.assertTrue(daemon.serving_workers())
            self.assertEqual(get(daemon.address)[0], 200)
            self.assertRegex(daemon.notify.wait("READY=1"), rf"STATUS=\d workers on 127\.0\.0\.1:{daemon.port};")

    def test_titles(self):
        with self.daemon() as daemon:
            daemon.wait_for_workers(2)
            self.assertEqual(processes.title(daemon.pid), "basehttpd: master")
            titles = sorted(processes.title(child) for child in processes.children(daemon.pid))
            self.assertEqual(titles, ["basehttpd: logger", "basehttpd: worker 1", "basehttpd: worker 2"])

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_root_is_dropped(self):
        nobody = pwd.getpwnam("nobody")
        with self.daemon() as daemon:
            for pid in [*daemon.wait_for_workers(2), daemon.logger()]:
                until(lambda: processes.status(pid, "NoNewPrivs") == ["1"], "a process without privileges")
                self.assertEqual(processes.status(pid, "Uid"), [str(nobody.pw_uid)] * 4)
                self.assertEqual(processes.status(pid, "Gid"), [str(nobody.pw_gid)] * 4)
                self.assertEqual(processes.status(pid, "CapEff"), ["0" * 16])

    @unittest.skipUnless(os.geteuid() == 0, "the other tests show it otherwise")
    def test_a_user_without_rights_starts_it(self):
        nobody = pwd.getpwnam("nobody")
        folder = Path(tempfile.mkdtemp(prefix="basehttpd-test-"))
        folder.chmod(0o777)
        (folder / "a").write_text("hello")
        config = folder / "c.yaml"
        logs = f"log: {{access: [{{file: {folder}/access}}], error: [{{file: {folder}/error}}]}}"
        port = free_port()
        config.write_text(f"listen: 127.0.0.1:{port}\nuser: root\n{logs}\nsites: [{{root: {folder}}}]\n")
        daemon = subprocess.Popen([BASEHTTPD, "-c", config], user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
        try:
            until(lambda: curl(f"http://127.0.0.1:{port}/a").body == b"hello", "an answer")
        finally:
            daemon.terminate()
            self.assertEqual(daemon.wait(20), 0)

    def test_a_port_in_use(self):
        with self.daemon() as daemon, socket.create_server(("127.0.0.1", 0)) as holder:
            port = holder.getsockname()[1]
            file = daemon.folder / "second.yaml"
            file.write_text(daemon.config_file.read_text().replace(str(daemon.error_log), "/dev/null")
                            + f"listen: 127.0.0.1:{port}\n")
            ended = run("-c", str(file))
            self.assertEqual(ended.returncode, 69, ended.stderr)
            self.assertIn(f"127.0.0.1:{port}", ended.stderr)
            self.assertIn(f"(pid {os.getpid()}) holds it", ended.stderr)
            self.assertIn("second.yaml:", ended.stderr)

    def test_a_broken_configuration_touches_nothing(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            port = free_port()
            file = folder / "c.yaml"
            file.write_text(
                f"listen: 127.0.0.1:{port}\nwrokers: {{count: 2}}\nlog: {{access: [{{file: {name}/access}}]}}\n"
                "sites: [{root: /nowhere-at-all}]\n"
            )
            for command in ([], ["check"]):
                ended = run(*command, "-c", str(file))
                self.assertEqual(ended.returncode, 78)
                self.assertIn("c.yaml:2:1", ended.stderr)
                self.assertIn("workers", ended.stderr)
                self.assertIn("^", ended.stderr)
            self.assertEqual([entry.name for entry in folder.iterdir()], ["c.yaml"])
            with socket.create_server(("127.0.0.1", port)):
                pass

    def test_check_and_config(self):
        with self.daemon() as daemon:
            self.assertEqual(run("check", "-c", str(daemon.config_file)).returncode, 0)
            printed = run("config", "-c", str(daemon.config_file))
            self.assertEqual(printed.returncode, 0)
            again = daemon.folder / "printed.yaml"
            again.write_text(printed.stdout)
            self.assertEqual(run("config", "-c", str(again)).stdout, printed.stdout)
            self.assertEqual(run("check", "-c", str(again)).returncode, 0)

    def test_usage(self):
        self.assertEqual(run("--nonsense").returncode, 64)
        self.assertEqual(run("chekc").returncode, 64)
        self.assertEqual(run("--version").returncode, 0)
        self.assertEqual(run("-c", "/nowhere/at/all").returncode, 78)

    def test_addresses_change_with_a_reload(self):
        """Without sockets from a service manager: what is given up refuses, what is new serves."""
        first, second = ("127.0.0.1", free_port()), ("127.0.0.1", free_port())
        listen = "listen: {}:{}"
        with self.daemon(environment={"LISTEN_FDS": "0"}, settings=listen.format(*first)) as daemon:
            self.assertEqual(get(first)[0], 200)
            with socket.create_connection(first):
                daemon.configure(settings=listen.format(*second))
                daemon.reload()
                self.assertEqual(get(second)[0], 200)

                def refused():
                    try:
                        socket.create_connection(first, timeout=5).close()
                    except ConnectionRefusedError:
                        return True
                    return False

                until(refused, "the old address refusing")


def listening_addresses(port):
    output = subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    return {line.split()[3].rpartition(":")[0] for line in output.splitlines()}


class Serve(unittest.TestCase):
    def test_a_folder(self):
        with tempfile.TemporaryDirectory() as name:
            os.chmod(name, 0o755)
            (Path(name) / "a").write_text("hello")
            port = free_port()
            daemon = subprocess.Popen([BASEHTTPD, "serve", name, "-p", str(port)], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, start_new_session=True)
            try:
                url = f"http://127.0.0.1:{port}/"
                until(lambda: curl(url).status == 200, "an answer")
                self.assertEqual(curl(url + "a").body, b"hello")
                self.assertIn(b'href="./a"', curl(url).body)
                self.assertEqual(listening_addresses(port), {"127.0.0.1", "[::1]"})
            finally:
                os.killpg(daemon.pid, signal.SIGINT)  # Ctrl-C reaches all of them
                output, errors = daemon.communicate(timeout=20)
            self.assertEqual(daemon.returncode, 0)
            self.assertEqual(output.count(b'"GET /a HTTP/1.1" 200 5'), 1)
            self.assertIn(f"Serving {name} at http://localhost:{port}/\n".encode(), errors)
            self.assertNotIn(b"[error]", errors)

    def test_it_ends_though_nobody_reads_its_log(self):
        with tempfile.TemporaryDirectory() as name:
            os.chmod(name, 0o755)
            port = free_port()
            daemon = subprocess.Popen([BASEHTTPD, "serve", name, "-p", str(port)], stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, start_new_session=True)
            try:
                until(lambda: curl(f"http://127.0.0.1:{port}/").status == 200, "an answer")
                subprocess.run(["ab", "-q", "-n", "4000", "-k", f"http://127.0.0.1:{port}/"], capture_output=True)
                daemon.send_signal(signal.SIGTERM)
                self.assertEqual(daemon.wait(timeout=20), 0)
            finally:
                daemon.stdout.close()
                if daemon.poll() is None:
                    os.killpg(daemon.pid, signal.SIGKILL)


if __name__ == "__main__":
    unittest.main(verbosity=2)
