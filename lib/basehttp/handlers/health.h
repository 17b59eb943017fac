// Health: tells whoever balances load whether to send clients here: 200, or 503 once the server is to stop.
#pragma once

#include <string_view>

#include "basehttp/server/request_handler.h"

namespace basehttp {

class Health final : public RequestHandler {
  public:
    Task<> do_GET() {
        const bool leaves = stopping();
        send_content(leaves ? 503 : 200, "text/plain; charset=utf-8", leaves ? "stopping\n" : "ok\n",
                     {{"Cache-Control", "no-store"}});
        return {};
    }

    std::string_view handler_name() const override { return "health"; }
};

}  // namespace basehttp
