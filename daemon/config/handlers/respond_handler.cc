#include "daemon/config/handlers/respond_handler.h"

#include <array>

#include <fmt/format.h>

#include "basehttp/handlers/respond.h"
#include "basehttp/server/handler_factory.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/config_value.h"
#include "daemon/config/files_keys.h"
#include "daemon/config/handlers/handler_resources.h"

namespace basehttpd {
namespace {

// Of a final response; redirects have a handler that knows where they lead.
struct FinalStatus {
    static std::string_view word() { return "number"; }
    static std::string bounds() { return "200 to 299, or 400 to 599"; }
    static Document schema() { return schema_of_any({schema_of_range(200, 299), schema_of_range(400, 599)}); }
    static std::optional<Document> write(int status) { return Document::bare(std::to_string(status)); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, int& value) {
        std::string text;
        const ConfigNode* node = map.read_text(key, text);
        if (node == nullptr) return nullptr;
        const auto status = parse_count(text);
        if (!status || *status < 200 || *status > 599 || *status / 100 == 3) {
            const bool redirects = status && *status / 100 == 3;
            map.report(*node, fmt::format("'{}' of a response is {}", key, bounds()),
                       redirects ? "write handler: redirect for a redirect" : "");
            return nullptr;
        }
        value = static_cast<int>(*status);
        return node;
    }
};

// Text of any number of lines.
struct Content {
    static std::string_view word() { return "text"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_any({schema_of_type("string"), schema_of_type("number")}); }
    static std::optional<Document> write(const std::string& text) { return Document::of_text(text); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& value) {
        const ConfigNode* node = map.find(key);
        if (node == nullptr) return nullptr;
        if (node->kind != ConfigNode::Kind::scalar) return map.read_text(key, value);
        value = node->text;
        return node;
    }
};

using basehttp::RespondOptions;

constexpr std::array kKeys{
    key<&RespondOptions::status, FinalStatus{}>("status", "The status of the response."),
    key<&RespondOptions::text, Content{}>("text", "The content of the response.")
        .unless_set("the page of the error, or no content"),
    key<&RespondOptions::type, MediaType{}>("type", "The media type of the text."),
    key<&RespondOptions::close, Switch{}>("close", "Whether the connection is closed without a response."),
};

}  // namespace

KeyTable<RespondOptions> RespondHandler::keys() {
    return kKeys;
}

std::optional<std::string> RespondHandler::problem() const {
    const bool has_content = status != 204 && status != 205;
    if (text && !has_content)
        return fmt::format("a response with status {} has no content; leave 'text' out", status);
    if (text && close) return "with 'close' there is no response; leave 'text' out";
    return std::nullopt;
}

std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> RespondHandler::make(
    const std::string&, HandlerResources& resources) const {
    return basehttp::handler<basehttp::Respond>(resources.keep(RespondOptions(*this)));
}

}  // namespace basehttpd
