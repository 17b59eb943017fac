"""What is asked of the servers, and the files that this takes."""

import dataclasses
import os

from servers import FILE_NAME

MODIFIED = 1767225600  # of all files
MODIFIED_DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
SIZES = {"tiny.txt": 12, FILE_NAME: 1024, "medium.txt": 16 << 10, "large.txt": 100 << 10, "huge.bin": 10 << 20}
MANY = [f"many/{number:04}.txt" for number in range(1000)]
MANY_SIZE = 4096
RANGE = (1_000_000, 1_001_023)

BROWSER = (
    "Connection: keep-alive",
    'sec-ch-ua: "Chromium";v="116", "Not)A;Brand";v="24", "Google Chrome";v="116"',
    "sec-ch-ua-mobile: ?0",
    'sec-ch-ua-platform: "Linux"',
    "Upgrade-Insecure-Requests: 1",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Safari/537.36",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
    "Sec-Fetch-Site: same-origin",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-User: ?1",
    "Sec-Fetch-Dest: document",
    "Referer: http://bench.example/index.html",
    "Accept-Encoding: gzip, deflate, br",
    "Accept-Language: en-GB,en;q=0.9",
)


@dataclasses.dataclass(frozen=True)
class Workload:
    """One row of the table: which requests, on how many connections, and the answer that is right."""

    name: str
    title: str
    targets: tuple
    fields: tuple = ()
    status: int = 200
    size: int | None = None  # of the answer's content; None: the server's affair
    connections: int = 64
    depth: int = 1
    closes: bool = False

    def requests(self):
        """The heads, all of one length."""
        fields = "".join(f"{field}\r\n" for field in ("Host: bench.example", *self.fields))
        return [f"GET /{target} HTTP/1.1\r\n{fields}\r\n".encode() for target in self.targets]

    def content(self, site):
        """What the answer to the first request has to contain; None: anything."""
        if self.size is None:
            return None
        whole = (site / self.targets[0]).read_bytes()
        return {200: whole, 206: whole[RANGE[0]:RANGE[1] + 1], 304: b""}[self.status]

    def canned_answer(self):
        """What the floor program sends: a head as long as the servers' own."""
        size = 150 if self.size is None else self.size
        head = [f"HTTP/1.1 {self.status} Floor", "Server: floor/1.0", f"Date: {MODIFIED_DATE}",
                f"Last-Modified: {MODIFIED_DATE}", 'ETag: "69541b80-400"']
        if self.status != 304:
            head += ["Content-Type: text/plain", f"Content-Length: {size}"]
        if self.closes:
            head.append("Connection: close")
        return "\r\n".join([*head, "", ""]).encode() + (b"" if self.status == 304 else b"x" * size)


def _file(name):
    return {"targets": (name,), "size": SIZES[name]}


WORKLOADS = (
    Workload("tiny", "12 B", **_file("tiny.txt")),
    Workload("1k", "1 KiB", **_file(FILE_NAME)),
    Workload("browser", "1 KiB, a browser's 700 B head", **_file(FILE_NAME), fields=BROWSER),
    Workload("1000", "1 KiB, 1 000 connections", **_file(FILE_NAME), connections=1000),
    Workload("close", "1 KiB, a connection for each request", **_file(FILE_NAME), fields=("Connection: close",), closes=True),
    Workload("16k", "16 KiB", **_file("medium.txt")),
    Workload("100k", "100 KiB", **_file("large.txt")),
    Workload("10m", "10 MiB, 8 connections", **_file("huge.bin"), connections=8),
    Workload("many", "1 000 files of 4 KiB", tuple(MANY), size=MANY_SIZE),
    Workload("pipelined", "12 B, pipelined 16 deep", **_file("tiny.txt"), depth=16),
    Workload("304", "conditional GET, 304", **_file(FILE_NAME) | {"size": 0}, status=304,
             fields=(f"If-Modified-Since: {MODIFIED_DATE}",)),
    Workload("range", "1 KiB range of 10 MiB, 206", ("huge.bin",), status=206, size=1024,
             fields=(f"Range: bytes={RANGE[0]}-{RANGE[1]}",)),
    Workload("404", "404", ("missing.txt",), status=404),
)


def write_files(site):
    """Adds to the folder that all serve what the workloads ask for. Every offset of a file has content of its own."""
    (site / "many").mkdir()
    for name, size in (*SIZES.items(), *((name, MANY_SIZE) for name in MANY)):
        path = site / name
        if name != FILE_NAME:
            lines = b"".join(b"%010d\n" % number for number in range(size // 11 + 1))
            path.write_bytes(lines[:size])
        os.utime(path, (MODIFIED, MODIFIED))
