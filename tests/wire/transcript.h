// Transcript: what one connection says and logs for what a client sends. A row of a table is run with its input
// whole, split at every byte and byte by byte, and with an output that is taken one byte at a time: the outcome is
// the same.
#pragma once

#include <deque>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/log/log.h"
#include "basehttp/server/connection.h"
#include "basehttp/server/router.h"
#include "tests/wire/scripted_stream.h"

namespace wire {

/// Keeps what is logged as text: `GET /x HTTP/1.1|200|5|complete` and `error: text`.
class RecordingLog final : public basehttp::Log {
  public:
    void access(const basehttp::AccessRecord& record) override;
    void error(const basehttp::ErrorRecord& record) override;

    std::vector<std::string> records;
    std::vector<std::string> errors;
};

/// What a connection did.
struct Outcome {
    std::string output;  ///< with `*` for the date
    std::vector<std::string> records;
    std::vector<std::string> errors;
    std::vector<std::string> calls;

    bool called(std::string_view call) const;
};

/// The server around the connections of a test.
struct Server {
    explicit Server(basehttp::Limits limits_in = {});

    /// Serves `stream` to its end.
    Outcome serve(ScriptedStream& stream);

    basehttp::Limits limits;
    basehttp::Router router;
    RecordingLog log;
    basehttp::Counters counters;
    basehttp::ServerContext context{limits, router, log, counters};
};

/// One behaviour.
struct Row {
    std::string name;
    std::deque<Arrival> arrivals;
    std::string output;
    std::vector<std::string> records;
    std::vector<std::string> errors{};
    basehttp::Limits limits{};

    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
};

/// Checks `row` in every way of splitting input and output.
void check(const Row& row);

/// Bytes from the client, then its end.
std::deque<Arrival> all(std::string bytes);

/// Bytes from the client, who then waits.
std::deque<Arrival> open(std::string bytes);

/// `bytes` split up, with a pause before each part but the first.
std::deque<Arrival> split_at(const std::deque<Arrival>& arrivals, std::size_t position);
std::deque<Arrival> byte_by_byte(const std::deque<Arrival>& arrivals);

/// A response as the test server gives it: its head with Server and Date, then `fields` (each with its line end),
/// then `body`.
std::string response(std::string_view status, std::string_view fields, std::string_view body);

/// A plain-text response with its Content-Length, and a `Connection: close` where wanted.
std::string text(std::string_view body, std::string_view last_fields = "");

/// An error page of the server, whole.
std::string error(int status, std::string_view message, std::string_view fields_before = "",
                  std::string_view last_fields = "");

/// The record of a request that was answered with error().
std::string error_record(std::string_view line, int status, std::string_view message);

/// `row`, whose last record tells another ending.
Row ended(std::string_view ending, Row row);

/// The line in the error log about it.
std::string error_line(std::string_view line, int status, std::string_view message);

}  // namespace wire
