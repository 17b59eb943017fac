// Respond: one response for all requests of a route, whatever their method.
#pragma once

#include <string_view>

#include "basehttp/handlers/respond_options.h"
#include "basehttp/server/request_handler.h"

namespace basehttp {

class Respond final : public RequestHandler {
  public:
    /// `options` must outlive the handler.
    explicit Respond(const RespondOptions* options) : options_(options) {}

    Task<> do_GET() { return respond(); }
    Task<> do_HEAD() { return respond(); }
    Task<> do_POST() { return respond(); }
    Task<> do_PUT() { return respond(); }
    Task<> do_DELETE() { return respond(); }
    Task<> do_PATCH() { return respond(); }
    Task<> do_OPTIONS() { return respond(); }

    std::string_view handler_name() const override { return "respond"; }

  private:
    Task<> respond();
    Task<> send_text();

    const RespondOptions* options_;
};

}  // namespace basehttp
