#include "basehttp/server/handler_factory.h"

#include <algorithm>

namespace basehttp {

const Method* HandlerFactory::find(std::string_view name) const {
    const auto found = std::ranges::find(methods_, name, &Method::name);
    return found == methods_.end() ? nullptr : &*found;
}

std::string HandlerFactory::allow() const {
    std::string names;
    for (const Method& method : methods_)
        names.append(names.empty() ? "" : ", ").append(method.name);
    return names;
}

bool is_standard_method(std::string_view name) {
    static constexpr std::array<std::string_view, 9> kStandard{"GET",   "HEAD",    "POST",  "PUT",    "DELETE",
                                                               "PATCH", "OPTIONS", "TRACE", "CONNECT"};
    return std::ranges::find(kStandard, name) != kStandard.end();
}

}  // namespace basehttp
