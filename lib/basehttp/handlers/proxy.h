// Proxy: passes each request on to another server that speaks HTTP/1.1.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/handlers/forwarding_handler.h"
#include "basehttp/server/handler_factory.h"
#include "basehttp/upstream/http_codec.h"

namespace basehttp {

/// What a route of this handler is told. `upstream` must outlive it.
struct ProxyOptions {
    Upstream* upstream = nullptr;
    std::string host{};  ///< the Host of requests; empty: the one that the client has sent
};

class Proxy final : public ForwardingHandler {
  public:
    /// `options` must outlive the handler.
    explicit Proxy(const ProxyOptions* options) : options_(options) {}

    Task<> do_GET() { return pass(); }
    Task<> do_HEAD() { return pass(); }
    Task<> do_POST() { return pass(); }
    Task<> do_PUT() { return pass(); }
    Task<> do_DELETE() { return pass(); }
    Task<> do_PATCH() { return pass(); }
    Task<> do_OPTIONS() { return pass(); }

    static std::vector<Method> extension_methods();

    std::string_view handler_name() const override { return "proxy"; }

  private:
    Task<> pass();

    const ProxyOptions* options_;
    std::optional<HttpCodec> codec_;
};

}  // namespace basehttp
