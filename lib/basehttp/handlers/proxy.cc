#include "basehttp/handlers/proxy.h"

#include "basehttp/handlers/forwarded_methods.h"

namespace basehttp {

std::vector<Method> Proxy::extension_methods() {
    return forwarded_methods([](RequestHandler& handler) { return static_cast<Proxy&>(handler).pass(); });
}

Task<> Proxy::pass() {
    const std::string_view host = options_->host.empty() ? request().host : std::string_view(options_->host);
    codec_.emplace(ForwardedRequest{request(), request_content(), client_address(), host});
    return forward(*options_->upstream, *codec_);
}

}  // namespace basehttp
