"""Logs that go to syslog: the real rsyslogd, and receivers of the test's own that stand still, break or are not there."""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from clients import Load, ctl, get, lost_of
from harness import DaemonTest, free_port, until
from log_receivers import Datagrams, Stream

LOG = """
access: [{syslog: {facility: local3, to: "ADDRESS"}, format: "%r"}, {file: FOLDER/access.log, format: "%r"}]
error: [{file: FOLDER/error.log, level: debug}]
"""

RSYSLOG = """
module(load="imuxsock" SysSock.Use="off")
module(load="imudp")
module(load="imtcp")
input(type="imuxsock" Socket="FOLDER/parsed" UseSpecialParser="on")
input(type="imuxsock" Socket="FOLDER/plain" UseSpecialParser="off")
input(type="imudp" Address="127.0.0.1" Port="UDP")
input(type="imtcp" Address="127.0.0.1" Port="TCP" KeepAlive="off")
template(name="fields" type="list" option.jsonf="on") {
  property(outname="pri" name="pri-text" format="jsonf")
  property(outname="tag" name="syslogtag" format="jsonf")
  property(outname="app" name="app-name" format="jsonf")
  property(outname="pid" name="procid" format="jsonf")
  property(outname="id" name="msgid" format="jsonf")
  property(outname="version" name="protocol-version" format="jsonf")
  property(outname="text" name="msg" format="jsonf")
}
action(type="omfile" file="FOLDER/messages" template="fields" flushOnTXEnd="on")
"""
EXAMPLES = Path(__file__).resolve().parents[2] / "packaging/examples"
SHIPPED_FILE = "/var/log/basehttpd-requests.log"


def free_udp_port():
    """One that nobody else is given until the end: bound, and connected to itself, so that what others send goes to whoever
    binds it with SO_REUSEADDR."""
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    holder.connect(holder.getsockname())
    _held.append(holder)
    return holder.getsockname()[1]


_held = []


class Rsyslog:
    """The real one, with a folder of its own: sockets with and without its special parser for local programs, UDP and
    TCP; all that comes is written to one file."""

    def __init__(self, rules=""):
        """`rules` come before those that write everything."""
        self.folder = Path(tempfile.mkdtemp(prefix="basehttpd-test-"))
        self.folder.chmod(0o755)
        self.udp, self.tcp = free_udp_port(), free_port()
        self.file = self.folder / "messages"
        config = RSYSLOG.replace("template(", f"{rules}\ntemplate(", 1)
        for name, value in {"FOLDER": self.folder, "UDP": self.udp, "TCP": self.tcp}.items():
            config = config.replace(name, str(value))
        (self.folder / "rsyslog.conf").write_text(config)

    def start(self):
        self.process = subprocess.Popen(["/usr/sbin/rsyslogd", "-n", "-f", self.folder / "rsyslog.conf",
                                         "-i", self.folder / "pid"], stderr=subprocess.PIPE, text=True)
        until(self._is_up, "rsyslogd")

    def _is_up(self):
        assert self.process.poll() is None, self.process.stderr.read()
        try:
            socket.create_connection(("127.0.0.1", self.tcp)).close()
        except ConnectionRefusedError:
            return False
        return (self.folder / "plain").exists() and (self.folder / "parsed").exists()

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=20)

    def messages(self):
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [json.loads(line) for line in lines]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)


def targets_of(messages):
    return [re.search(r"GET (\S+) ", message["text"])[1] for message in messages]


