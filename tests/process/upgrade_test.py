"""Another binary takes the master's place, under the same pid, while clients go on."""

import concurrent.futures
import os
import re
import signal
import stat
import unittest

import processes
from clients import Load, ctl, get
from harness import BASEHTTPD, DaemonTest, until


class Upgrade(DaemonTest):
    def upgradable(self, **options):
        return self.daemon(control=True, binary=BASEHTTPD, **options)

    def test_five_under_load_lose_nothing(self):
        for keep_alive in (False, True):
            with self.subTest(keep_alive=keep_alive), self.upgradable() as daemon:
                with Load(daemon.address, keep_alive=keep_alive) as load:
                    for _ in range(5):
                        old = daemon.wait_for_workers(2)
                        load.wait(20)
                        daemon.install(BASEHTTPD)
                        done = ctl(daemon, "upgrade")
                        self.assertEqual(done.returncode, 0, done.stderr)
                        self.assertIn("upgraded: basehttpd", done.stdout)
                        self.assertIn(f"pid {daemon.pid}", done.stdout)
                        daemon.wait_for_workers(2, but=old)
                    load.wait(20)
                print(f"    5 upgrades: {len(load.answers)} answers, {len(load.failures)} failures", flush=True)
                self.assertEqual(load.failures, [])
                self.assertEqual(len(daemon.wait_for_access(len(load.answers))), len(load.answers))

    def test_counters_go_on(self):
        def counted():
            return int(re.search(r"(\d+) requests", ctl(daemon, "status").stdout)[1])

        with self.upgradable() as daemon:
            daemon.wait_for_workers(2)
            for _ in range(5):
                get(daemon.address)
            until(lambda: counted() == 5, "five counted requests")
            self.assertEqual(ctl(daemon, "upgrade").returncode, 0)
            self.assertEqual(counted(), 5)
            get(daemon.address)
            until(lambda: counted() == 6, "one more")

    def test_a_download_goes_on(self):
        with self.upgradable(workers=1) as daemon:
            with daemon.write("big").open("wb") as file:
                file.truncate(64 << 20)
            old, = daemon.wait_for_workers(1)
            with daemon.connect() as connection:
                connection.sendall(b"GET /big HTTP/1.0\r\n\r\n")
                got = len(connection.recv(1000))
                daemon.send(signal.SIGUSR2)
                until(lambda: set(daemon.workers()) - {old}, "a new worker")
                while more := len(connection.recv(1 << 20)):
                    got += more
            self.assertGreater(got, 64 << 20)
            daemon.wait_for_workers(1, but=[old])
            daemon.wait_for_access(1)

    def test_lines_outlive_the_logger_from_before_it(self):
        with self.upgradable(workers=1) as daemon:
            old, = daemon.wait_for_workers(1)
            logger = daemon.logger()
            with daemon.connect() as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                connection.recv(1000)
                daemon.send(signal.SIGUSR2)
                until(lambda: set(daemon.workers()) - {old}, "a new worker")
                os.kill(logger, signal.SIGKILL)
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertIn(b"200", connection.recv(1000))
                daemon.expect("from before the upgrade was killed by SIGKILL; another takes over")
            daemon.wait_for_workers(1, but=[old])
            self.assertEqual(len(daemon.wait_for_access(2)), 2)
            until(lambda: len(processes.children(daemon.pid)) == 2, "a worker and a logger")

    def test_a_binary_that_is_none_is_refused(self):
        with self.upgradable() as daemon:
            before = daemon.wait_for_workers(2)
            broken = daemon.folder / "broken"
            broken.write_bytes(b"\x7fELF and nothing more")
            broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
            daemon.install(broken)
            os.chmod(daemon.binary, 0o755)
            done = ctl(daemon, "upgrade")
            self.assertEqual(done.returncode, 69)
            self.assertIn("upgrade refused, nothing has changed", done.stderr)
            daemon.expect("upgrade refused")
            self.assertEqual(daemon.workers(), before)
            self.assertEqual(get(daemon.address)[0], 200)

    def test_one_while_another_is_under_way(self):
        """Each caller gets a verdict of its own."""
        with self.upgradable() as daemon, concurrent.futures.ThreadPoolExecutor() as callers:
            gate = daemon.folder / "gate"
            os.mkfifo(gate)
            gate.chmod(0o666)
            slow = daemon.folder / "slow"
            slow.write_text(f"#!/bin/sh\necho checks >{gate}\nread go <{gate}\nexit 1\n")
            daemon.install(slow)
            os.chmod(daemon.binary, 0o755)
            first = callers.submit(ctl, daemon, "upgrade")
            self.assertEqual(gate.read_text(), "checks\n")
            second = ctl(daemon, "upgrade")
            daemon.send(signal.SIGUSR2)
            self.assertEqual(second.returncode, 69)
            self.assertIn("an upgrade is under way", second.stderr)
            until(lambda: len(daemon.expect("under way")) == 2, "the signal's refusal")
            gate.write_text("go\n")
            self.assertEqual(first.result().returncode, 69)
            self.assertIn("exited with 1", first.result().stderr)
            daemon.expect("upgrade refused")
            self.assertEqual(get(daemon.address)[0], 200)

    def test_a_configuration_that_the_new_one_refuses(self):
        with self.upgradable() as daemon:
            before = daemon.wait_for_workers(2)
            with daemon.config_file.open("a") as file:
                file.write("nonsense: 1\n")
            done = ctl(daemon, "upgrade")
            self.assertEqual(done.returncode, 78)
            self.assertIn("unknown key 'nonsense'", done.stderr)
            daemon.expect("upgrade refused")
            self.assertEqual(daemon.workers(), before)

    def test_a_configuration_that_is_being_written_when_the_new_one_reads_it(self):
        """It was good when it was checked, and will be again."""
        with self.upgradable() as daemon:
            old = daemon.wait_for_workers(2)
            editor = daemon.folder / "editor"
            editor.write_text(f"""#!/bin/sh
if [ "$1" = check ]; then
    {BASEHTTPD} "$@" && cp {daemon.config_file} {daemon.config_file}.good && echo sites: >{daemon.config_file}
    exit
fi
exec {BASEHTTPD} "$@"
""")
            daemon.install(editor)
            os.chmod(daemon.binary, 0o755)
            with Load(daemon.address, threads=1) as load:
                daemon.send(signal.SIGUSR2)
                daemon.notify.wait("STATUS=refused: ")
                load.wait(20)
                os.rename(f"{daemon.config_file}.good", daemon.config_file)
                daemon.wait_for_workers(2, but=old)
            self.assertEqual(load.failures, [])
            daemon.expect("took over from an earlier binary")

    def test_stop_right_after_it(self):
        with self.upgradable() as daemon:
            self.assertEqual(ctl(daemon, "upgrade").returncode, 0)
            self.assertEqual(ctl(daemon, "stop").returncode, 0)
            self.assertEqual(daemon.wait(), 0)

    def test_no_descriptor_stays(self):
        with self.upgradable() as daemon:
            counts = []
            for _ in range(3):
                old = daemon.wait_for_workers(2)
                self.assertEqual(ctl(daemon, "upgrade").returncode, 0)
                daemon.wait_for_workers(2, but=old)
                until(lambda: len(processes.children(daemon.pid)) == 3, "two workers and a logger")
                counts.append(processes.descriptors(daemon.pid))
            self.assertLessEqual(counts[2], counts[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
