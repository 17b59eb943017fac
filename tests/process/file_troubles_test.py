"""Files that change, cannot be read or may not be: what the client gets, and what the log says of it."""

import errno
import os
import platform
import re
import unittest

import refusing
from clients import curl
from harness import DaemonTest, until

LARGE = 300_000  # more than is kept in memory


def settled(path):
    """Gives a file an age, so that its tag is strong and no other change can bear its time."""
    os.utime(path, ns=(1_500_000_000_000_000_000, 1_500_000_000_123_456_789))
    return path


def response_across(change, daemon, path, fields=""):
    """All bytes that come for a file that changes when the first of them are there."""
    with daemon.connect() as connection:
        connection.sendall(f"GET /{path.name} HTTP/1.1\r\nHost: x\r\n{fields}\r\n".encode())
        parts = [connection.recv(4096)]
        change(path)
        while part := connection.recv(1 << 20):
            parts.append(part)
    return b"".join(parts)


def writing(content, mode="r+b"):
    """Writes over the beginning of a file or, with another mode, at its end."""
    def change(path):
        with path.open(mode) as file:
            file.write(content)
    return change


class Changes(DaemonTest):
    def test_a_file_cut_short_ends_one_response(self):
        with self.daemon(workers=1) as daemon:
            path = settled(daemon.write("a.bin", b"x" * 60_000_000))
            got = len(response_across(lambda path: os.truncate(path, 1_000_000), daemon, path))
            self.assertLess(got, 60_000_000)
            sent = int(daemon.wait_for_access(1)[0].split('"')[2].split()[1])
            self.assertTrue(0 < sent <= got, (sent, got))
            self.assertEqual(len(daemon.expect(r"the response was cut after \d+ bytes of content, file \S+/a.bin: the file became "
                                              r'shorter while it was sent, request .*GET /a.bin HTTP/1.1.*, id ')), 1)
            self.assertEqual(curl(daemon.url("/a.bin")).fields["content-length"], "1000000")

    def test_a_sparse_file_of_5_gib_that_the_client_leaves(self):
        with self.daemon(workers=1) as daemon:
            with settled(daemon.write("huge", b"")).open("r+b") as file:
                file.truncate(5 << 30)
            with daemon.connect() as connection:
                connection.sendall(b"GET /huge HTTP/1.1\r\nHost: x\r\n\r\n")
                got = 0
                while got < 64 << 20:
                    got += len(connection.recv(1 << 20))
            sent = int(daemon.wait_for_access(1)[0].split('"')[2].split()[1])
            self.assertTrue(got - 1000 <= sent < 1 << 30, (sent, got))
            self.assertEqual(curl(daemon.url("/huge"), "-r", "-1").body, b"\0")

    def test_a_file_written_over_ends_one_response(self):
        with self.daemon(workers=1) as daemon:
            path = settled(daemon.write("a.bin", b"x" * 60_000_000))
            got = len(response_across(writing(b"y"), daemon, path))
            self.assertLess(got, 60_000_000)
            sent = int(daemon.wait_for_access(1)[0].split('"')[2].split()[1])
            self.assertTrue(0 < sent <= got, (sent, got))
            daemon.expect("written over while it was sent")
            self.assertEqual(curl(daemon.url("/a.bin"), "-r", "0-0").body, b"y")

    def test_a_file_that_grows_or_is_replaced_is_sent_as_it_was(self):
        content = os.urandom(60_000_000)
        for name in ("grow", "replace"):
            with self.subTest(change=name), self.daemon(workers=1) as daemon:
                def replace(path):
                    os.rename(daemon.write("new", b"y" * 60_000_000), path)

                path = settled(daemon.write("a.bin", content))
                change = writing(b"more", "ab") if name == "grow" else replace
                got = response_across(change, daemon, path, "Connection: close\r\n")
                self.assertTrue(got.partition(b"\r\n\r\n")[2] == content)

    def test_a_file_replaced_is_seen_when_its_time_is_up(self):
        with self.daemon(workers=1, settings="file_cache: {valid: 300ms}") as daemon:
            settled(daemon.write("a.txt", "one"))
            self.assertEqual(curl(daemon.url("/a.txt")).body, b"one")
            new = daemon.write("b.txt", "two")
            os.rename(new, daemon.root / "a.txt")
            until(lambda: curl(daemon.url("/a.txt")).body == b"two", "the new file")
            os.remove(daemon.root / "a.txt")
            until(lambda: curl(daemon.url("/a.txt")).status == 404, "no file")

    def test_with_no_time_at_all_each_request_looks(self):
        with self.daemon(settings="file_cache: {valid: 0}") as daemon:
            for i in range(50):
                settled(daemon.write("new", f"round {i}"))
                os.rename(daemon.root / "new", daemon.root / "a.txt")
                self.assertEqual(curl(daemon.url("/a.txt")).body, f"round {i}".encode())

    def test_one_written_over_is_answered_as_it_is_now(self):
        with self.daemon(settings="file_cache: {valid: 1h}") as daemon:
            path = settled(daemon.write("a.bin", b"x" * LARGE))
            first = curl(daemon.url("/a.bin"))
            self.assertEqual(curl(daemon.url("/a.bin")).fields["etag"], first.fields["etag"])
            for content in (b"y" * LARGE, b"z" * (LARGE + 1), b"w" * (LARGE - 1)):
                with path.open("r+b") as file:  # in place, as cp does
                    file.truncate(0)
                    file.write(content)
                for options in ([], ["-r", "0-9", "-H", "If-Range: " + first.fields["etag"]]):
                    answer = curl(daemon.url("/a.bin"), *options)
                    self.assertEqual((answer.status, answer.body == content), (200, True))
                    self.assertNotEqual(answer.fields["etag"], first.fields["etag"])
            path.unlink()
            self.assertEqual(curl(daemon.url("/a.bin")).status, 404)

    def test_one_written_over_by_a_longer_one_is_cut(self):
        with self.daemon(workers=1) as daemon:
            path = settled(daemon.write("a.bin", b"x" * 60_000_000))
            got = len(response_across(writing(b"y" * 60_000_001), daemon, path))
            self.assertLess(got, 60_000_000)
            self.assertEqual(len(daemon.expect(r"written over while it was sent, file \S+/a.bin, request .*, id ")), 1)

    def test_a_log_that_grows_is_whole(self):
        with self.daemon(workers=1) as daemon:
            path = settled(daemon.write("a.log", b"x" * 60_000_000))
            got = response_across(writing(b"y", "ab"), daemon, path, "Connection: close\r\n")
            self.assertTrue(got.partition(b"\r\n\r\n")[2] == b"x" * 60_000_000)


