#include "daemon/ctl/logs/lines/json_line.h"

#include <algorithm>
#include <array>

#include <simdjson.h>

#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {
namespace {

namespace ondemand = simdjson::ondemand;

struct TextKey {
    std::string_view name;
    std::string_view LogRecord::*view;
};

struct NumberKey {
    std::string_view name;
    LogRecord::Number LogRecord::*number;
};

constexpr std::array kTextKeys = std::to_array<TextKey>({
    {"client", &LogRecord::client},
    {"client_name", &LogRecord::client_name},
    {"peer", &LogRecord::peer},
    {"server", &LogRecord::server},
    {"host", &LogRecord::host},
    {"user", &LogRecord::user},
    {"request", &LogRecord::request},
    {"method", &LogRecord::method},
    {"target", &LogRecord::target},
    {"protocol", &LogRecord::protocol},
    {"referer", &LogRecord::referer},
    {"user_agent", &LogRecord::user_agent},
    {"request_id", &LogRecord::request_id},
    {"site", &LogRecord::site},
    {"route", &LogRecord::route},
    {"run", &LogRecord::run},
    {"ended", &LogRecord::ended},
    {"signal", &LogRecord::signal},
});

constexpr std::array kNumberKeys = std::to_array<NumberKey>({
    {"status", &LogRecord::status},
    {"bytes", &LogRecord::bytes},
    {"bytes_in", &LogRecord::bytes_in},
    {"bytes_out", &LogRecord::bytes_out},
    {"client_port", &LogRecord::client_port},
    {"peer_port", &LogRecord::peer_port},
    {"server_port", &LogRecord::server_port},
    {"connection", &LogRecord::connection},
    {"request_number", &LogRecord::request_number},
    {"worker", &LogRecord::worker},
    {"pid", &LogRecord::pid},
    {"serial", &LogRecord::serial},
    {"head_us", &LogRecord::head_us},
    {"handler_us", &LogRecord::handler_us},
    {"first_byte_us", &LogRecord::first_byte_us},
    {"duration_us", &LogRecord::duration_us},
});

// The parser looks no closer at values that nobody asks for: damage in them would pass, and be passed on.
bool is_sound(ondemand::value value) {
    ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    switch (type) {
        case ondemand::json_type::string:
            return value.get_string().error() == simdjson::SUCCESS;
        case ondemand::json_type::number:
            return value.get_double().error() == simdjson::SUCCESS;
        case ondemand::json_type::boolean:
            return value.get_bool().error() == simdjson::SUCCESS;
        case ondemand::json_type::null:
            return value.is_null().error() == simdjson::SUCCESS;
        case ondemand::json_type::array:
            for (auto item : value.get_array()) {
                ondemand::value element;
                if (std::move(item).get(element) != simdjson::SUCCESS || !is_sound(element)) return false;
            }
            return true;
        case ondemand::json_type::object:
            for (auto item : value.get_object()) {
                ondemand::field field;
                if (std::move(item).get(field) != simdjson::SUCCESS) return false;
                if (field.unescaped_key().error() != simdjson::SUCCESS || !is_sound(field.value())) return false;
            }
            return true;
    }
    return false;
}

// Whether the value could be read. One of another type counts as not given: it may come from another program.
bool read_value(std::string_view key, ondemand::value value, LogRecord& record) {
    ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::string) {
        std::string_view text;
        if (value.get_string().get(text) != simdjson::SUCCESS) return false;
        if (key == "time") record.time_us = read_iso_time(text);
        const auto* known = std::ranges::find(kTextKeys, key, &TextKey::name);
        if (known != kTextKeys.end()) record.*known->view = text;
        return key != "time" || record.time_us.has_value();
    }
    if (type == ondemand::json_type::number) {
        const auto* known = std::ranges::find(kNumberKeys, key, &NumberKey::name);
        std::int64_t number = 0;
        if (known == kNumberKeys.end() || value.get_int64().get(number) != simdjson::SUCCESS) return is_sound(value);
        record.*known->number = number;
        return true;
    }
    // Where no response was begun the status is null: that is knowledge, too.
    if (type == ondemand::json_type::null && key == "status") record.status = 0;
    return is_sound(value);
}

}  // namespace

bool is_json_format(std::string_view format) {
    return format == "json" || format.starts_with("json ");
}

struct JsonLine::Parser {
    ondemand::parser parser;
};

JsonLine::JsonLine() : parser_(std::make_unique<Parser>()) {}
JsonLine::~JsonLine() = default;
JsonLine::JsonLine(JsonLine&&) noexcept = default;
JsonLine& JsonLine::operator=(JsonLine&&) noexcept = default;

bool JsonLine::read(std::string_view line, LogRecord& record) {
    record = {};
    ondemand::document document;
    ondemand::object object;
    const simdjson::padded_string_view padded(line.data(), line.size(), line.size() + kLinePadding);
    if (parser_->parser.iterate(padded).get(document) != simdjson::SUCCESS) return false;
    if (document.get_object().get(object) != simdjson::SUCCESS) return false;
    bool any = false;
    for (auto item : object) {
        ondemand::field field;
        std::string_view key;
        if (std::move(item).get(field) != simdjson::SUCCESS) return false;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
        if (!read_value(key, field.value(), record)) return false;
        any = true;
    }
    const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    if (!at_end || !any) return false;
    if (record.method.empty() && !record.request.empty()) split_request_line(record);
    return true;
}

}  // namespace basehttpd