class RealSyslog(DaemonTest):
    def send(self, address):
        """What rsyslogd makes of a good request, a missing page, and a line of the error log."""
        log = f"access: [{{syslog: {{facility: local3, tag: spam, {address}}}, format: '%r'}}]\n" \
              f"error: [{{syslog: {{tag: eggs, {address}}}, level: notice}}, {{file: FOLDER/error.log}}]"
        with Rsyslog() as rsyslog:
            for name, value in {"PARSED": rsyslog.folder / "parsed", "PLAIN": rsyslog.folder / "plain",
                                "UDP": f"udp:127.0.0.1:{rsyslog.udp}", "TCP": f"tcp:localhost:{rsyslog.tcp}"}.items():
                log = log.replace(name, str(value))
            with self.daemon(workers=1, log=log) as daemon:
                daemon.beside.add(rsyslog.process.pid)
                get(daemon.address, "/?1")
                get(daemon.address, "/missing")
                until(lambda: sum(m["app"] == "spam" for m in rsyslog.messages()) == 2, "two messages")
                until(lambda: any(m["app"] == "eggs" for m in rsyslog.messages()), "one of the error log")
                pid = daemon.pid
            messages = rsyslog.messages()
        lines = [m for m in messages if m["app"] == "spam"]
        self.assertEqual([(m["pri"], m["text"].strip()) for m in lines],
                         [("local3.info", "GET /?1 HTTP/1.1"), ("local3.notice", "GET /missing HTTP/1.1")])
        self.assertEqual({m["pid"] for m in lines}, {str(pid)})
        start = next(m for m in messages if m["app"] == "eggs")
        self.assertRegex(start["text"], r"^ ?master: basehttpd .* starts")
        self.assertEqual(start["pri"], "daemon.notice")
        return lines

    def test_the_local_form_where_its_special_parser_reads(self):
        self.assertEqual({m["tag"].split("[")[0] for m in self.send("to: PARSED, form: local")}, {"spam"})

    def test_rfc_5424_at_a_socket_without_it(self):
        self.assertEqual({(m["version"], m["id"]) for m in self.send("to: PLAIN")}, {("1", "access")})

    def test_udp(self):
        self.assertEqual({(m["version"], m["id"]) for m in self.send('to: "UDP"')}, {("1", "access")})

    def test_tcp(self):
        self.assertEqual({(m["version"], m["id"]) for m in self.send('to: "TCP"')}, {("1", "access")})

    def test_one_that_is_started_anew_gets_all_lines_over_tcp(self):
        log = LOG.replace("ADDRESS", "tcp:127.0.0.1:TCP")
        with Rsyslog() as rsyslog, self.daemon(workers=1, log=log.replace("TCP", str(rsyslog.tcp))) as daemon:
            daemon.tolerate("cannot write to syslog tcp:.*: (Connection refused|Connection reset by peer)")
            daemon.beside.add(rsyslog.process.pid)
            get(daemon.address, "/?before")
            until(lambda: targets_of(rsyslog.messages()) == ["/?before"], "a line")
            rsyslog.stop()
            for number in range(20):
                get(daemon.address, f"/?{number}")
            daemon.wait_for_access(21)
            daemon.expect("cannot write to syslog tcp:")
            rsyslog.start()
            daemon.beside.add(rsyslog.process.pid)
            daemon.expect("accepts lines again after .*; no line was lost")
            until(lambda: len(rsyslog.messages()) == 21, "all lines")
            self.assertEqual(targets_of(rsyslog.messages()), ["/?before"] + [f"/?{n}" for n in range(20)])

    @unittest.skipIf(os.geteuid() != 0, "only root can give a file to a group")
    def test_the_shipped_example_writes_whole_lines_for_the_group_adm_which_logrotate_renames(self):
        rules = (EXAMPLES / "rsyslog-basehttpd.conf").read_text()
        rotation = (EXAMPLES / "rsyslog-basehttpd.logrotate").read_text()
        self.assertIn(SHIPPED_FILE, rules)
        self.assertIn(SHIPPED_FILE, rotation)
        with Rsyslog(rules.replace(SHIPPED_FILE, "FOLDER/requests")) as rsyslog:
            log = LOG.replace("ADDRESS", f"tcp:127.0.0.1:{rsyslog.tcp}")
            with self.daemon(workers=1, log=log) as daemon:
                daemon.beside.add(rsyslog.process.pid)
                get(daemon.address, "/?1")
                requests = rsyslog.folder / "requests"
                until(lambda: requests.exists() and requests.read_text() == "GET /?1 HTTP/1.1\n", "the line")
                self.assertEqual((requests.stat().st_mode & 0o777, requests.group()), (0o640, "adm"))
            settings = rsyslog.folder / "logrotate"
            settings.write_text(rotation.replace(SHIPPED_FILE, str(requests)))
            subprocess.run(["/usr/sbin/logrotate", "--force", "--state", rsyslog.folder / "state", settings], check=True,
                           capture_output=True, timeout=20)
            self.assertTrue((rsyslog.folder / "requests.1").exists())