@unittest.skipUnless(platform.machine() == "x86_64", "the filter is written for x86-64")
class Unreadable(DaemonTest):
    def test_an_error_in_mid_file_is_in_the_log_once(self):
        with self.daemon(through=refusing.command({"sendfile": errno.EIO})) as daemon:
            for name in ("a.bin", "b.css", "b.css.br"):
                settled(daemon.write(name, b"x" * LARGE))
            daemon.tolerate("Input/output error")
            asked = [("/a.bin", []), ("/a.bin", ["-r", "0-99999,150000-299999"]), ("/b.css", ["-H", "Accept-Encoding: br"])]
            for count, (target, options) in enumerate(asked, 1):
                with self.subTest(target=target, options=options):
                    self.assertEqual(curl(daemon.url(target), *options).error, 18)  # a partial file
                    lines = until(lambda count=count: self.read_errors(daemon, count), f"{count} lines about it")
                    self.assertEqual(len(lines), count, lines)
                    self.assertRegex(lines[-1], rf"the response was cut after \d+ bytes.*{target}: sendfile: Input/output error, "
                                                rf"request .*GET {target} .*, id ")

    @staticmethod
    def read_errors(daemon, count):
        lines = [line for line in daemon.error_lines() if "Input/output" in line]
        return lines if len(lines) >= count else None

    def test_without_sendfile_files_are_copied(self):
        content = os.urandom(3_000_000)
        for error in (errno.EINVAL, errno.ENOSYS):
            with self.subTest(error=error), self.daemon(through=refusing.command({"sendfile": error})) as daemon:
                settled(daemon.write("a.bin", content))
                self.assertEqual(curl(daemon.url("/a.bin")).body, content)
                self.assertEqual(curl(daemon.url("/a.bin"), "-r", "100000-2999999").body, content[100_000:])


class Refused(DaemonTest):
    def refusal(self, daemon, target, status, severity):
        """The one line of the error log about a request that is refused, without time and origin."""
        self.assertEqual(curl(daemon.url(target)).status, status)
        pattern = rf'request \\*"GET {re.escape(target)} HTTP/1.1'
        line = daemon.expect(pattern)[0]
        self.assertIn(f" [{severity}] ", line)
        return line[line.index("code "):]

    def test_a_plain_404_is_only_for_debugging(self):
        with self.daemon() as daemon:
            line = self.refusal(daemon, "/none", 404, "debug")
            self.assertIn(f"message No such file, file {daemon.root}/none: No such file or directory, user ", line)
            self.assertIn("hidden_files", self.refusal(daemon, "/.none", 404, "debug"))

    @unittest.skipUnless(os.geteuid() == 0, "the daemon's user must be another than the files'")
    def test_a_missing_permission_is_named(self):
        with self.daemon() as daemon:
            for name in ("a/b/c.txt", "closed.txt", "d/index.html"):
                daemon.write(name, "x")
            (daemon.root / "a/b").chmod(0o700)
            (daemon.root / "closed.txt").chmod(0o600)
            (daemon.root / "d/index.html").chmod(0o640)
            for target, refuses in [("/a/b/c.txt", "a/b (mode 0700, owner 0, group 0)"),
                                    ("/closed.txt", "closed.txt (mode 0600, owner 0, group 0)"),
                                    ("/d/", "d/index.html (mode 0640, owner 0, group 0)")]:
                line = self.refusal(daemon, target, 403, "warning")
                self.assertIn(f": Permission denied by {daemon.root}/{refuses}, user nobody (65534), request ", line)

    def test_a_link_says_what_is_wrong_with_it(self):
        for through in ((), refusing.command({"openat2": errno.EPERM})):
            with self.subTest(through=through), self.daemon(through=through) as daemon:
                (daemon.folder / "secret").write_text("x")
                (daemon.root / "out").symlink_to("../secret")
                (daemon.root / "loop").symlink_to("loop")
                line = self.refusal(daemon, "/out", 403, "info")
                self.assertIn("leads out of the directory that is served, file ", line)
                self.assertIn("/root/out: ", line)
                self.assertIn("not followed here, file ", self.refusal(daemon, "/loop", 403, "info"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
