#include "daemon/check/needed_path.h"

#include <filesystem>
#include <variant>

namespace basehttpd {

std::vector<NeededPath> files_to_read(const Config& config) {
    std::vector<NeededPath> all;
    const auto add_source = [&all](const std::string& file) {
        if (!file.empty()) all.push_back({std::filesystem::absolute(file).string(), {}});
    };
    add_source(config.user_where.file);  // the one that includes the others
    for (const SiteConfig& site : config.sites) {
        if (site.where.file != config.user_where.file) add_source(site.where.file);
    }
    const auto add = [&all](const PageConfig& page) {
        if (!page.file.empty()) all.push_back({page.file, page.where});
    };
    for (const SiteConfig& site : config.sites) {
        for (const ErrorPageConfig& each : site.error_pages)
            add(each.page);
        add(site.listing_template);
        const auto add_template = [&](const auto& handler) {
            if constexpr (requires { handler.listing_template; }) add(handler.listing_template);
        };
        for (const RouteConfig& route : site.routes)
            std::visit(add_template, route.handler);
    }
    return all;
}

}  // namespace basehttpd
