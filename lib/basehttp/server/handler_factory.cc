#include "basehttp/server/handler_factory.h"

#include <algorithm>

namespace basehttp {

const Method* HandlerFactory::find(std::string_view name) const {
    const auto found = std::ranges::find(methods_, name, &Method::name);
    return found == methods_.end() ? nullptr : &*found;
}

bool is_standard_method(std::string_view name) {
    static constexpr std::array<std::string_view, 9> kStandard{"GET",   "HEAD",    "POST",  "PUT",    "DELETE",
                                                               "PATCH", "OPTIONS", "TRACE", "CONNECT"};
    return std::ranges::find(kStandard, name) != kStandard.end();
}

}  // namespace basehttp
