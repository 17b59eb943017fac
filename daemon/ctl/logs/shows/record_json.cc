#include "daemon/ctl/logs/shows/record_json.h"

#include <algorithm>

#include <fmt/format.h>

#include "basehttp/log/json_keys.h"
#include "basehttp/text/json.h"
#include "basehttp/text/number.h"
#include "basehttp/text/utf8.h"
#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {
namespace {

using basehttp::JsonKey;

void append_text_or_null(std::string& out, std::string_view text) {
    if (text.empty()) {
        out += "null";
    } else {
        basehttp::append_json_string(out, text);
    }
}

// A status of 0 is one that was not sent.
bool is_known(const JsonKey& key, const LogRecord::Number& number) {
    return number && !(key.number == &LogRecord::status && number == 0);
}

void append_number_or_null(std::string& out, const JsonKey& key, const LogRecord::Number& number) {
    if (is_known(key, number)) {
        basehttp::append_number(out, *number);
    } else {
        out += "null";
    }
}

void append_time_or_null(std::string& out, const LogRecord::Number& time_us) {
    std::string text;
    if (time_us) append_iso_time(text, *time_us);
    append_text_or_null(out, text);
}

void append_fields(std::string& out, const LogRecord& record) {
    std::string packed;
    for (const auto& [kind, name, value] : record.captured)
        basehttp::Captured::append(packed, kind, name, value);
    basehttp::append_captured_json(out, basehttp::Captured::of(packed));
}

void append_value(std::string& out, const JsonKey& key, const LogRecord& record) {
    switch (key.form) {
        case JsonKey::Form::text:
            append_text_or_null(out, record.*key.text);
            break;
        case JsonKey::Form::number:
            append_number_or_null(out, key, record.*key.number);
            break;
        case JsonKey::Form::time:
            append_time_or_null(out, record.*key.number);
            break;
        case JsonKey::Form::fields:
            append_fields(out, record);
            break;
        case JsonKey::Form::null:
            out += "null";
            break;
    }
}

// What is not in every line is there where it says something.
bool is_present(const JsonKey& key, const LogRecord& record) {
    if (key.is_present == nullptr) return true;
    return key.form == JsonKey::Form::fields ? !record.captured.empty() : !(record.*key.text).empty();
}

}  // namespace

void append_record_json(std::string& out, const LogRecord& record) {
    char before = '{';
    for (const JsonKey& key : basehttp::kJsonKeys) {
        if (!is_present(key, record)) continue;
        out += before;
        out += '"';
        out += key.name;
        out += "\":";
        append_value(out, key, record);
        before = ',';
    }
    out += '}';
}

void append_printable_json(std::string& out, std::string_view json) {
    const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (std::ranges::all_of(json, plain)) {
        out += json;
        return;
    }
    while (!json.empty()) {
        const basehttp::Utf8Character character = basehttp::decode_utf8(json);
        const std::size_t length = character.length == 0 ? 1 : character.length;
        if (json.front() == '\t' || json.front() == '\r' || json.front() == '\n') {
            out += ' ';  // between values: within a string it would be escaped already
        } else if (character.length == 0) {
            out += basehttp::kReplacementCharacter;
        } else if (basehttp::is_unprintable(character.code)) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(character.code));
        } else {
            out += json.substr(0, length);
        }
        json.remove_prefix(length);
    }
}

}  // namespace basehttpd
