#include "daemon/logger/sinks/journal_encoder.h"

#include <algorithm>
#include <bit>
#include <concepts>
#include <csignal>
#include <cstdint>

#include <fmt/format.h>

#include "basehttp/log/request_line.h"
#include "daemon/logger/sinks/access_severity.h"

namespace basehttpd {
namespace {

using basehttp::AccessRecord;
using basehttp::Severity;

bool is_control(char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
}

void append_size(std::string& out, std::uint64_t size) {
    for (int shift = 0; shift < 64; shift += 8)
        out += static_cast<char>(size >> static_cast<unsigned>(shift) & 0xFFU);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += name;
    if (std::ranges::none_of(value, is_control)) {
        out += '=';
    } else {
        out += '\n';
        append_size(out, value.size());
    }
    out += value;
    out += '\n';
}

template <std::integral Number>
void append_field(std::string& out, std::string_view name, Number value) {
    const fmt::format_int digits(value);
    append_field(out, name, std::string_view(digits.data(), digits.size()));
}

void append_origin(std::string& out, Severity severity, std::string_view log) {
    append_field(out, "PRIORITY", static_cast<int>(severity));
    out += "SYSLOG_FACILITY=3\nSYSLOG_IDENTIFIER=basehttpd\n";
    append_field(out, "BASEHTTPD_LOG", log);
}

void append_request(std::string& out, std::string_view line) {
    const auto request = basehttp::RequestLine::split(line);
    if (!request) {
        append_field(out, "BASEHTTPD_REQUEST", line);
        return;
    }
    append_field(out, "BASEHTTPD_METHOD", request->method);
    append_field(out, "BASEHTTPD_TARGET", request->target);
    append_field(out, "BASEHTTPD_PATH", request->path());
    append_field(out, "BASEHTTPD_PROTOCOL", request->protocol);
}

void append_id(std::string& out, const basehttp::RequestId& id) {
    out += "BASEHTTPD_REQUEST_ID=";
    id.append_to(out);
    out += '\n';
}

void append_ending(std::string& out, const AccessRecord& record) {
    append_field(out, "BASEHTTPD_ENDED", basehttp::ending_name(record.ending));
    if (record.ending != basehttp::Ending::worker_died) return;
    const char* name = ::sigabbrev_np(record.signal);
    append_field(out, "BASEHTTPD_SIGNAL",
                 name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", record.signal));
}

void append_numbers(std::string& out, const AccessRecord& record) {
    if (record.status != 0) append_field(out, "BASEHTTPD_STATUS", record.status);
    append_field(out, "BASEHTTPD_BYTES", record.body_bytes);
    append_field(out, "BASEHTTPD_BYTES_IN", record.bytes_in);
    append_field(out, "BASEHTTPD_BYTES_OUT", record.bytes_out);
    append_field(out, "BASEHTTPD_CONNECTION", record.id.connection);
    append_field(out, "BASEHTTPD_REQUEST_NUMBER", record.id.request);
    append_field(out, "BASEHTTPD_WORKER", record.worker);
    append_field(out, "BASEHTTPD_PID", record.pid);
    append_field(out, "BASEHTTPD_SERIAL", record.serial);
    append_field(out, "BASEHTTPD_HEAD_US", record.head_ns / 1000);
    append_field(out, "BASEHTTPD_HANDLER_US", record.handler_ns / 1000);
    append_field(out, "BASEHTTPD_FIRST_BYTE_US", record.first_byte_ns / 1000);
    append_field(out, "BASEHTTPD_DURATION_US", record.duration_ns / 1000);
}

}  // namespace

void JournalEncoder::append(std::string& out, const AccessRecord& record) {
    // The line has no control byte but the tabs of its format and its end, which is the field's.
    out += "MESSAGE=";
    message_.append_line(out, record);
    append_origin(out, access_severity(record), "access");
    out += "BASEHTTPD_TIME=";
    time_.append(out, record.arrival_ns);
    out += "\nBASEHTTPD_CLIENT=";
    record.client.append_to(out);
    out += '\n';
    append_field(out, "BASEHTTPD_CLIENT_PORT", record.client.port);
    append_field(out, "BASEHTTPD_HOST", record.host);
    append_field(out, "BASEHTTPD_USER", record.user);
    append_request(out, record.request_line);
    append_id(out, record.id);
    append_field(out, "BASEHTTPD_REFERER", record.referer);
    append_field(out, "BASEHTTPD_USER_AGENT", record.user_agent);
    append_field(out, "BASEHTTPD_SITE", record.site);
    append_field(out, "BASEHTTPD_ROUTE", record.route);
    append_field(out, "BASEHTTPD_RUN", fmt::format("{:x}", record.run));
    append_numbers(out, record);
    append_ending(out, record);
}

void JournalEncoder::append(std::string& out, const ErrorLine& line) {
    out += "MESSAGE=";
    basehttp::append_error_text(out, line.record, line.origin);
    out += '\n';
    append_origin(out, line.record.severity, "error");
    append_field(out, "BASEHTTPD_PROCESS", line.origin);
    if (line.record.request_id.is_set()) append_id(out, line.record.request_id);
    append_field(out, "BASEHTTPD_SITE", line.record.site);
}

}  // namespace basehttpd
