"""basehttpctl: each command, its verdict and its exit code."""

import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import stat
import subprocess
import tempfile
import termios
import unittest

from clients import BASEHTTPCTL, ctl, get
from harness import DaemonTest, until


class Control(DaemonTest):
    def controlled(self, **options):
        return self.daemon(control=True, **options)

    def test_status_names_workers_and_counts(self):
        with self.controlled() as daemon:
            daemon.wait_for_workers(2)
            done = ctl(daemon, "status")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(f"pid {daemon.pid}", done.stdout)
            for pid in daemon.workers():
                self.assertIn(f"pid {pid}", done.stdout)

    def test_status_as_json(self):
        with self.controlled() as daemon:
            daemon.wait_for_workers(2)
            get(daemon.address)
            daemon.wait_for_access(1)
            done = ctl(daemon, "status", "--json")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            status = json.loads(done.stdout)
            self.assertEqual(status["pid"], daemon.pid)
            self.assertEqual(status["listen"], [f"127.0.0.1:{daemon.port}"])
            self.assertEqual(sorted(worker["pid"] for worker in status["workers"]), sorted(daemon.workers()))
            self.assertEqual(status["requests"], 1)
            self.assertEqual(sum(worker["requests"] for worker in status["workers"]), 1)
            self.assertEqual([(log["name"], log["lost"]) for log in status["logs"]],
                             [(str(daemon.access_log), 0), (str(daemon.error_log), 0)])

    def test_reload_says_what_has_changed(self):
        with self.controlled(workers=2) as daemon:
            daemon.configure(workers=3, control=True)
            done = ctl(daemon, "reload")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("reload applied\n  workers.count: 2 -> 3\n", done.stdout)
            daemon.wait_for_workers(3)
            self.assertIn("no key has changed", ctl(daemon, "reload").stdout)

    def test_a_reload_says_what_takes_effect_with_a_restart(self):
        with self.controlled() as daemon:
            good = daemon.config_file.read_text()
            daemon.config_file.write_text(good.replace("control.sock", "other.sock"))
            done = ctl(daemon, "reload")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(f"  control: {daemon.folder}/control.sock -> {daemon.folder}/other.sock\n", done.stdout)
            self.assertIn("'control' takes effect with a restart", done.stdout)

    def test_a_refused_reload_fails_with_file_line_and_caret(self):
        with self.controlled() as daemon:
            with daemon.config_file.open("a") as file:
                file.write("nonsense: 1\n")
            line = len(daemon.config_file.read_text().splitlines())
            done = ctl(daemon, "reload")
            self.assertEqual((done.returncode, done.stdout), (78, ""))
            self.assertIn("reload refused, nothing has changed", done.stderr)
            self.assertIn(f"basehttpd.yaml:{line}:1: ", done.stderr)
            self.assertIn("nonsense: 1\n", done.stderr)
            daemon.expect("nonsense")

    def test_a_misspelt_command_is_told_from_a_missing_file(self):
        def said(*words, cwd=None):
            done = subprocess.run([BASEHTTPCTL, *words], capture_output=True, text=True, timeout=20, cwd=cwd)
            return done.returncode, done.stderr

        code, text = said("statsu")
        self.assertEqual((code, "did you mean 'status'?" in text), (64, True), text)
        code, text = said("logs", "sumary")
        self.assertEqual((code, "did you mean 'summary'?" in text), (64, True), text)
        code, text = said("logs", "./sumary")
        self.assertEqual((code, "./sumary: No such file" in text), (69, True), text)
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "sumary").write_text("")
            self.assertNotIn("did you mean", said("logs", "sumary", cwd=folder)[1])

    def test_the_socket_may_be_named_from_here(self):
        with self.controlled() as daemon:
            done = subprocess.run([BASEHTTPCTL, "-s", "control.sock", "status"], capture_output=True, text=True,
                                  timeout=20, cwd=daemon.folder)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_two_reloads_at_once_are_served_in_turn(self):
        with self.controlled() as daemon:
            command = [BASEHTTPCTL, "-s", str(daemon.folder / "control.sock"), "reload"]
            both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(4)]
            self.assertEqual([each.wait(20) for each in both], [0] * 4)
            for each in both:
                each.stdout.close()

    def test_reopen_waits_until_the_new_file_is_there(self):
        with self.controlled() as daemon:
            daemon.access_log.rename(daemon.folder / "access.log.1")
            self.assertEqual(ctl(daemon, "reopen").returncode, 0)
            self.assertTrue(daemon.access_log.exists())

    def test_top_fits_the_terminal_and_ends_with_q(self):
        with self.controlled() as daemon:
            daemon.wait_for_workers(2)
            terminal, inner = pty.openpty()
            before = termios.tcgetattr(inner)
            top = subprocess.Popen([BASEHTTPCTL, "-s", str(daemon.folder / "control.sock"), "top"], stdin=inner,
                                   stdout=inner, stderr=inner, env={**os.environ, "COLUMNS": "40"})
            try:
                screen = b""
                while screen.count(b"\x1b[H") < 2:  # drawn twice
                    screen += os.read(terminal, 65536)
                os.write(terminal, b"q")
                self.assertEqual(top.wait(20), 0)
                while select.select([terminal], [], [], 0)[0]:  # one read may not have it all
                    screen += os.read(terminal, 65536)
            finally:
                top.kill()
                top.wait()
            self.assertEqual(termios.tcgetattr(inner), before)
            os.close(inner)
            os.close(terminal)
            self.assertTrue(screen.startswith(b"\x1b[?1049h") and screen.endswith(b"\x1b[?1049l"), screen)
            lines = re.sub(rb"\x1b\[[?0-9]*[A-Za-z]", b"", screen).split(b"\r\n")
            self.assertLessEqual(max(len(line) for line in lines), 40)
            self.assertIn(b"q quits", lines)
            self.assertTrue(any(line.startswith(b"worker") for line in lines), lines)

    def test_top_without_a_terminal_prints_until_the_daemon_has_gone(self):
        with self.controlled() as daemon:
            top = subprocess.Popen([BASEHTTPCTL, "-s", str(daemon.folder / "control.sock"), "top"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertIn(f"pid {daemon.pid}", top.stdout.readline())
            daemon.stop()
            daemon.wait()
            _, errors = top.communicate(timeout=20)
            self.assertEqual(top.returncode, 69)
            self.assertIn("basehttpctl: ", errors)

    def test_stop_waits_for_the_end(self):
        with self.controlled() as daemon:
            done = ctl(daemon, "stop")
            self.assertEqual((done.returncode, done.stdout), (0, "stopped\n"))
            self.assertEqual(daemon.wait(), 0)
            self.assertFalse((daemon.folder / "control.sock").exists())

    def test_no_daemon_there(self):
        with self.controlled() as daemon:
            daemon.stop()
            done = ctl(daemon, "status")
            self.assertEqual(done.returncode, 69)
            self.assertIn("no daemon listens at", done.stderr)

    def test_wrong_command_line(self):
        with self.controlled() as daemon:
            self.assertEqual(ctl(daemon, "dance").returncode, 64)
            self.assertEqual(ctl(daemon).returncode, 64)

    def test_garbage_and_silence_harm_nothing(self):
        with self.controlled() as daemon:
            for bytes_sent in (b"", b"\0\xff" * 400, b"reload", b"dance\n"):
                with socket.socket(socket.AF_UNIX) as client:
                    client.connect(str(daemon.folder / "control.sock"))
                    client.sendall(bytes_sent)
            self.assertEqual(ctl(daemon, "status").returncode, 0)

    def test_the_socket_is_its_users_alone(self):
        with self.controlled() as daemon:
            mode = (daemon.folder / "control.sock").stat().st_mode
            self.assertEqual(stat.S_IMODE(mode), 0o600)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to become somebody else")
    def test_another_user_is_not_heard(self):
        with self.controlled() as daemon:
            path = daemon.folder / "control.sock"
            path.chmod(0o666)
            command = ["setpriv", "--reuid", "nobody", "--clear-groups", "--", "sh", "-c",
                       'printf "stop\\n" | python3 -c "$0"', SEND.format(path=path)]
            heard = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
            self.assertEqual(heard.stdout.strip(), "", heard.stderr)
            self.assertEqual(ctl(daemon, "status").returncode, 0)

    def test_a_socket_left_behind_is_replaced(self):
        with self.controlled() as daemon:
            path = daemon.folder / "control.sock"
            daemon.send(signal.SIGKILL)
            daemon.wait()
            self.assertTrue(path.exists())
            daemon.notify.messages.clear()
            daemon.start({}, "")
            daemon.notify.wait("READY=1")
            until(lambda: ctl(daemon, "status").returncode == 0, "an answer")


SEND = """
import socket
client = socket.socket(socket.AF_UNIX)
client.connect("{path}")
try:
    client.sendall(b"stop\\n")
    print(client.recv(100).decode())
except OSError:
    pass
"""

if __name__ == "__main__":
    unittest.main(verbosity=2)
