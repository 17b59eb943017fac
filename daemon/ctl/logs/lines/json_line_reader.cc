#include "daemon/ctl/logs/lines/json_line_reader.h"

#include <algorithm>

#include <simdjson.h>

#include "basehttp/log/json_keys.h"
#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {
namespace {

namespace ondemand = simdjson::ondemand;
using Form = basehttp::JsonKey::Form;

const basehttp::JsonKey* find_key(std::string_view name) {
    const auto* const found = std::ranges::find(basehttp::kJsonKeys, name, &basehttp::JsonKey::name);
    return found == basehttp::kJsonKeys.end() ? nullptr : found;
}

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
    const basehttp::JsonKey* const known = find_key(key);
    if (type == ondemand::json_type::string) {
        std::string_view text;
        if (value.get_string().get(text) != simdjson::SUCCESS) return false;
        if (known != nullptr && known->text != nullptr) record.*known->text = text;
        if (known == nullptr || known->form != Form::time) return true;
        record.time_us = read_iso_time(text);
        return record.time_us.has_value();
    }
    if (type == ondemand::json_type::number) {
        std::int64_t number = 0;
        if (known == nullptr || known->form != Form::number || value.get_int64().get(number) != simdjson::SUCCESS)
            return is_sound(value);
        record.*(known->number) = number;
        return true;
    }
    // Where no response was begun the status is null: that is knowledge, too.
    if (type == ondemand::json_type::null && known != nullptr && known->number == &LogRecord::status)
        record.status = 0;
    return is_sound(value);
}

}  // namespace

struct JsonLineReader::Parser {
    ondemand::parser parser;
};

JsonLineReader::JsonLineReader() : parser_(std::make_unique<Parser>()) {}
JsonLineReader::~JsonLineReader() = default;
JsonLineReader::JsonLineReader(JsonLineReader&&) noexcept = default;
JsonLineReader& JsonLineReader::operator=(JsonLineReader&&) noexcept = default;

bool JsonLineReader::read(std::string_view line, LogRecord& record) {
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
