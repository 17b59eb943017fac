"""Clients that nobody here wrote, over persistent connections and with bodies, against tests/embed/echo.cc."""

import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "browser"))

from browser import Browser  # noqa: E402

BODY = bytes(range(256)) * 400


def run(*command, sent=None):
    done = subprocess.run(command, input=sent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout[-2000:]!r}\n{done.stderr[-2000:]!r}")
    return done


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed: see tests/depends")


class RealClients(unittest.TestCase):
    def setUp(self):
        self.log = tempfile.TemporaryFile()
        self.server = subprocess.Popen([os.environ["ECHO"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)
        self.port = int(self.server.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = tempfile.TemporaryDirectory()
        self.body = os.path.join(self.folder.name, "body")
        with open(self.body, "wb") as body:
            body.write(BODY)

    def tearDown(self):
        self.server.stdin.close()
        status = self.server.wait(10)
        self.server.stdout.close()
        self.log.seek(0)
        lines = self.log.read().decode("latin-1").splitlines()
        self.log.close()
        self.folder.cleanup()
        self.assertEqual(status, 0)
        # All that was logged are requests that went well.
        self.assertEqual([line for line in lines if not re.search(r'" 200 (\d+|-) "', line)], [])

    def test_python(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.connect()
        first = connection.sock
        pieces = [BODY[at:at + 1000] for at in range(0, len(BODY), 1000)]
        for _ in range(20):
            for method, body, chunked in [("GET", None, False), ("HEAD", None, False), ("POST", BODY, False),
                                          ("PUT", iter(pieces), True), ("POST", b"", False)]:
                connection.request(method, "/a%20b", body, encode_chunked=chunked,
                                   headers={"Transfer-Encoding": "chunked"} if chunked else {})
                answer = connection.getresponse()
                expected = {"GET": b"/a b", "HEAD": b""}.get(method, BODY if body != b"" else b"")
                self.assertEqual((answer.status, answer.read()), (200, expected))
                self.assertIs(connection.sock, first)
        connection.close()

    @needs("curl")
    def test_curl(self):
        for options in ["--data-binary", f"@{self.body}"], ["-T", self.body, "-T", self.body], ["-H", "Transfer-Encoding: chunked",
                        "--data-binary", f"@{self.body}"], ["-H", "Expect: 100-continue", "--data-binary", f"@{self.body}"]:
            with self.subTest(options=options):
                answer = run("curl", "-sS", "--fail", "-w", "%{num_connects}", *options, f"{self.url}/1", f"{self.url}/2")
                self.assertEqual(answer.stdout, BODY + b"1" + BODY + b"0")
        self.assertEqual(run("curl", "-sS", "--http1.0", self.url).stdout, b"/")
        self.assertEqual(run("curl", "-sS", "--http0.9", "--http1.1", f"{self.url}/x").stdout, b"/x")

    @needs("wget")
    def test_wget(self):
        answer = run("wget", "-d", "-O", "-", f"--post-file={self.body}", f"{self.url}/1", f"{self.url}/2")
        self.assertEqual(answer.stdout, BODY * 2)
        self.assertIn(b"Reusing", answer.stderr)

    @needs("ab")
    def test_ab(self):
        answer = run("ab", "-q", "-k", "-n", "400", "-c", "8", "-p", self.body, f"{self.url}/").stdout.decode()
        self.assertRegex(answer, r"Complete requests: +400\n")
        self.assertRegex(answer, r"Failed requests: +0\n")
        self.assertRegex(answer, r"Keep-Alive requests: +400\n")

    @needs("wrk")
    def test_wrk(self):
        script = os.path.join(self.folder.name, "post.lua")
        with open(script, "w", encoding="ascii") as out:
            out.write('wrk.method = "POST"\nwrk.body = string.rep("x", 20000)\n')
        answer = run("wrk", "-t", "1", "-c", "8", "-d", "1s", "-s", script, self.url).stdout.decode()
        self.assertRegex(answer, r"[1-9]\d* requests in")
        self.assertNotIn("Socket errors", answer)
        self.assertNotIn("Non-2xx", answer)

    @needs("h2load")
    def test_h2load(self):
        answer = run("h2load", "--h1", "-n", "400", "-c", "8", "-d", self.body, f"{self.url}/").stdout.decode()
        self.assertIn("400 succeeded, 0 failed, 0 errored, 0 timeout", answer)

    @needs("node")
    def test_node(self):
        program = """
            const http = require("http"), fs = require("fs");
            const [url, file] = process.argv.slice(1), body = fs.readFileSync(file);
            const agent = new http.Agent({keepAlive: true, maxSockets: 1});
            const ports = new Set();
            const send = (headers) => new Promise((resolve, reject) => {
                const request = http.request(url, {agent, method: "POST", headers}, (answer) => {
                    const parts = [];
                    ports.add(answer.socket.localPort);
                    answer.on("data", (part) => parts.push(part));
                    answer.on("end", () => Buffer.concat(parts).equals(body) ? resolve() : reject(new Error("content")));
                });
                request.on("error", reject);
                request.write(body.subarray(0, 5000));
                request.end(body.subarray(5000));
            });
            (async () => {
                for (let i = 0; i < 20; ++i) await send(i % 2 ? {"Content-Length": body.length} : {});
                console.log(ports.size);
                agent.destroy();
            })();
        """
        self.assertEqual(run("node", "-e", program, self.url, self.body).stdout, b"1\n")

    @needs("chromedriver")
    def test_chromium(self):
        program = """
            const body = new Uint8Array(100000).map((_, i) => i * 7);
            const same = (bytes) => bytes.length === body.length && bytes.every((byte, i) => byte === body[i]);
            return (async () => {
                let good = 0;
                for (let i = 0; i < 20; ++i) {
                    const answer = await fetch("/post" + i, {method: "POST", body});
                    good += answer.ok && same(new Uint8Array(await answer.arrayBuffer()));
                    good += await (await fetch("/get%20" + i)).text() === "/get " + i;
                }
                // Where the connection persisted there was no time for connecting.
                const made = performance.getEntriesByType("resource").filter((each) => each.connectEnd > each.connectStart);
                return [good, made.length];
            })();
        """
        with Browser() as browser:
            browser.open(f"{self.url}/page")
            self.assertEqual(browser.run("return document.body.textContent"), "/page")
            good, connections_made = browser.run(program)
        self.assertEqual(good, 40)
        self.assertLessEqual(connections_made, 1)


if __name__ == "__main__":
    unittest.main()
