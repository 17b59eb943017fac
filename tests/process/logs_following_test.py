"""`basehttpctl logs -f`: files that are rotated, truncated, compressed and made anew; the real daemon's rotation."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import unittest

from clients import Load, get
from harness import DaemonTest, until
from log_reading import Following, LogFiles, line, logs


class FollowedFiles(LogFiles):
    def test_following_what_is_truncated_deleted_and_made_anew(self):
        self.log.write_text(line(1))
        with Following("-c", self.config) as following:
            self.assertEqual(following.read(1), [line(1).strip()])
            with self.log.open("a") as file:
                file.write(line(2)[:30])
                file.flush()
                file.write(line(2)[30:])
            self.assertEqual(following.read(1), [line(2).strip()])
            os.truncate(self.log, 0)
            self.assertIn(b"it was truncated", following.process.stderr.readline())
            with self.log.open("a") as file:
                file.write(line(3))
            self.assertEqual(following.read(1), [line(3).strip()])
            self.log.unlink()
            self.log.write_text(line(4))
            self.assertEqual(following.read(1), [line(4).strip()])
            self.folder.rename(str(self.folder) + ".away")
            self.folder.mkdir()
            self.log.write_text(line(5))
            self.assertEqual(following.read(1), [line(5).strip()])
        shutil.rmtree(str(self.folder) + ".away")

    def test_following_through_rotations_that_were_slept_through(self):
        self.log.write_text(line(1))
        (self.folder / "access.log.1").write_text(line(0))
        with Following("-c", self.config) as following:
            self.assertEqual(following.read(2), [line(0).strip(), line(1).strip()])
            following.stop()
            (self.folder / "access.log.1").rename(self.folder / "access.log.5")
            for turn in range(3):
                self.log.rename(self.folder / f"access.log.{4 - turn}")
                self.log.write_text(line(2 * turn + 2) + line(2 * turn + 3))
            following.go_on()
            self.assertEqual(following.read(6), [line(number).strip() for number in range(2, 8)])
            # Names that go against the order of time bring nothing twice.
            self.log.rename(self.folder / "access.log.9")
            self.log.write_text(line(8))
            self.assertEqual(following.read(1), [line(8).strip()])

    def test_following_what_was_compressed_too_soon(self):
        self.log.write_text(line(1))
        with Following("-c", self.config) as following:
            following.read(1)
            following.stop()
            for number, compress in ((4, ["gzip"]), (3, ["gzip"]), (2, ["zstd", "-q", "--rm"]), (1, ["true"])):
                piece = self.folder / f"access.log.{number}"
                self.log.rename(piece)
                os.utime(piece, (100 - number, 100 - number))
                subprocess.run([*compress, piece], check=True)
                self.log.write_text(line(10 - number))
            following.go_on()
            self.assertEqual(following.read(4), [line(number).strip() for number in (6, 7, 8, 9)])
            following.stop()
            self.log.rename(self.folder / "access.log.0")
            (self.folder / "access.log.0.gz").write_bytes(gzip.compress(line(1).encode())[:-4])
            (self.folder / "access.log.0").unlink()
            (self.folder / "access.log-1.gz").write_bytes(gzip.compress(line(2).encode())[:-4])
            self.log.write_text(line(10))
            following.go_on()
            self.assertEqual(following.read(3)[-1], line(10).strip())
            self.assertIn(b"cut short", following.process.stderr.readline())

    def test_following_what_was_truncated_and_filled_again(self):
        self.log.write_text(line(1) + line(2))
        with Following("-c", self.config) as following:
            following.read(2)
            following.stop()
            os.truncate(self.log, 0)
            self.log.write_text(line(3) + line(4) + line(5))
            following.go_on()
            self.assertEqual(following.read(3), [line(number).strip() for number in (3, 4, 5)])
            self.assertIn(b"it was truncated", following.process.stderr.readline())

    def test_following_tells_of_lines_that_are_none(self):
        self.log.write_text(line(0))
        with Following("-c", self.config, "--json") as following:
            following.read(1)
            with self.log.open("a") as file:
                file.write("garbage\nmore\n" + line(1))
            self.assertEqual(json.loads(following.read(1)[0])["target"], "/1")
            self.assertIn(b"could not be read as an access log's", following.process.stderr.readline())

    def test_following_plain_files_only(self):
        self.write_pieces()
        for name in ("access.log.3.gz", "access.log.2.zst"):
            self.assertIn("it is compressed", logs("-f", self.folder / name, code=64)[1])
        self.assertIn("standard input", logs("-f", "-", code=64)[1])

    def test_following_a_log_that_is_not_there_yet(self):
        self.config = self.write_config("log: {access: [{file: a/b/access.log}]}")
        with Following("-c", self.config) as following:
            (self.folder / "a" / "b").mkdir(parents=True)
            (self.folder / "a" / "b" / "access.log").write_text(line(1))
            self.assertEqual(following.read(1), [line(1).strip()])


class OfTheDaemon(DaemonTest):
    def test_following_across_rotation_loses_nothing(self):
        with self.daemon() as daemon, Following("-c", daemon.config_file) as following:
            get(daemon.address)
            first = following.read(1)  # so it follows: of what was there before, it would show the last lines alone
            with Load(daemon.address, keep_alive=True) as load:
                for turn in range(5):
                    daemon.access_log.rename(f"{daemon.access_log}.{5 - turn}")
                    daemon.send(signal.SIGUSR1)
                    until(daemon.access_log.exists, "a new access log")
                    daemon.expect("the logs were reopened")
                    load.wait(50)
            self.assertEqual(load.failures, [])
            daemon.stop()
            files = [daemon.folder / f"access.log.{5 - turn}" for turn in range(5)] + [daemon.access_log]
            written = [row for file in files for row in file.read_text().splitlines()]
            self.assertEqual(len(written), 1 + len(load.answers))
            seen = first + following.read(len(written) - 1)
            self.assertEqual(seen, written)
            self.assertEqual(logs("-c", daemon.config_file, TZ=os.environ.get("TZ", ""))[0].decode().splitlines(), written)


if __name__ == "__main__":
    unittest.main()
