#include "daemon/text/url_host.h"

#include <algorithm>

namespace basehttpd {

std::string take_url_host(std::string_view& url) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!url.starts_with(scheme)) continue;
        const std::size_t end = std::min(url.find_first_of("/?", scheme.size()), url.size());
        std::string host(url.substr(scheme.size(), end - scheme.size()));
        url.remove_prefix(end);
        if (url.empty()) url = "/";
        return host;
    }
    return {};
}

}  // namespace basehttpd
