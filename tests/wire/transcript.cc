#include "tests/wire/transcript.h"

#include <algorithm>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "basehttp/pages/error_page.h"
#include "basehttp/protocol/status.h"
#include "tests/wire/spam.h"

namespace wire {
namespace {

std::string with_dates_masked(std::string text) {
    constexpr std::string_view kName = "\r\nDate: ";
    constexpr std::size_t kDate = 29;
    for (auto at = text.find(kName); at != std::string::npos; at = text.find(kName, at + 1)) {
        const std::size_t end = std::min(text.find('\r', at + 2), at + kName.size() + kDate);
        if (end == at + kName.size() + kDate) text.replace(at + kName.size(), kDate, "*");
    }
    return text;
}

void compare(const Row& row, std::string_view way, ScriptedStream stream) {
    Server server(row.limits);
    const Outcome outcome = server.serve(stream);
    const std::string where = fmt::format("{} ({})", row.name, way);
    BOOST_TEST(outcome.output == row.output, where << ": output\n" << outcome.output << "\nis not\n" << row.output);
    BOOST_TEST(fmt::format("{}", fmt::join(outcome.records, "\n")) == fmt::format("{}", fmt::join(row.records, "\n")),
               where << ": records\n"
                     << fmt::format("{}", fmt::join(outcome.records, "\n")));
    BOOST_TEST(fmt::format("{}", fmt::join(outcome.errors, "\n")) == fmt::format("{}", fmt::join(row.errors, "\n")),
               where << ": errors\n"
                     << fmt::format("{}", fmt::join(outcome.errors, "\n")));
    BOOST_TEST(server.counters.busy == 0U, where << ": busy");
    BOOST_TEST(server.counters.requests == row.records.size(), where << ": requests");
}

std::size_t bytes_in(const std::deque<Arrival>& arrivals) {
    std::size_t size = 0;
    for (const Arrival& arrival : arrivals)
        size += arrival.bytes.size();
    return size;
}

}  // namespace

void RecordingLog::access(const basehttp::AccessRecord& record) {
    records.push_back(fmt::format("{}|{}|{}|{}", record.request_line, record.status, record.body_bytes,
                                  basehttp::ending_name(record.ending)));
}

void RecordingLog::error(const basehttp::ErrorRecord& record) {
    errors.push_back(fmt::format("{}: {}", basehttp::severity_name(record.severity), record.text));
}

bool Outcome::called(std::string_view call) const {
    return std::ranges::find(calls, call) != calls.end();
}

Server::Server(basehttp::Limits limits_in) : limits(limits_in) {
    basehttp::Site site;
    site.hosts = {"h", "example.org"};
    site.routes.push_back({"/", basehttp::handler<Spam>()});
    router.add(std::move(site));
    basehttp::Site strict;
    strict.hosts = {"strict.example"};
    strict.routes.push_back({"/", basehttp::handler<Spam>()});
    strict.strictness = basehttp::Strictness::strict;
    router.add(std::move(strict));
    context.server_version = "test";
    context.names_requests = false;  // so that pages can be written down
}

Outcome Server::serve(ScriptedStream& stream) {
    const std::size_t old_records = log.records.size();
    const std::size_t old_errors = log.errors.size();
    basehttp::Connection connection(context, stream, {basehttp::ClientAddress::Family::ipv4, 1, {127, 0, 0, 1}}, 7);
    auto task = connection.serve();
    stream.run(task);
    return {with_dates_masked(stream.output()),
            {log.records.begin() + static_cast<std::ptrdiff_t>(old_records), log.records.end()},
            {log.errors.begin() + static_cast<std::ptrdiff_t>(old_errors), log.errors.end()},
            stream.calls()};
}

void check(const Row& row) {
    compare(row, "whole", ScriptedStream(row.arrivals));
    compare(row, "byte by byte", ScriptedStream(byte_by_byte(row.arrivals)));
    compare(row, "written byte by byte", ScriptedStream(row.arrivals, {}, 1));
    std::deque<Acceptance> slow;
    for (int i = 0; i < 40; ++i)
        slow.insert(slow.end(), {{Acceptance::Kind::block}, {Acceptance::Kind::some, 7}});
    compare(row, "written slowly", ScriptedStream(row.arrivals, slow));
    constexpr std::size_t kMostSplits = 600;
    const std::size_t size = bytes_in(row.arrivals);
    for (std::size_t at = 1; at < size; at += 1 + size / kMostSplits)
        compare(row, fmt::format("split at {}", at), ScriptedStream(split_at(row.arrivals, at)));
}

std::deque<Arrival> all(std::string bytes) {
    return {{Arrival::Kind::bytes, std::move(bytes)}, {Arrival::Kind::end}};
}

std::deque<Arrival> open(std::string bytes) {
    return {{Arrival::Kind::bytes, std::move(bytes)}};
}

std::deque<Arrival> split_at(const std::deque<Arrival>& arrivals, std::size_t position) {
    std::deque<Arrival> split;
    for (const Arrival& arrival : arrivals) {
        if (arrival.bytes.size() > position && position > 0) {
            split.push_back({Arrival::Kind::bytes, arrival.bytes.substr(0, position)});
            split.push_back({Arrival::Kind::pause});
            split.push_back({Arrival::Kind::bytes, arrival.bytes.substr(position)});
            position = 0;
        } else {
            split.push_back(arrival);
            position -= std::min(position, arrival.bytes.size());
        }
    }
    return split;
}

std::deque<Arrival> byte_by_byte(const std::deque<Arrival>& arrivals) {
    std::deque<Arrival> split;
    for (const Arrival& arrival : arrivals) {
        if (arrival.kind != Arrival::Kind::bytes) split.push_back(arrival);
        for (const char byte : arrival.bytes) {
            split.push_back({Arrival::Kind::pause});
            split.push_back({Arrival::Kind::bytes, std::string(1, byte)});
        }
    }
    return split;
}

std::string response(std::string_view status, std::string_view fields, std::string_view body) {
    return fmt::format("HTTP/1.1 {}\r\nServer: test\r\nDate: *\r\n{}\r\n{}", status, fields, body);
}

std::string text(std::string_view body, std::string_view last_fields) {
    return response("200 OK",
                    fmt::format("Content-Type: text/plain\r\nContent-Length: {}\r\n{}", body.size(), last_fields),
                    body);
}

std::string error(int status, std::string_view message, std::string_view fields_before,
                  std::string_view last_fields) {
    const std::string page = basehttp::error_page(status, message);
    return response(fmt::format("{} {}", status, basehttp::find_status(status)->phrase),
                    fmt::format("{}Content-Type: text/html; charset=utf-8\r\nVary: Accept\r\n"
                                "X-Content-Type-Options: nosniff\r\nContent-Length: {}\r\n{}",
                                fields_before, page.size(), last_fields),
                    page);
}

std::string error_record(std::string_view line, int status, std::string_view message) {
    return fmt::format("{}|{}|{}|complete", line, status, basehttp::error_page(status, message).size());
}

Row ended(std::string_view ending, Row row) {
    std::string& record = row.records.back();
    record.replace(record.rfind('|') + 1, std::string::npos, ending);
    return row;
}

std::string error_line(std::string_view line, int status, std::string_view message) {
    return fmt::format("{}: 127.0.0.1: code {}, message {}, request \"{}\"",
                       status >= 500   ? "error"
                       : status == 404 ? "debug"
                                       : "info",
                       status, message, line);
}

}  // namespace wire
