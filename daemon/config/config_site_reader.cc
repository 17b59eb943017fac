#include "daemon/config/config_site_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/config/config_value.h"
#include "daemon/config/site_keys.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::string_view kEveryHost = "*";

}  // namespace

const ConfigNode* SiteReader::read_list(ConfigMap& file) {
    return file.for_each_item("sites", [this](const ConfigNode& node) { read_site(node); });
}

void SiteReader::read_site(const ConfigNode& node) {
    ConfigMap map(node, "a site", *errors_);
    if (node.kind != ConfigNode::Kind::map) return;
    SiteConfig site;
    site.where = node.where();
    site.strictness = strictness_;
    read_keys(map, site_keys(), site);
    read_hosts(map, site);
    const ConfigNode* routes = map.find_bare("routes");
    const bool serves = map.find_bare("root") != nullptr || (routes != nullptr && !routes->items.empty());
    if (!serves)
        map.report_absence("this site has neither 'root' nor 'routes'", "write root: FOLDER for a site of files");
    map.finish();
    sites_.push_back(std::move(site));
}

void SiteReader::read_hosts(ConfigMap& map, SiteConfig& site) {
    const ConfigNode* every = nullptr;
    const ConfigNode* list = map.for_each_text("host", [&](const std::string& text, const ConfigNode& node) {
        if (text == kEveryHost) {
            every = &node;
            return;
        }
        const auto host = parse_host(text);
        if (!host) {
            map.report(node, fmt::format("'host': {} is {}", in_quotes(text), host.error().message),
                       host.error().hint);
            return;
        }
        claim_host(*host, node);
        site.hosts.push_back(*host);
    });
    if (every != nullptr && !site.hosts.empty()) {
        map.report(*every, "'*' matches every host that no other site has, and must be the only one");
    }
    check_canonical_host(map, site);
    if (list == nullptr || every != nullptr)
        claim_host(std::string(kEveryHost), every != nullptr ? *every : map.node());
}

// One that the site does not answer to would send its clients elsewhere.
void SiteReader::check_canonical_host(ConfigMap& map, const SiteConfig& site) {
    const auto is_for_it = [&site](const std::string& host) {
        return host == site.canonical_host ||
               (host.starts_with("*.") && site.canonical_host.ends_with(std::string_view(host).substr(1)));
    };
    if (site.canonical_host.empty() || site.hosts.empty() || std::ranges::any_of(site.hosts, is_for_it)) return;
    map.report(*map.find("canonical_host"),
               fmt::format("'canonical_host': this site does not answer to {}", in_quotes(site.canonical_host)),
               "add it to 'host'");
}

void SiteReader::claim_host(const std::string& host, const ConfigNode& node) {
    const auto [owner, is_free] = hosts_.emplace(host, node.where());
    if (is_free) return;
    const std::string place = fmt::format("{}:{}", owner->second.file, owner->second.line);
    if (host == kEveryHost) {
        errors_->push_back(node.error("a second site without 'host'",
                                      fmt::format("give one of them its names; the other one is at {}", place)));
        return;
    }
    errors_->push_back(node.error(fmt::format("duplicate host {}", in_quotes(host)),
                                  fmt::format("it has its site already, at {}", place)));
}

}  // namespace basehttpd
