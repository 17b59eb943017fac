#include "daemon/config/handlers/health_handler.h"

#include "basehttp/handlers/health.h"
#include "basehttp/server/handler_factory.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

KeyTable<HealthHandler> HealthHandler::keys() {
    return {};
}

std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> HealthHandler::make(const std::string&,
                                                                                          HandlerResources&) const {
    return basehttp::handler<basehttp::Health>();
}

}  // namespace basehttpd
