"""`basehttpctl logs` on files and on what the real daemon wrote: pieces, filters, hostile bytes, the commands."""

import gzip
import json
import os
import pty
import re
import shutil
import subprocess
import unittest

from clients import BASEHTTPCTL, exchange, get
from harness import DEADLINE, DaemonTest
from log_reading import Following, LogFiles, line, logs


class Files(LogFiles):
    def test_pieces_in_order(self):
        text = self.write_pieces().encode()
        self.assertEqual(logs("-c", self.config)[0], text)
        for count in (0, 1, 10, 11, 25, 39, 40, 1000):
            with self.subTest(count=count):
                last = text.splitlines(keepends=True)[-count:] if count else []
                self.assertEqual(logs("-c", self.config, "-n", count)[0], b"".join(last))

    def test_files_in_the_order_given_and_standard_input(self):
        self.write_pieces()
        given = logs(self.log, self.folder / "access.log.3.gz")[0]
        self.assertEqual([int(n) for n in re.findall(rb"GET /(\d+)", given)], [*range(30, 40), *range(10)])
        packed = gzip.compress((line(1) + line(2)).encode())
        self.assertEqual(logs("-", stdin=packed)[0].decode(), line(1) + line(2))
        self.assertEqual(logs("-", "-n", 1, stdin=packed)[0].decode(), line(2))

    def test_filters_and_json(self):
        self.log.write_text("".join(line(i, 503 if i % 10 == 0 else 200) for i in range(100)))
        out = logs("-c", self.config, "--status", "5xx", "--path", "/?0", "--client", "192.0.2.0/26", "--json")[0]
        rows = [json.loads(row) for row in out.splitlines()]
        self.assertEqual([row["target"] for row in rows], ["/10", "/20", "/30", "/40", "/50", "/60"])
        self.assertEqual(rows[0]["status"], 503)
        self.assertEqual(rows[0]["time"], "2026-11-25T10:10:00.000000+00:00")
        out = logs("-c", self.config, "--since", "2026-11-25T10:58:00Z", "--until", "2026-11-25T11:59:00+01:00")[0]
        self.assertEqual(out.decode(), line(58))
        self.assertEqual(logs("-c", self.config, "--status", "5xx", "-n", 1)[0].decode(), line(90, 503))

    def test_json_is_read_rather_than_text(self):
        self.log.write_text(line(1))
        (self.folder / "access.json").write_text('{"client":"x","target":"/json","serial":1}\n')
        for named in ("json", "json %{X-Forwarded-For}i"):
            with self.subTest(format=named):
                config = self.write_config(
                    f"log: {{access: [{{file: access.log}}, {{file: access.json, format: '{named}'}}]}}")
                self.assertIn(b'"/json"', logs("-c", config)[0])
                self.assertEqual(logs("verify", "-c", config)[0], b"1 line, 0 missing, 0 doubled, 0 torn, 0 out of order\n")

    def test_history_that_another_file_has_is_told(self):
        config = self.write_config("log: {access: [{file: access.log}, {file: access.json, format: json}]}")
        row = '{"client":"x","target":"/json","time":"2026-11-25T10:30:00Z","serial":1}\n'
        (self.folder / "access.log.1").write_text(line(1))
        self.log.write_text(line(45))
        for text, told in (("", True), (row, True), (row.replace("10:30", "10:01"), False)):
            with self.subTest(json=text):
                (self.folder / "access.json").write_text(text)
                for command in ((), ("summary",), ("-n", 3)):
                    err = logs(*command, "-c", config)[1]
                    self.assertEqual(f"{self.log} goes further back, to 2026-11-25T10:01:00" in err, told, err)
        (self.folder / "access.json").write_text(row)
        self.assertEqual(logs("-c", config, "--since", "2026-11-25T10:40:00Z")[1], "")
        advised = re.search(r"basehttpctl logs (.*)", logs("-c", config)[1])[1]
        shell = subprocess.run(["sh", "-c", f"exec {BASEHTTPCTL} logs {advised}"], capture_output=True, text=True, check=True)
        self.assertEqual(sorted(shell.stdout.splitlines()), sorted((line(1) + line(45)).splitlines()))

    def test_a_log_that_something_was_done_to(self):
        """Line ends of other systems, a byte order mark, blank lines, a hole, no end: what an editor or a crash leaves."""
        numbered = [json.dumps({"client": "x", "worker": 1, "run": "r", "serial": i}) for i in range(1, 6)]
        data = "\ufeff" + "\r\n".join(numbered[:3]) + "\r\n\r\n \n" + "\0" * 2_000_000 + numbered[3] + "\n" + numbered[4]
        self.log.write_text(data, newline="")
        os.utime(self.log, (1, 1))
        self.assertEqual(logs("verify", self.log), (b"5 lines, 0 missing, 0 doubled, 0 torn, 0 out of order\n", ""))
        for arguments in ((), ("-n", 10)):
            out, err = logs(self.log, "--client", "0.0.0.0/0", "--invert", *arguments)
            self.assertEqual((out.count(b'"serial"'), err.count("could not be read")), (5, 0))
        self.log.write_bytes((line(1) + line(2)).encode("utf-16"))
        self.assertIn("iconv -f UTF-16", logs(self.log, code=69)[1])
        self.assertIn("iconv -f UTF-16", logs(self.log, "-n", 1, code=69)[1])

    def test_a_log_of_which_no_line_can_be_read(self):
        self.log.write_text("one\ntwo\n")
        for command in ((), ("summary",), ("--status", "200"), ("-n", 1)):
            with self.subTest(command=command):
                err = logs(*command, "-c", self.config, code=69)[1]
                self.assertIn("no line could be read", err)
                self.assertIn("--format", err)
        self.assertIn("no line could be read", logs("explain", stdin=b"x\n", code=69)[1])
        self.log.write_text("one\n" + line(1))
        self.assertNotIn("no line could be read", logs("-c", self.config)[1])
        self.log.write_text("")
        self.assertEqual(logs("-c", self.config), (b"", ""))

    def test_a_column_more_than_combined(self):
        def with_column(column):
            return line(1).rstrip("\n") + f" {column}\n"

        self.log.write_text(with_column(0.25))
        self.assertEqual(json.loads(logs(self.log, "--json")[0])["duration_us"], 250_000)
        self.log.write_text(with_column(1234))
        out, err = logs(self.log, "--status", "200")
        self.assertEqual(out.decode(), with_column(1234))
        advised = re.search(r"--format '(.*)'", err)[1]
        out, err = logs(self.log, "--json", "--format", advised)
        self.assertEqual((json.loads(out)["duration_us"], err), (1234, ""))

    def test_bytes_on_the_wire_are_a_size(self):
        self.log.write_text("example.org:80 " + line(1))
        self.assertRegex(logs(self.log, "--columns")[0].decode(), r"200 +100 +- ")
        self.assertEqual(json.loads(logs("summary", self.log, "--json")[0])["bytes"], 100)

    def test_lines_that_are_none_are_told_at_the_end(self):
        self.log.write_text(line(1) + "garbage\n" + line(2) + "torn")
        out, err = logs("-c", self.config)
        self.assertEqual(out.decode(), self.log.read_text() + "\n")
        self.assertIn("2 lines could not be read", err)
        self.assertIn(f"{self.log}:2\n", err)
        self.assertIn(f"{self.log}:4: it has no end\n", err)
        self.assertEqual(logs("-c", self.config, "--status", "200")[0].decode(), line(1) + line(2))

    def test_hostile_bytes_reach_no_terminal(self):
        hostile = line(1).replace("agent", "\\x1b[2J \x1b]0;owned\x07 \x9b31m \u202e").encode()
        self.log.write_bytes(hostile + b"\x1b[31mgarbage\x00\xff\n")
        self.assertEqual(logs("-c", self.config)[0], self.log.read_bytes())
        for arguments in ([], ["--raw"], ["--json"], ["summary"], ["--columns", "-n", "5"]):
            with self.subTest(arguments=arguments):
                shown = self.on_a_terminal("-c", self.config, *arguments, NO_COLOR="1")
                self.assertNotIn(b"\x1b", shown)
                self.assertNotRegex(shown.decode(), "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]")
        self.assertIn(b"\x1b[32m200", self.on_a_terminal("-c", self.config, TERM="xterm"))

    def on_a_terminal(self, *arguments, **environment):
        ours, theirs = pty.openpty()
        command = arguments[2:] if arguments[2:3] == ("summary",) else arguments
        words = [BASEHTTPCTL, "logs", *map(str, command)]
        if command is not arguments:
            words += map(str, arguments[:2])
        with subprocess.Popen(words, stdout=theirs, stderr=subprocess.DEVNULL,
                              env={**os.environ, **environment}) as process:
            os.close(theirs)
            shown = b""
            try:
                while part := os.read(ours, 65536):
                    shown += part
            except OSError:  # EIO: the other end has closed
                pass
            os.close(ours)
            self.assertEqual(process.wait(), 0)
        return shown

    def test_a_reader_that_leaves_ends_it_quietly(self):
        self.log.write_text("".join(line(i) for i in range(20000)))
        run = subprocess.run(["/bin/bash", "-c", '"$1" logs -c "$2" | head -n 1; echo "${PIPESTATUS[0]}"', "bash",
                              BASEHTTPCTL, self.config], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual((run.stdout, run.stderr), (line(0) + "0\n", ""))
        with Following("-c", self.config) as following:
            following.read(10)
            following.process.stdout.close()
            following.process.stdout = None
            self.assertEqual(following.process.wait(DEADLINE), 0)

    def test_files_that_cannot_be_read(self):
        self.write_pieces()
        whole = (self.folder / "access.log.3.gz").read_bytes()
        (self.folder / "access.log.3.gz").write_bytes(whole[:-20])
        out, err = logs("-c", self.config, code=69)
        self.assertIn("access.log.3.gz: the compressed data ends too soon", err)
        self.assertIn(line(39).encode(), out)
        _, err = logs(self.folder / "missing", code=69)
        self.assertIn("missing: No such file or directory", err)
        _, err = logs(self.folder, code=69)
        self.assertIn("it is a directory", err)
        _, err = logs("-c", self.folder / "missing.yaml", code=78)
        self.assertIn("missing.yaml", err)
        (self.folder / "bad.yaml").write_text("log: {acess: []}\n")
        self.assertIn("did you mean 'access'", logs("-c", self.folder / "bad.yaml", code=78)[1])
        self.assertIn("goes to the daemon's standard output",
                      logs("-c", self.write_config("log: {access: [{stdout: {}}]}"), code=69)[1])

    @unittest.skipUnless(os.geteuid() == 0, "needs root to become somebody else")
    def test_permission_denied(self):
        self.log.write_text(line(1))
        self.log.chmod(0o600)
        self.folder.chmod(0o755)
        run = subprocess.run([BASEHTTPCTL, "logs", self.log], capture_output=True, text=True, timeout=30, check=False,
                             user="nobody", group="nogroup", extra_groups=[])
        self.assertEqual(run.returncode, 69)
        self.assertIn("Permission denied; it is read by root", run.stderr)

    def test_wrong_command_lines(self):
        for arguments in (["--status", "60"], ["--since", "soon"], ["--client", "x"], ["--slower", "fast"], ["--json", "--raw"],
                          ["--format", "%h%u"], ["-n", "x"], ["-f", "-"], ["report"]):
            with self.subTest(arguments=arguments):
                self.assertTrue(logs("-c", self.config, *arguments, code=64)[1].startswith("basehttpctl: "))

    def test_thousands_of_pieces_and_huge_lines(self):
        for i in range(1, 3001):
            (self.folder / f"access.log.{i}").write_text(line(i))
        self.log.write_text(line(0) + "x" * 10_000_000 + "\n" + "\0" * 1000 + "\n" + line(5))
        out, err = logs("summary", "-c", self.config, "--json")
        self.assertEqual(json.loads(out)["requests"], 3002)
        self.assertIn("longer than a megabyte", err)

    def test_summary(self):
        self.log.write_text("".join(line(i, 404 if i % 4 == 0 else 200) for i in range(100)) + "garbage\n")
        self.assertIn(b"\n Wed Nov 25 10:00", logs("summary", "-c", self.config, LC_ALL="C")[0])
        self.assertIn(b" ###", logs("summary", "-c", self.config, LC_ALL="C")[0])
        out, err = logs("summary", "-c", self.config, "--top", 3, LC_ALL="C.UTF-8")
        text = out.decode()
        for part in ("100 requests, 9.8 KiB sent", "  75.0%  2xx", "404: 25", "Paths (100 distinct)", "Over time", "█"):
            self.assertIn(part, text)
        self.assertIn("1 line could not be read", err)
        out, _ = logs("summary", "-c", self.config, "--status", "404", "--json")
        summary = json.loads(out)
        self.assertEqual(summary["statuses"], {"404": 25})
        self.assertEqual(sum(row["requests"] for row in summary["over_time"]), 25)

    def test_logs_that_are_no_files(self):
        config = self.write_config("log: {access: [{pipe: /bin/cat}]}")
        for command in ((), ("summary",), ("verify",), ("-f",)):
            _, err = logs(*command, "-c", config, code=69)
            self.assertIn("goes to the program '/bin/cat'", err)
        config = self.write_config("log: {access: []}")
        self.assertIn("names no access log", logs("-c", config, code=69)[1])
        self.log.write_text(line(1))
        config = self.write_config("log: {access: [{file: access.log, when: {sample: 2}}]}")
        self.assertIn("'when' keeps lines out of it", logs("-c", config)[1])
        self.log.write_text('{"client":"x","serial":1}\n{"client":"x","serial":3}\n')
        for source in (("-c", config), ("-c", config, self.log)):
            self.assertIn("lines seem to be missing", logs("verify", *source, code=1)[1])

    def test_verify(self):
        def numbered(serial, worker=1, run="r"):
            return json.dumps({"client": "x", "worker": worker, "run": run, "serial": serial}) + "\n"

        self.log.write_text("".join(map(numbered, range(1, 50))))
        self.assertEqual(logs("verify", self.log)[0], b"49 lines, 0 missing, 0 doubled, 0 torn, 0 out of order\n")
        # Requests of one worker may be in several logs, of which each has its order.
        other = self.folder / "other.log"
        self.log.write_text("".join(map(numbered, range(2, 50, 2))))
        other.write_text("".join(map(numbered, range(1, 50, 2))))
        self.assertIn(b"49 lines, 0 missing, 0 doubled, 0 torn, 0 out of order\n", logs("verify", self.log, other)[0])
        self.log.write_text(numbered(1) + numbered(4) + numbered(4) + numbered(2, worker=2) + '{"client":"x","wor')
        os.utime(self.log, (1, 1))
        out, _ = logs("verify", self.log, code=1)
        self.assertIn(b"5 lines, 2 missing, 1 doubled, 1 torn, 0 out of order\n", out)
        self.assertIn(b"missing: run r, worker 1, serials 2 to 3\n", out)
        self.assertIn(f"{self.log}:3: ".encode(), out)
        self.assertEqual(json.loads(logs("verify", self.log, "--json", code=1)[0])["missing"], 2)

    def test_json_of_others_stays_json(self):
        self.log.write_bytes(b'{"client":\t"x",\r"user_agent":"a\x7fb\xc2\x9b","status":200\t}\n{"client":"x","bytes":1.2.3}\n')
        out, err = logs("--json", self.log)
        self.assertEqual(json.loads(out), {"client": "x", "user_agent": "a\x7fb\x9b", "status": 200})
        self.assertNotRegex(out.decode(), "[\x00-\x09\x0b-\x1f\x7f-\x9f]")
        self.assertIn("1 line could not be read", err)

    def test_output_that_cannot_be_written_is_told(self):
        self.log.write_text(line(1))
        for arguments in ((), ("summary",), ("verify",), ("explain", "--file", self.log), ("explain", line(1).strip())):
            with open("/dev/full", "wb") as full:
                run = subprocess.run([BASEHTTPCTL, "logs", *arguments, "-c", self.config], stdout=full,
                                     stderr=subprocess.PIPE, check=False, timeout=60)
            self.assertEqual((run.returncode, b"No space left" in run.stderr), (69, True), arguments)

    def test_filters_that_see_nothing_say_so(self):
        self.log.write_text(line(1))
        for option, said in (("--slower", "how long"), ("--request-id", "its id"), ("--site", "its site"), ("--host", "the host")):
            for arguments in ((), ("-n", 5), ("summary",)):
                out, err = logs(*arguments, "-c", self.config, option, "1s")
                self.assertTrue(arguments == ("summary",) or out == b"")
                self.assertIn(said.replace("its id", "request's id"), err)
        self.assertEqual(logs("-c", self.config, "--status", "5xx")[1], "")
        self.assertIn("would be missing", logs("--status", "5xx", "verify", "-c", self.config, code=64)[1])

    def test_explain(self):
        tls = line(1, 400).replace("GET /1 HTTP/1.1", "\\x16\\x03\\x01")
        self.assertIn(b"TLS handshake", logs("explain", tls.strip())[0])
        self.assertEqual(logs("explain", stdin=(line(1) + line(2)).encode())[0].count(b"----"), 1)
        self.assertIn("no line of an access log", logs("explain", "nonsense", code=64)[1])
        self.log.write_text("".join(line(i) for i in range(1001)))
        out, err = logs("explain", "--file", self.log)
        self.assertEqual(out.count(b"----"), 999)
        self.assertIn("no more than 1000 lines", err)
        self.log.write_text(json.dumps({"client": "x", "request_id": "ab-1", "ended": "client_left", "status": 200}) + "\n")
        self.assertIn(b"client closed", logs("explain", "-c", self.config, "--request-id", "ab-1")[0])
        self.assertIn("no line has this request id", logs("explain", "-c", self.config, "--request-id", "ab-2", code=69)[1])

    def test_report(self):
        self.log.write_text("".join(line(i) for i in range(100)))
        page = self.folder / "report.html"
        _, err = logs("report", "-c", self.config, "--html", page, code=69, PATH="/nonexistent")
        self.assertIn("goaccess is not installed", err)
        self.assertIn("ends in .html", logs("report", "-c", self.config, "--html", self.folder / "report", code=64)[1])
        self.assertIn("did not write", logs("report", "-c", self.config, "--html", "/nonexistent/a.html", code=69)[1])
        logs("report", "-c", self.config, "--html", page)
        for name, count in (("total_requests", 100), ("valid_requests", 100), ("failed_requests", 0)):
            self.assertRegex(page.read_text(), rf'"{name}": ?{count}\b')

    def test_a_rotation_while_reading(self):
        """What was there at the start is read, each line once, whatever becomes of the files."""
        pieces = ["".join(line(10_000 * piece + i) for i in range(10_000)) for piece in range(4)]
        for number, text in zip((3, 2, 1, 0), pieces):
            path = self.folder / f"access.log.{number}" if number else self.log
            path.write_text(text)
        with subprocess.Popen([BASEHTTPCTL, "logs", "-c", self.config], stdout=subprocess.PIPE) as process:
            first = process.stdout.read(1)  # a pipe takes far less than a piece: it waits within the first
            for number in (3, 2, 1):
                (self.folder / f"access.log.{number}").rename(self.folder / f"access.log.{number + 1}")
            self.log.rename(self.folder / "access.log.1")
            subprocess.run(["gzip", "--fast", *self.folder.glob("access.log.?")], check=True)
            self.log.write_text(line(1))
            read = (first + process.stdout.read()).decode()
        self.assertTrue(read == "".join(pieces), f"{len(read)} bytes")

    def test_pieces_that_cannot_be_read_are_told(self):
        self.log.write_text(line(1))
        (self.folder / "access.log.1.xz").write_bytes(b"\xfd7zXZ\0" + bytes(50))
        (self.folder / "access.log.2.bz2").write_bytes(b"BZh9" + bytes(50))
        damaged = bytearray(gzip.compress("".join(line(i) for i in range(20_000)).encode()))
        damaged[-1000] ^= 0xff
        (self.folder / "access.log.3.gz").write_bytes(damaged)
        out, err = logs("-c", self.config, code=69)
        self.assertGreater(out.count(b"\n"), 15_000)
        for part in ("access.log.1.xz: it is compressed with xz", "access.log.2.bz2: it is", "access.log.3.gz: the compressed data"):
            self.assertIn(part, err)

class OfTheDaemon(DaemonTest):
    def test_lines_of_every_format_with_a_name(self):
        for named in ("common", "combined", "combinedio", "vhost_combined", "json", "json %{X-Spam}i"):
            with self.subTest(format=named), self.daemon(access_format=named) as daemon:
                get(daemon.address, "/?a=b")
                daemon.wait_for_access(1)  # another worker may serve the next one, and be sooner to log it
                exchange(daemon.address, b"\x16\x03\x01\r\n\r\n")
                daemon.wait_for_access(2)
                out, err = logs("-c", daemon.config_file, "--json")
                self.assertEqual(err, "")
                rows = [(row["target"], row["status"]) for row in map(json.loads, out.splitlines())]
                self.assertEqual(rows, [("/?a=b", 200), (None, 400)])

    def test_explaining_brings_what_the_error_log_says(self):
        with self.daemon(access_format="json") as daemon:
            get(daemon.address, "/")
            daemon.wait_for_access(1)
            exchange(daemon.address, b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")
            written = daemon.wait_for_access(2)[1]
            daemon.expect("Bad Host")
            by_id = ("--request-id", json.loads(written)["request_id"])
            for arguments in (by_id, (written,)):
                out, err = logs("explain", "-c", daemon.config_file, *arguments)
                self.assertEqual(err, "")
                self.assertRegex(out.decode(), r"The error log says:\n  .*Bad Host: it is not a host")
            shutil.copy(daemon.error_log, f"{daemon.error_log}.1")
            subprocess.run(["gzip", f"{daemon.error_log}.1"], check=True)
            os.truncate(daemon.error_log, 0)
            self.assertIn(b"Bad Host: it is not", logs("explain", "-c", daemon.config_file, *by_id)[0])

    def test_what_real_requests_leave_can_be_read_and_explained(self):
        with self.daemon() as daemon:
            daemon.tolerate("code 505, ")
            get(daemon.address, "/")
            exchange(daemon.address, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
            exchange(daemon.address, b"GET /.env HTTP/1.1\r\nHost: x\r\nUser-Agent: \"\\ [x] \" 200\r\nConnection: close\r\n\r\n")
            exchange(daemon.address, b"GET /old\r\n")
            exchange(daemon.address, b"\0" * 100 + b"\r\n\r\n")
            daemon.wait_for_access(5)
            out, err = logs("explain", stdin=daemon.access_log.read_bytes())
            self.assertEqual(err, "")
            for part in (b"TLS handshake", b"file of secrets"):
                self.assertIn(part, out)
            rows = [json.loads(row) for row in logs("-c", daemon.config_file, "--json")[0].splitlines()]
            self.assertEqual(len(rows), 5)
            self.assertIn('"\\ [x] " 200', [row["user_agent"] for row in rows])
            self.assertEqual(json.loads(logs("summary", "-c", daemon.config_file, "--json")[0])["requests"], 5)


if __name__ == "__main__":
    unittest.main()
