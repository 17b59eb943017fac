"""Clients behind proxies: what trusted ones say about each request is what logs and rules are about."""

import http.client
import json
import re
import unittest

from clients import curl
from harness import DaemonTest

LOG = """access: [{file: FOLDER/access.log, format: json}]
error: [{file: FOLDER/error.log, level: debug}]"""
SITE = """routes:
  - {path: /theirs/, handler: respond, text: theirs, allow: 192.0.2.0/24}"""
TRUSTING = """trusted_proxies: [127.0.0.0/8, 10.0.0.0/8]
trusted_fields: [x-forwarded-for, x-forwarded-host]"""


class TrustedProxies(DaemonTest):
    def test_a_connection_that_many_clients_share(self):
        with self.daemon(settings=TRUSTING, site=SITE, log=LOG, workers=1) as daemon:
            daemon.tolerate("code 403, ")
            connection = http.client.HTTPConnection(*daemon.address, timeout=20)
            clients = ["192.0.2.1", "198.51.100.9, 192.0.2.2", "192.0.2.3, 10.0.0.1", "192.0.2.9, 203.0.113.7", None]
            statuses = []
            for client in clients:
                connection.request("GET", "/theirs/x", headers={"X-Forwarded-For": client} if client else {})
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)
            connection.close()
            self.assertEqual(statuses, [200, 200, 200, 403, 403])
            records = [json.loads(line) for line in daemon.wait_for_access(5)]
            self.assertEqual([record["client"] for record in records],
                             ["192.0.2.1", "192.0.2.2", "192.0.2.3", "203.0.113.7", "127.0.0.1"])
            self.assertEqual({record["peer"] for record in records}, {"127.0.0.1"})
            self.assertTrue(daemon.expect(r"203\.0\.113\.7: code 403, "))

    def test_the_host_that_was_asked_for(self):
        settings = TRUSTING + """
sites:
  - {host: inside.example, routes: [{path: /, handler: respond, text: inside}]}
  - {host: outside.example, routes: [{path: /, handler: respond, text: outside}]}"""
        with self.daemon(settings=settings, log=LOG) as daemon:
            for fields, body in (((), b"inside"), (("-H", "X-Forwarded-Host: outside.example"), b"outside"),
                                 (("-H", "X-Forwarded-Host: outside.example/"), b"inside")):
                self.assertEqual(curl(daemon.url("/"), "-H", "Host: inside.example", *fields).body, body)

    def test_others_are_not_believed(self):
        with self.daemon(settings="trusted_proxies: 192.0.2.1", site=SITE) as daemon:
            daemon.tolerate("code 403, ")
            refused = curl(daemon.url("/theirs/"), "-H", "X-Forwarded-For: 192.0.2.1", "-H", "Forwarded: for=192.0.2.1")
            self.assertEqual(refused.status, 403)
            self.assertRegex(daemon.wait_for_access(1)[0], r"^127\.0\.0\.1 ")

    def test_a_reload_takes_other_proxies(self):
        with self.daemon(settings="trusted_proxies: 192.0.2.1") as daemon:
            curl(daemon.url("/"), "-H", "X-Forwarded-For: 192.0.2.7")
            daemon.configure(settings="trusted_proxies: 127.0.0.1\ntrusted_fields: forwarded")
            daemon.reload()
            curl(daemon.url("/"), "-H", "Forwarded: for=\"[2001:db8::7]:80\"")
            clients = [re.match(r"\S+", line)[0] for line in daemon.wait_for_access(2)]
            self.assertEqual(clients, ["127.0.0.1", "2001:db8::7"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
