#include "basehttp/server/capturing.h"

#include <algorithm>
#include <optional>
#include <string>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// The values of all lines named `name` as one list (RFC 9110, 5.3), or nothing.
std::optional<std::string> field_values(const Fields& fields, std::string_view name) {
    std::optional<std::string> values;
    fields.for_each(name, [&values](std::string_view value) {
        if (values) {
            values->append(", ").append(value);
        } else {
            values = value;
        }
    });
    return values;
}

// The lines of a response's head: our own writing, so each is a name, a colon, a space and a value.
Fields fields_of(std::string_view head) {
    Fields fields;
    for (head.remove_prefix(std::min(head.find("\r\n"), head.size())); head.starts_with("\r\n");) {
        head.remove_prefix(2);
        const std::string_view line = head.substr(0, head.find("\r\n"));
        const auto colon = line.find(": ");
        if (colon != std::string_view::npos) fields.add(line.substr(0, colon), line.substr(colon + 2));
        head.remove_prefix(line.size());
    }
    return fields;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_white_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_white_space(text.back()))
        text.remove_suffix(1);
    return text;
}

// cookie-string = cookie-pair *( ";" SP cookie-pair )     (RFC 6265, 4.2.1)
std::optional<std::string> cookie(const Fields& fields, std::string_view name) {
    for (const FieldLine& line : fields) {
        if (!equals_ignoring_case(line.name, "Cookie")) continue;
        for (std::string_view rest = line.value; !rest.empty();) {
            const std::string_view pair = rest.substr(0, rest.find(';'));
            rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
            const auto equals = pair.find('=');
            if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == name)
                return std::string(trimmed(pair.substr(equals + 1)));
        }
    }
    return std::nullopt;
}

std::optional<std::string> if_any(std::string text) {
    if (text.empty()) return std::nullopt;
    return text;
}

std::optional<std::string> find(const Capture& wanted, const Exchange& exchange, const RequestHandler* handler) {
    switch (wanted.kind) {
        case CaptureKind::request_field:
            return field_values(exchange.request.fields, wanted.name);
        case CaptureKind::response_field:
            return field_values(fields_of(exchange.response.head()), wanted.name);
        case CaptureKind::cookie:
            return cookie(exchange.request.fields, wanted.name);
        case CaptureKind::request_trailer:
            return field_values(exchange.body.trailers(), wanted.name);
        case CaptureKind::file:
            return handler != nullptr ? if_any(handler->file_name()) : std::nullopt;
        case CaptureKind::handler:
            return handler != nullptr ? if_any(std::string(handler->handler_name())) : std::nullopt;
        case CaptureKind::note:
            return std::nullopt;  // kept when the handler said it
    }
    return std::nullopt;
}

}  // namespace

void capture(const CaptureList& wanted, Exchange& exchange, const RequestHandler* handler) {
    for (const Capture& each : wanted) {
        if (const auto value = find(each, exchange, handler))
            Captured::append(exchange.captured, each.kind, each.name, *value);
    }
}

}  // namespace basehttp
