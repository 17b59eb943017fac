#include "basehttp/handlers/respond.h"

#include <vector>

namespace basehttp {

Task<> Respond::respond() {
    if (options_->close) {
        abandon_response();
        return {};
    }
    if (options_->text || options_->status < 400) return send_text();
    std::vector<FieldLine> fields;
    for (const auto& [name, value] : options_->headers)
        fields.push_back({name, value});
    send_status_page(options_->status, {}, fields);
    return {};
}

Task<> Respond::send_text() {
    send_response(options_->status);
    if (options_->text) send_header("Content-Type", options_->type);
    for (const auto& [name, value] : options_->headers)
        send_header(name, value);
    end_headers();
    if (options_->text) co_await write(*options_->text);
}

}  // namespace basehttp
