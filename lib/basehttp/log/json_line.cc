#include "basehttp/log/json_line.h"

#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <optional>

#include "basehttp/log/request_line.h"
#include "basehttp/text/json.h"

namespace basehttp {
namespace {

// `key` with its quotes and colon, and a comma before it.
template <typename Number>
void append_number(std::string& out, std::string_view key, Number number, int base = 10) {
    std::array<char, 24> digits;
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(key).append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void append_microseconds(std::string& out, std::string_view key, std::int64_t nanoseconds) {
    append_number(out, key, nanoseconds / 1000);
}

void append_text(std::string& out, std::string_view key, std::string_view text) {
    out += key;
    append_json_string(out, text);
}

void append_text_or_null(std::string& out, std::string_view key, std::string_view text) {
    out += key;
    if (text.empty()) {
        out += "null";
    } else {
        append_json_string(out, text);
    }
}

// Addresses hold nothing to escape.
void append_address(std::string& out, std::string_view key, std::string_view port_key, const ClientAddress& address) {
    out.append(key) += '"';
    address.append_to(out);
    out += '"';
    append_number(out, port_key, address.port);
}

void append_request_words(std::string& out, std::string_view line) {
    const auto request = RequestLine::split(line);
    if (!request) {
        out += R"(,"method":null,"target":null,"protocol":null)";
        return;
    }
    append_text(out, R"(,"method":)", request->method);
    append_text(out, R"(,"target":)", request->target);
    append_text(out, R"(,"protocol":)", request->protocol);
}

void append_signal(std::string& out, int signal) {
    out += R"(,"signal":)";
    if (const char* name = ::sigabbrev_np(signal); name != nullptr) {
        out.append("\"SIG").append(name) += '"';
    } else {
        append_number(out, "\"signal ", signal);
        out += '"';
    }
}

std::string_view group_name(CaptureKind kind) {
    switch (kind) {
        case CaptureKind::request_field:
            return "request";
        case CaptureKind::response_field:
            return "response";
        case CaptureKind::cookie:
            return "cookie";
        case CaptureKind::note:
            return "note";
        case CaptureKind::request_trailer:
            return "trailer";
        case CaptureKind::file:
            return "file";
        case CaptureKind::handler:
            return "handler";
    }
    return {};
}

// The entries of one kind; false where there are none. A key comes once, whatever the record holds.
bool append_group(std::string& out, const Captured& captured, CaptureKind kind, std::string_view before) {
    bool any = false;
    const std::size_t start = out.size();
    captured.for_each([&](const Captured::Entry& entry) {
        if (entry.kind != kind || captured.find(kind, entry.name)->data() != entry.value.data()) return;
        out += any ? "," : "";
        append_json_string(out, entry.name);
        out += ':';
        append_json_string(out, entry.value);
        any = true;
    });
    if (!any) return false;
    out += '}';
    std::string head(before);
    head.append("\"").append(group_name(kind)).append("\":{");
    out.insert(start, head);
    return true;
}

bool append_single(std::string& out, const Captured& captured, CaptureKind kind, std::string_view before) {
    const auto value = captured.find(kind, "");
    if (!value) return false;
    out.append(before).append("\"").append(group_name(kind)).append("\":");
    append_json_string(out, *value);
    return true;
}

void append_captured(std::string& out, const Captured& captured) {
    out += R"(,"fields":{)";
    std::string_view before;
    for (const CaptureKind kind : {CaptureKind::request_field, CaptureKind::response_field, CaptureKind::cookie,
                                   CaptureKind::note, CaptureKind::request_trailer}) {
        if (append_group(out, captured, kind, before)) before = ",";
    }
    for (const CaptureKind kind : {CaptureKind::file, CaptureKind::handler}) {
        if (append_single(out, captured, kind, before)) before = ",";
    }
    out += '}';
}

}  // namespace

void JsonLine::append(std::string& out, const AccessRecord& record) {
    out += R"({"time":")";
    time_.append(out, record.arrival_ns);
    append_address(out, R"(","client":)", R"(,"client_port":)", record.client);
    append_address(out, R"(,"peer":)", R"(,"peer_port":)", record.peer);
    append_address(out, R"(,"server":)", R"(,"server_port":)", record.local);
    append_text(out, R"(,"tls":null,"host":)", record.host);
    append_text_or_null(out, R"(,"user":)", record.user);
    append_text(out, R"(,"request":)", record.request_line);
    append_request_words(out, record.request_line);
    if (record.status == 0) {
        out += R"(,"status":null)";
    } else {
        append_number(out, R"(,"status":)", record.status);
    }
    append_number(out, R"(,"bytes":)", record.body_bytes);
    append_number(out, R"(,"bytes_in":)", record.bytes_in);
    append_number(out, R"(,"bytes_out":)", record.bytes_out);
    append_text_or_null(out, R"(,"referer":)", record.referer);
    append_text_or_null(out, R"(,"user_agent":)", record.user_agent);
    out += R"(,"request_id":")";
    record.id.append_to(out);
    append_number(out, R"(","connection":)", record.id.connection);
    append_number(out, R"(,"request_number":)", record.id.request);
    append_text(out, R"(,"site":)", record.site);
    append_text(out, R"(,"route":)", record.route);
    append_number(out, R"(,"worker":)", record.worker);
    append_number(out, R"(,"pid":)", record.pid);
    append_number(out, R"(,"run":")", record.run, 16);
    append_number(out, R"(","serial":)", record.serial);
    out.append(R"(,"ended":")").append(ending_name(record.ending)) += '"';
    if (record.ending == Ending::worker_died) append_signal(out, record.signal);
    append_microseconds(out, R"(,"head_us":)", record.head_ns);
    append_microseconds(out, R"(,"handler_us":)", record.handler_ns);
    append_microseconds(out, R"(,"first_byte_us":)", record.first_byte_ns);
    append_microseconds(out, R"(,"duration_us":)", record.duration_ns);
    if (!record.client_name.empty()) append_text(out, R"(,"client_name":)", record.client_name);
    if (!record.captured.empty()) append_captured(out, record.captured);
    out += '}';
}

}  // namespace basehttp
