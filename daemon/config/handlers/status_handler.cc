#include "daemon/config/handlers/status_handler.h"

#include "basehttp/handlers/status_pages.h"
#include "basehttp/server/handler_factory.h"
#include "basehttp/server/route_path.h"
#include "daemon/config/config_key.h"
#include "daemon/config/handlers/handler_resources.h"

namespace basehttpd {

KeyTable<StatusHandler> StatusHandler::keys() {
    return {};
}

std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> StatusHandler::make(
    const std::string& path, HandlerResources& resources) const {
    return basehttp::handler<basehttp::StatusPages>(resources.keep(basehttp::StatusPagesOptions{
        .from = std::string(basehttp::route_pattern(path).path), .source = &resources.status()}));
}

}  // namespace basehttpd
