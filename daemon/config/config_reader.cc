#include "daemon/config/config_reader.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "daemon/config/config_defaults.h"
#include "daemon/config/config_include.h"
#include "daemon/config/config_keys.h"
#include "daemon/config/config_map.h"
#include "daemon/config/config_node.h"
#include "daemon/config/config_parser.h"
#include "daemon/config/config_site_reader.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::string_view kShortest = "the shortest configuration is: sites: [{root: /srv/www}]";

class ConfigReader {
  public:
    explicit ConfigReader(const std::string& file) : config_(default_config(file)) {}

    std::expected<Config, std::vector<ConfigError>> read(const std::string& file);

  private:
    // Parses `file`, whose text then stays for as long as the reader does.
    std::optional<ConfigNode> parse(const std::string& file, const ConfigNode* included_by);

    void read_main(const ConfigNode& root);
    void check_account(ConfigMap& map);
    void read_include(ConfigMap& map);
    void read_included_file(const std::string& file, const ConfigNode& included_by);
    void sort_errors();

    Config config_;
    std::deque<ConfigSource> sources_;  // nodes point to them: they must not move
    std::vector<ConfigError> errors_;
    SiteReader sites_{errors_};
};

// A file that nobody meant to be included is often one that a wide pattern caught: a README, a copy of an editor.
void mention_include(ConfigError& error, const ConfigNode& included_by) {
    const bool meant = error.where.file.ends_with(".yaml") || error.where.file.ends_with(".yml");
    if (meant) return;
    error.hint =
        fmt::format("it is included by {}:{}; write include: {} to leave it out", included_by.where().file,
                    included_by.line, included_by.text.substr(0, included_by.text.rfind('/') + 1) + "*.yaml");
}

std::expected<Config, std::vector<ConfigError>> ConfigReader::read(const std::string& file) {
    if (const auto root = parse(file, nullptr)) read_main(*root);
    config_.sites = sites_.take_sites();
    if (errors_.empty()) return std::move(config_);
    sort_errors();
    return std::unexpected(std::move(errors_));
}

std::optional<ConfigNode> ConfigReader::parse(const std::string& file, const ConfigNode* included_by) {
    auto source = ConfigSource::load(file);
    if (!source) {
        ConfigError error = std::move(source.error());
        const bool unreadable = error.where.line == 0;
        if (unreadable && included_by == nullptr) error.hint = "name another one with -c FILE";
        if (unreadable && included_by != nullptr) {
            error = included_by->error(fmt::format("{}: {}", file, error.message));
        } else if (included_by != nullptr) {
            mention_include(error, *included_by);
        }
        errors_.push_back(std::move(error));
        return std::nullopt;
    }
    sources_.push_back(*std::move(source));
    auto root = parse_yaml(sources_.back());
    if (root) return *std::move(root);
    if (included_by != nullptr) mention_include(root.error(), *included_by);
    errors_.push_back(std::move(root.error()));
    return std::nullopt;
}

void ConfigReader::read_main(const ConfigNode& root) {
    if (root.kind == ConfigNode::Kind::nothing) {
        errors_.push_back({{root.source->name(), 0, 0}, "the configuration is empty", std::string(kShortest)});
        return;
    }
    ConfigMap map(root, "a configuration", errors_);
    if (root.kind != ConfigNode::Kind::map) return;
    read_keys(map, server_keys(), config_);
    check_account(map);
    sites_.set_strictness(config_.limits.strictness);
    const ConfigNode* sites = sites_.read_list(map);
    read_include(map);
    map.finish();
    const bool site_written = sites != nullptr && !sites->items.empty();
    if (site_written || sites_.count() > 0 || !errors_.empty()) return;
    errors_.push_back({{root.source->name(), 0, 0}, "there is no site to serve", std::string(kShortest)});
}

void ConfigReader::check_account(ConfigMap& map) {
    const ConfigNode* group = map.find_bare("group");
    if (!config_.group.empty() && map.find_bare("user") == nullptr)
        map.report(*group, "'group' without 'user'", "set 'user' to the account that the workers run as");
}

void ConfigReader::read_include(ConfigMap& map) {
    IncludeResolver resolver(map.node().source->name());
    map.for_each_text("include", [&](const std::string& pattern, const ConfigNode& node) {
        const auto files = resolver.resolve(node.source->resolve(pattern));
        if (!files) {
            map.report(node, fmt::format("'include': {}", files.error().message), files.error().hint);
            return;
        }
        for (const std::string& file : *files)
            read_included_file(file, node);
    });
}

void ConfigReader::read_included_file(const std::string& file, const ConfigNode& included_by) {
    const auto root = parse(file, &included_by);
    if (!root || root->kind == ConfigNode::Kind::nothing) return;
    if (root->kind != ConfigNode::Kind::map) {
        ConfigError error =
            root->error(fmt::format("an included file takes keys with values, not {}", root->description()));
        mention_include(error, included_by);
        errors_.push_back(std::move(error));
        return;
    }
    ConfigMap map(*root, "an included file", errors_);
    sites_.read_list(map);
    map.finish("an included file holds 'sites' alone");
}

// Errors of one file in the order of its lines; the main file first, then the others as they were included.
void ConfigReader::sort_errors() {
    const auto rank = [this](const ConfigError& error) {
        const auto source = std::ranges::find(sources_, error.where.file, &ConfigSource::name);
        return std::tuple(source - sources_.begin(), error.where.line, error.where.column);
    };
    std::ranges::stable_sort(errors_, {}, rank);
}

}  // namespace

std::expected<Config, std::vector<ConfigError>> read_config(const std::string& file) {
    return ConfigReader(file).read(file);
}

}  // namespace basehttpd
