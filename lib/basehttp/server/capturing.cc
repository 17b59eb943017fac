#include "basehttp/server/capturing.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// The cookies that are wanted, all found in one walk over those of the request: of what a client sends each byte
// costs the same, however many are wanted.
//
//     cookie-string = cookie-pair *( ";" SP cookie-pair )     (RFC 6265, 4.2.1)
class Cookies {
  public:
    /// Refers to both.
    Cookies(const CaptureList& wanted, const Fields& fields) {
        for (const Capture& each : wanted) {
            if (each.kind == CaptureKind::cookie) cookies_.emplace_back(each.name, std::nullopt);
        }
        std::ranges::sort(cookies_, {}, &Cookie::name);
        if (cookies_.empty()) return;
        for (const FieldLine& line : fields) {
            if (equals_ignoring_case(line.name, "Cookie")) read(line.value);
        }
    }

    /// The first one of that name.
    std::optional<std::string_view> find(std::string_view name) const {
        const auto found = std::ranges::lower_bound(cookies_, name, {}, &Cookie::name);
        return found != cookies_.end() && found->name == name ? found->value : std::nullopt;
    }

  private:
    struct Cookie {
        std::string_view name;
        std::optional<std::string_view> value;
    };

    void read(std::string_view rest) {
        while (!rest.empty()) {
            const std::string_view pair = rest.substr(0, rest.find(';'));
            rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
            const auto equals = pair.find('=');
            if (equals != std::string_view::npos) keep(trimmed(pair.substr(0, equals)), pair.substr(equals + 1));
        }
    }

    void keep(std::string_view name, std::string_view value) {
        const auto found = std::ranges::lower_bound(cookies_, name, {}, &Cookie::name);
        if (found != cookies_.end() && found->name == name && !found->value) found->value = trimmed(value);
    }

    std::vector<Cookie> cookies_;
};

std::optional<std::string> if_any(std::string text) {
    if (text.empty()) return std::nullopt;
    return text;
}

// What is wanted of one exchange. What takes a walk over all that a client has sent is done once.
class Capturing {
  public:
    Capturing(const CaptureList& wanted, const Exchange& exchange, const RequestHandler* handler)
        : exchange_(exchange), handler_(handler), cookies_(wanted, exchange.request.fields) {}

    std::optional<std::string> find(const Capture& wanted) {
        switch (wanted.kind) {
            case CaptureKind::request_field:
                return field_values(exchange_.request.fields, wanted.name);
            case CaptureKind::response_field:
                if (!response_fields_) response_fields_ = fields_of(exchange_.response.head());
                return field_values(*response_fields_, wanted.name);
            case CaptureKind::cookie:
                return std::optional<std::string>(cookies_.find(wanted.name));
            case CaptureKind::request_trailer:
                return field_values(exchange_.body.trailers(), wanted.name);
            case CaptureKind::file:
                return handler_ != nullptr ? if_any(handler_->file_name()) : std::nullopt;
            case CaptureKind::handler:
                return handler_ != nullptr ? if_any(std::string(handler_->handler_name())) : std::nullopt;
            case CaptureKind::note:
                return std::nullopt;  // kept when the handler said it
        }
        return std::nullopt;
    }

  private:
    const Exchange& exchange_;
    const RequestHandler* handler_;
    Cookies cookies_;
    std::optional<Fields> response_fields_;
};

}  // namespace

void capture(const CaptureList& wanted, Exchange& exchange, const RequestHandler* handler) {
    if (wanted.empty()) return;
    Capturing capturing(wanted, exchange, handler);
    for (const Capture& each : wanted) {
        if (const auto value = capturing.find(each))
            Captured::append(exchange.captured, each.kind, each.name, *value);
    }
}

}  // namespace basehttp
