#include "basehttp/handlers/respond.h"

namespace basehttp {

Task<> Respond::respond() {
    if (options_->close) {
        abandon_response();
        return {};
    }
    if (options_->text || options_->status < 400) return send_text();
    send_status_page(options_->status, {});
    return {};
}

Task<> Respond::send_text() {
    send_response(options_->status);
    if (options_->text) send_header("Content-Type", options_->type);
    end_headers();
    if (options_->text) co_await write(*options_->text);
}

}  // namespace basehttp
