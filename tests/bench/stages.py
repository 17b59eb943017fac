"""The stages of a request, and the source files of each: the first row that matches has the cost."""

import re

WORKER, LOGGER = "worker", "logger"

# A path below the project's root, a space, a function. Only what has a stage counts: code that all use, like text/ or
# io/task.h, belongs to the stage that uses it.
_WORKER_ROWS = (
    ("record", r"connection\.cc .*::(log_exchange|fill_|ending)|dispatcher\.cc .*log_|basehttp/log/|daemon/worker/.*log|ring_log"),
    ("mark", r"requests_in_flight|quarantine|daemon/board/"),
    ("send", r"socket_stream\.\w+ .*::(write_some|send_|give_way)|server/response_(sender|writer)"),
    ("head", r"protocol/(response_|status)|server/(date_cache|head_openings)|basehttp/pages/|listing_"),
    ("frame", r"protocol/(body_framing|persistence|chunked)|server/body_reader"),
    ("parse", r"protocol/(request|fields|known_field|target|host|version|credentials)"),
    ("route", r"server/(router|dispatcher|capturing|handler_factory|serving)"),
    ("handle", r"basehttp/handlers/|protocol/(condition|range|negotiation|date|multipart|parameters)|server/request_handler"),
    ("receive", r"basehttp/io/(?!task\.h|frame_pool)|server/|daemon/worker/"),
)
_LOGGER_ROWS = (
    ("decode", r"log/(access_record|error_record|log_ring|captured)|daemon/logger/record|daemon/board/"),
    ("format", r"basehttp/log/|daemon/logger/.*(format|encoder|line)"),
    ("write", r"daemon/log"),
)
_ROWS = {role: tuple((stage, re.compile(pattern)) for stage, pattern in rows)
         for role, rows in ((WORKER, _WORKER_ROWS), (LOGGER, _LOGGER_ROWS))}

STAGES = ("receive", "parse", "frame", "route", "handle", "head", "send", "mark", "record", "decode", "format", "write", "other")


def stage_of(role, path, function):
    """The stage of a source line, or None."""
    _, below, rest = path.rpartition("lib/basehttp/")
    if not below:
        _, below, rest = path.rpartition("/daemon/")
    if not below:
        return None
    line = f"{below.lstrip('/')}{rest} {function}"
    return next((stage for stage, pattern in _ROWS[role] if pattern.search(line)), None)
