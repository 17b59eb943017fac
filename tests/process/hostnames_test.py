"""`resolve_hostnames`: the names of clients, from a name server that this test is."""

import json
import os
import socket
import unittest

from harness import DaemonTest, until
from name_server import A, PTR, NameServer, leave_the_world

LOG = """
access: [{file: FOLDER/access.log, format: "%h %a %U"}, {file: FOLDER/access.json, format: json}]
error: [{file: FOLDER/error.log, level: debug}]
resolve_hostnames: true
"""

NAMES = {
    ("2.0.0.127.in-addr.arpa", PTR): ["Two.Example"], ("two.example", A): ["127.0.0.9", "127.0.0.2"],
    ("3.0.0.127.in-addr.arpa", PTR): ["two.example"],  # whose addresses are others
    ("4.0.0.127.in-addr.arpa", PTR): [[b'x" 200 -\n6.6.6.6 - -', b"example"]],
    ("5.0.0.127.in-addr.arpa", PTR): ["6.6.6.6"], ("6.6.6.6", A): ["127.0.0.5"],
    ("7.0.0.127.in-addr.arpa", PTR): ["late.example"], ("late.example", A): ["127.0.0.7"],
}


def setUpModule():
    if os.geteuid() != 0:
        raise unittest.SkipTest("only root can make a network")
    leave_the_world()


def get_from(source, daemon, target):
    """A request from that address."""
    with socket.create_connection(daemon.address, timeout=20, source_address=(source, 0)) as connection:
        connection.sendall(f"GET {target} HTTP/1.0\r\n\r\n".encode())
        while connection.recv(65536):
            pass


class Names(DaemonTest):
    def until_named(self, daemon, source, name):
        """Asks until a line has the client's name: the first ones need not, where the machine is busy."""

        def named():
            count = len(daemon.access_lines())
            get_from(source, daemon, "/again")
            return daemon.wait_for_access(count + 1)[-1].startswith(f"{name} {source} ")

        until(named, f"a line with {name}")

    def test_names_that_are_confirmed(self):
        with NameServer(NAMES) as server, self.daemon(workers=1, log=LOG) as daemon:
            for _ in range(2):
                for number in (3, 4, 5, 6):
                    get_from(f"127.0.0.{number}", daemon, "/")
                    until(lambda: f"{number}.0.0.127.in-addr.arpa" in server.asked, "a question")
            self.assertEqual(daemon.wait_for_access(8), 2 * [f"127.0.0.{i} 127.0.0.{i} /" for i in (3, 4, 5, 6)])
            self.until_named(daemon, "127.0.0.2", "two.example")
            asked = len(server.asked)
            for _ in range(10):
                get_from("127.0.0.2", daemon, "/known")
            daemon.stop()
            self.assertEqual(daemon.access_lines()[-10:], 10 * ["two.example 127.0.0.2 /known"])
            self.assertEqual(len(server.asked), asked)
            records = [json.loads(line) for line in (daemon.folder / "access.json").read_text().splitlines()]
            self.assertEqual((records[-1]["client"], records[-1]["client_name"]), ("127.0.0.2", "two.example"))
            self.assertNotIn("client_name", records[0])

    def test_a_silent_name_server_holds_up_no_line(self):
        with NameServer(NAMES) as server, self.daemon(workers=1, log=LOG) as daemon:
            server.silent.add("7.0.0.127.in-addr.arpa")
            get_from("127.0.0.7", daemon, "/1")
            get_from("127.0.0.2", daemon, "/2")
            get_from("127.0.0.7", daemon, "/3")
            lines = daemon.wait_for_access(3)
            self.assertEqual([line.split()[1:] for line in lines],
                             [["127.0.0.7", "/1"], ["127.0.0.2", "/2"], ["127.0.0.7", "/3"]])
            self.assertTrue(lines[0].startswith("127.0.0.7 "))
            # It speaks again: sooner or later the lines have the name.
            server.silent.clear()
            self.until_named(daemon, "127.0.0.7", "late.example")



if __name__ == "__main__":
    unittest.main()