class Stalled(DaemonTest):
    AGENT = {"User-Agent": "x" * 4000}

    def check(self, address, messages):
        """`messages` takes as many as it is asked for, once it begins to."""
        log = LOG.replace("ADDRESS", address).replace('"%r"}', '"%r %{User-Agent}i"}', 1)
        with self.daemon(log=log, control=True) as daemon:
            name = f"syslog {address}"
            with Load(daemon.address, keep_alive=True, numbered=True, headers=self.AGENT) as load:
                load.wait(3000)  # more than a queue of 4 MiB and a socket hold
            self.assertEqual(load.failures, [])
            answered = len(load.answers)
            daemon.wait_for_access(answered)
            daemon.expect(f"cannot write to {name}: it accepts no data")
            self.assertRegex(ctl(daemon, "status").stdout, f"log {name}: failing since .*it accepts no data")
            lost = until(lambda: lost_of(daemon, name), "a loss")
            requests = [re.search(rb"GET (\S+) ", message)[1] for message in messages(answered - lost)]
            said = daemon.expect(f"{name} accepts lines again after .*; [0-9 ]+ lines were lost")
            self.assertEqual(int(re.search(r"; ([0-9 ]+) lines", said[0])[1].replace(" ", "")), lost)
            self.assertEqual([r for r, count in Counter(requests).items() if count > 1], [])
            get(daemon.address, "/?after")
            self.assertIn(b"GET /?after ", messages(1)[0])
            told = [line for line in daemon.error_lines() if name in line and " logger: " in line]
            self.assertEqual(len(told), 2, told)

    def test_a_datagram_socket(self):
        with tempfile.TemporaryDirectory(prefix="basehttpd-test-") as folder:
            os.chmod(folder, 0o755)
            with Datagrams(f"{folder}/log") as receiver:
                self.check(f"{folder}/log", lambda count: [receiver.take() for _ in range(count)])

    def test_tcp(self):
        with Stream(receive_buffer=65536) as receiver:
            self.check(f"tcp:127.0.0.1:{receiver.port}", lambda count: [receiver.take() for _ in range(count)])


class Udp(DaemonTest):
    def test_nobody_there_is_told_once_and_somebody_gets_what_waited(self):
        port = free_udp_port()
        name = f"syslog udp:127.0.0.1:{port}"
        with self.daemon(workers=1, log=LOG.replace("ADDRESS", f"udp:127.0.0.1:{port}")) as daemon:
            for number in range(20):
                get(daemon.address, f"/?{number}")
            daemon.expect(f"cannot write to {name}: Connection refused")
            with Datagrams(port=port) as receiver:
                texts = [receiver.take().decode() for _ in range(20)]
                daemon.expect(f"{name} accepts lines again after .*; no line was lost")
            self.assertEqual([re.search(r"GET (\S+)", text)[1] for text in texts], [f"/?{n}" for n in range(20)])
            self.assertEqual(len(daemon.expect(f"cannot write to {name}")), 1)


class Names(DaemonTest):
    def test_one_that_cannot_be_looked_up_delays_no_other_log(self):
        log = LOG.replace("ADDRESS", f"udp:{'a' * 60}.invalid")
        with self.daemon(log=log, control=True) as daemon:
            daemon.tolerate("cannot write to syslog udp:")
            for number in range(20):
                get(daemon.address, f"/?{number}")
            self.assertEqual(len(daemon.wait_for_access(20)), 20)
            daemon.expect("cannot write to syslog udp:a*.invalid:514: ")
            daemon.stop()
            daemon.expect("20 log lines for syslog udp:a*.invalid:514 are lost")


if __name__ == "__main__":
    unittest.main(verbosity=2)
