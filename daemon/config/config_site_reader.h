// Reads the key `sites` of the configuration. Master only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_error.h"
#include "daemon/config/config_map.h"
#include "daemon/config/config_node.h"

namespace basehttpd {

/// Gathers the sites of all files of one configuration, so that no host has two of them.
class SiteReader {
  public:
    explicit SiteReader(std::vector<ConfigError>& errors) : errors_(&errors) {}

    /// Reads the list that stands at `sites` in `file`, if any. Returns its node.
    const ConfigNode* read_list(ConfigMap& file);

    /// For the sites to come that do not say theirs.
    void set_strictness(basehttp::Strictness strictness) { strictness_ = strictness; }

    std::size_t count() const { return sites_.size(); }
    std::vector<SiteConfig> take_sites() { return std::move(sites_); }

  private:
    void read_site(const ConfigNode& node);
    void read_hosts(ConfigMap& map, SiteConfig& site);
    static void check_canonical_host(ConfigMap& map, const SiteConfig& site);
    void claim_host(const std::string& host, const ConfigNode& node);

    std::vector<ConfigError>* errors_;
    std::vector<SiteConfig> sites_;
    basehttp::Strictness strictness_ = basehttp::Strictness::standard;
    std::map<std::string, ConfigPosition> hosts_;  // who has it; "*" stands for the default site
};

}  // namespace basehttpd
