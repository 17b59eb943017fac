// JSON in requests and responses, by nlohmann's library (Debian: nlohmann-json3-dev). Not part of libbasehttp: who
// includes this header needs that library's headers.
#pragma once

#include <initializer_list>
#include <string>

#include <nlohmann/json.hpp>

#include "basehttp/protocol/parameters.h"
#include "basehttp/server/request_handler.h"
#include "basehttp/text/ascii.h"

namespace basehttp {

namespace json_detail {

/// `text` as a value; a discarded one where it is no JSON, or lies deeper than any recursion over it should go.
inline nlohmann::json parse(const std::string& text) {
    constexpr int kDeepest = 200;
    struct TooDeep {};
    const auto check = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        if (depth > kDeepest) throw TooDeep();
        return true;
    };
    try {
        return nlohmann::json::parse(text, check, false);
    } catch (const TooDeep&) {
        return nlohmann::json::value_t::discarded;
    }
}

}  // namespace json_detail

/// The content of a request as a JSON value, of at most `limit` bytes and 200 levels. After an error the method may
/// return: the client is told 413, 415 or 400.
inline Task<IoResult<nlohmann::json>> read_json(RequestHandler& handler, std::size_t limit) {
    const auto type = parse_parameters(handler.headers().find(KnownField::content_type).value_or(""));
    const bool is_json =
        type &&
        (equals_ignoring_case(type->value, "application/json") ||
         (type->value.size() > 5 && equals_ignoring_case(type->value.substr(type->value.size() - 5), "+json")));
    if (!is_json) co_return handler.refuse_content(Refusal::not_json);
    const auto content = co_await handler.read_all(limit);
    if (!content) co_return std::unexpected(content.error());
    auto value = json_detail::parse(*content);
    if (value.is_discarded()) co_return handler.refuse_content(Refusal::bad_json);
    co_return std::move(value);
}

/// A whole response with `value` as its content. Bytes that are not UTF-8 are replaced.
inline void send_json(RequestHandler& handler, int code, const nlohmann::json& value,
                      std::initializer_list<FieldLine> fields = {}) {
    const std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    handler.send_content(code, "application/json", text, fields);
}

}  // namespace basehttp
