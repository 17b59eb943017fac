// JsonKey: one key of a JSON line, as a row of a table: its name, how its value is written, and which member of a
// LogRecord it fills when the line is read back. The writer (JsonLine), and basehttpctl where it reads such lines or
// makes them of others, go by the same rows in the same order. basehttpd-logs(7) lists the keys.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "basehttp/log/access_record.h"
#include "basehttp/log/log_directive.h"
#include "basehttp/log/log_record.h"
#include "basehttp/log/timestamp.h"
#include "basehttp/text/json.h"
#include "basehttp/text/number.h"

namespace basehttp {

/// Appends what was captured as an object, a member for each kind.
void append_captured_json(std::string& out, const Captured& captured);

struct JsonKey {
    enum class Form : std::uint8_t {
        text,    ///< null or "" where there is none
        number,  ///< null where there is none
        time,    ///< RFC 3339 with microseconds
        fields,  ///< what was captured
        null,    ///< for what is yet to come
    };

    std::string_view name;
    Form form = Form::text;
    void (*write)(std::string& out, const LoggedRecord& record, Timestamp& time) = nullptr;
    bool (*is_present)(const AccessRecord& record) = nullptr;  ///< nullptr: in every line

    // What it fills, as the form wants it.
    LogRecord::Number LogRecord::*number = nullptr;
    std::string_view LogRecord::*text = nullptr;
};

namespace json_values {

inline constexpr std::string_view kNull = "null";

inline void put_text_or_null(std::string& out, std::string_view text) {
    if (text.empty()) {
        out += kNull;
    } else {
        append_json_string(out, text);
    }
}

template <auto member>
void text(std::string& out, const LoggedRecord& record, Timestamp&) {
    append_json_string(out, (*record).*member);
}

template <auto member>
void text_or_null(std::string& out, const LoggedRecord& record, Timestamp&) {
    put_text_or_null(out, (*record).*member);
}

/// Of the request line, where it is one.
template <auto member>
void word(std::string& out, const LoggedRecord& record, Timestamp&) {
    if (const RequestLine* const request = record.request(); request != nullptr) {
        append_json_string(out, request->*member);
    } else {
        out += kNull;
    }
}

template <auto member>
void number(std::string& out, const LoggedRecord& record, Timestamp&) {
    append_number(out, (*record).*member);
}

template <auto member>
void microseconds(std::string& out, const LoggedRecord& record, Timestamp&) {
    append_number(out, (*record).*member / 1000);
}

/// Addresses hold nothing to escape.
template <auto member>
void address(std::string& out, const LoggedRecord& record, Timestamp&) {
    out += '"';
    ((*record).*member).append_to(out);
    out += '"';
}

template <auto member>
void port(std::string& out, const LoggedRecord& record, Timestamp&) {
    append_number(out, ((*record).*member).port);
}

inline void time(std::string& out, const LoggedRecord& record, Timestamp& time) {
    out += '"';
    time.append(out, record->arrival_ns);
    out += '"';
}

inline void status(std::string& out, const LoggedRecord& record, Timestamp&) {
    if (record->status == 0) {
        out += kNull;
    } else {
        append_number(out, record->status);
    }
}

inline void request_id(std::string& out, const LoggedRecord& record, Timestamp&) {
    out += '"';
    record->id.append_to(out);
    out += '"';
}

inline void run(std::string& out, const LoggedRecord& record, Timestamp&) {
    out += '"';
    append_number(out, record->run, 16);
    out += '"';
}

inline void ended(std::string& out, const LoggedRecord& record, Timestamp&) {
    out += '"';
    out += ending_name(record->ending);
    out += '"';
}

inline void signal(std::string& out, const LoggedRecord& record, Timestamp&) {
    const char* const name = ::sigabbrev_np(record->signal);
    out += name == nullptr ? "\"signal " : "\"SIG";
    if (name == nullptr) {
        append_number(out, record->signal);
    } else {
        out += name;
    }
    out += '"';
}

}  // namespace json_values

namespace json_keys_detail {

using Form = JsonKey::Form;
using Log = LogRecord;
using Access = AccessRecord;
namespace put = json_values;

// clang-format off
inline constexpr JsonKey kRows[]{
    {.name = "time", .form = Form::time, .write = put::time, .number = &Log::time_us},
    {.name = "client", .write = put::address<&Access::client>, .text = &Log::client},
    {.name = "client_port", .form = Form::number, .write = put::port<&Access::client>, .number = &Log::client_port},
    {.name = "peer", .write = put::address<&Access::peer>, .text = &Log::peer},
    {.name = "peer_port", .form = Form::number, .write = put::port<&Access::peer>, .number = &Log::peer_port},
    {.name = "server", .write = put::address<&Access::local>, .text = &Log::server},
    {.name = "server_port", .form = Form::number, .write = put::port<&Access::local>, .number = &Log::server_port},
    {.name = "tls", .form = Form::null,
     .write = [](std::string& out, const LoggedRecord&, Timestamp&) { out += put::kNull; }},
    {.name = "host", .write = put::text<&Access::host>, .text = &Log::host},
    {.name = "user", .write = put::text_or_null<&Access::user>, .text = &Log::user},
    {.name = "request", .write = put::text<&Access::request_line>, .text = &Log::request},
    {.name = "method", .write = put::word<&RequestLine::method>, .text = &Log::method},
    {.name = "target", .write = put::word<&RequestLine::target>, .text = &Log::target},
    {.name = "protocol", .write = put::word<&RequestLine::protocol>, .text = &Log::protocol},
    {.name = "status", .form = Form::number, .write = put::status, .number = &Log::status},
    {.name = "bytes", .form = Form::number, .write = put::number<&Access::body_bytes>, .number = &Log::bytes},
    {.name = "bytes_in", .form = Form::number, .write = put::number<&Access::bytes_in>, .number = &Log::bytes_in},
    {.name = "bytes_out", .form = Form::number, .write = put::number<&Access::bytes_out>, .number = &Log::bytes_out},
    {.name = "referer", .write = put::text_or_null<&Access::referer>, .text = &Log::referer},
    {.name = "user_agent", .write = put::text_or_null<&Access::user_agent>, .text = &Log::user_agent},
    {.name = "request_id", .write = put::request_id, .text = &Log::request_id},
    {.name = "connection", .form = Form::number,
     .write = [](std::string& out, const LoggedRecord& record, Timestamp&) { append_number(out, record->id.connection); },
     .number = &Log::connection},
    {.name = "request_number", .form = Form::number,
     .write = [](std::string& out, const LoggedRecord& record, Timestamp&) { append_number(out, record->id.request); },
     .number = &Log::request_number},
    {.name = "site", .write = put::text<&Access::site>, .text = &Log::site},
    {.name = "route", .write = put::text<&Access::route>, .text = &Log::route},
    {.name = "worker", .form = Form::number, .write = put::number<&Access::worker>, .number = &Log::worker},
    {.name = "pid", .form = Form::number, .write = put::number<&Access::pid>, .number = &Log::pid},
    {.name = "run", .write = put::run, .text = &Log::run},
    {.name = "serial", .form = Form::number, .write = put::number<&Access::serial>, .number = &Log::serial},
    {.name = "ended", .write = put::ended, .text = &Log::ended},
    {.name = "signal", .write = put::signal,
     .is_present = [](const Access& record) { return record.ending == Ending::worker_died; }, .text = &Log::signal},
    {.name = "head_us", .form = Form::number, .write = put::microseconds<&Access::head_ns>, .number = &Log::head_us},
    {.name = "handler_us", .form = Form::number, .write = put::microseconds<&Access::handler_ns>,
     .number = &Log::handler_us},
    {.name = "first_byte_us", .form = Form::number, .write = put::microseconds<&Access::first_byte_ns>,
     .number = &Log::first_byte_us},
    {.name = "duration_us", .form = Form::number, .write = put::microseconds<&Access::duration_ns>,
     .number = &Log::duration_us},
    {.name = "client_name", .write = put::text<&Access::client_name>,
     .is_present = [](const Access& record) { return !record.client_name.empty(); }, .text = &Log::client_name},
    {.name = "fields", .form = Form::fields,
     .write = [](std::string& out, const LoggedRecord& record, Timestamp&) { append_captured_json(out, record->captured); },
     .is_present = [](const Access& record) { return !record.captured.empty(); }},
};
// clang-format on

}  // namespace json_keys_detail

/// All keys, in the order of a line.
inline constexpr auto kJsonKeys = std::to_array(json_keys_detail::kRows);

}  // namespace basehttp
