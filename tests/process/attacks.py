"""What strangers send to a web server: attacks as they are seen in the wild, and harmless requests that look like some.
Each is sent from an address of its own, 127.0.0.N, so that a log, and what reads it, can be asked who did what."""

import socket
from dataclasses import dataclass

import clients

# Addresses and lines that attackers would like to see in a log; nobody here has these addresses.
FORGED = '192.0.2.9 - - [25/Nov/2026:10:00:00 +0000] "GET /.env HTTP/1.1" 404 1 "-" "-"'


# The status of an answer that has none: what stands before a newline can be a request of HTTP/0.9.
HTTP_0_9 = b""


@dataclass
class Visit:
    name: str
    sent: bytes
    status: bytes


def request(target="/", *fields, method="GET"):
    """A request that ends its connection, with further field lines as they are."""
    head = [f"{method} {target} HTTP/1.1", "Host: example.org", *fields, "Connection: close", "Content-Length: 0"]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n"


ATTACKS = [
    Visit("probe for secrets", request("/.env"), b"404"),
    Visit("probe for a repository", request("/.git/config"), b"404"),
    Visit("probe below a folder", request("/blog/wp-login.php"), b"404"),
    Visit("probe with doubled slashes", request("//xmlrpc.php?rsd"), b"404"),
    Visit("probe in capitals", request("/phpMyAdmin/index.php"), b"404"),
    Visit("probe of an open proxy", request("http://example.org/wp-admin/"), b"404"),
    Visit("forged X-Forwarded-For", request("/.env", "X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.2",
                                            "X-Real-IP: 192.0.2.3", "Client-IP: 192.0.2.4"), b"404"),
    Visit("newline in the user agent", request("/", f"User-Agent: x\n{FORGED}"), b"400"),
    Visit("carriage return in the user agent", request("/.env", f"User-Agent: x\r{FORGED}"), b"400"),
    Visit("folded user agent", request("/", f"User-Agent: x\r\n {FORGED}"), b"400"),
    Visit("control bytes in the user agent", request("/.env", "User-Agent: \x07\x1b[2J\x00\x7f" + FORGED), b"400"),
    Visit("quotes in the user agent", request("/.env", f'User-Agent: x" "y"\\" {FORGED}'), b"404"),
    Visit("another date in the user agent", request("/.env", "User-Agent: - - [01/Jan/1980:00:00:00 +0000]"), b"404"),
    Visit("another date in the target", request("/.env?[01/Jan/1980:00:00:00+0000]"), b"404"),
    Visit("newline in the target", f"GET /.env\n{FORGED} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), HTTP_0_9),
    Visit("encoded newline in the target", request("/.env%0d%0a192.0.2.9%20-%20-%20"), b"404"),
    Visit("quote in the target", request('/.env"%20200%205%20"-"%20"-'), b"404"),
    Visit("a user's name with a line in it", request("/.env", "Authorization: Basic eCAtIC0gWzI1L05vdi8="), b"404"),
    Visit("TLS on a plain port", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40) + b"\r\n\r\n", b"400"),
    Visit("zeros", bytes(100) + b"\r\n\r\n", b"400"),
    Visit("two hosts", request("/", "Host: 192.0.2.9"), b"400"),
    Visit("smuggling", request("/", "Transfer-Encoding: chunked", method="POST"), b"400"),
    Visit("a target without an end", request("/" + "a" * 9000), b"414"),
    Visit("a head without an end", request("/", "A: " + "b" * 40000), b"431"),
    Visit("a method nobody knows", request("/", method="BREW"), b"501"),
]

HARMLESS = [
    Visit("the page", request("/", "Referer: http://example.com/", "User-Agent: Mozilla/5.0 (X11; Linux)"), b"200"),
    Visit("a query that names a secret", request("/?/.env"), b"200"),
    Visit("a referer that names a probe", request("/", "Referer: http://example.com/.env"), b"200"),
    Visit("an agent that quotes a log", request("/", f"User-Agent: {FORGED}"), b"200"),
    Visit("an agent that seems to end its field", request("/", f'User-Agent: x" {FORGED}'), b"200"),
    Visit("an agent that ends in a backslash", request("/", "User-Agent: x\\"), b"200"),
    Visit("letters beyond ASCII", request("/", "Referer: http://example.com/\xe9", "User-Agent: \xc3\xbc"), b"200"),
    Visit("a missing page", request("/gone.html"), b"404"),
    Visit("a missing page with a name like a probe's", request("/environment"), b"404"),
    Visit("a missing page that the referer explains", request("/gone", f'Referer: http://x/" {FORGED}'), b"404"),
    Visit("a head", request("/", method="HEAD"), b"200"),
]


def addresses(visits, first):
    return {f"127.0.0.{first + number}": visit for number, visit in enumerate(visits)}


ATTACKERS = addresses(ATTACKS, 100)
VISITORS = addresses(HARMLESS, 10)


def visit_all(test, daemon, turn=1):
    """Every visit once; the answers are as the tables say, and the log then has a line for each of `turn` turns."""
    for address, visit in {**ATTACKERS, **VISITORS}.items():
        with socket.create_connection(daemon.address, timeout=20, source_address=(address, 0)) as connection:
            connection.sendall(visit.sent)
            connection.shutdown(socket.SHUT_WR)
            answer = clients.read_all(connection)
        status = answer[9:12] if answer.startswith(b"HTTP/1.1 ") else HTTP_0_9
        test.assertEqual(status, visit.status, visit.name)
    return daemon.wait_for_access(turn * (len(ATTACKERS) + len(VISITORS)))
