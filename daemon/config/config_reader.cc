#include "daemon/config/config_reader.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "daemon/config/config_defaults.h"
#include "daemon/config/config_files_reader.h"
#include "daemon/config/config_include.h"
#include "daemon/config/config_limits_reader.h"
#include "daemon/config/config_log_reader.h"
#include "daemon/config/config_map.h"
#include "daemon/config/config_node.h"
#include "daemon/config/config_parser.h"
#include "daemon/config/config_site_reader.h"
#include "daemon/config/config_value.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kShortest = "the shortest configuration is: sites: [{root: /srv/www}]";
constexpr unsigned kMostWorkers = 1024;
constexpr unsigned kMostCrashes = 1000;
constexpr std::uint64_t kMostRequests = 1'000'000'000'000;
constexpr std::uint64_t kLeastMemory = 16ULL << 20U;
constexpr std::uint64_t kMostMemory = 1ULL << 40U;

class ConfigReader {
  public:
    explicit ConfigReader(const std::string& file) : config_(default_config(file)) {}

    std::expected<Config, std::vector<ConfigError>> read(const std::string& file);

  private:
    // Parses `file`, whose text then stays for as long as the reader does.
    std::optional<ConfigNode> parse(const std::string& file, const ConfigNode* included_by);

    void read_main(const ConfigNode& root);
    void read_listen(ConfigMap& map);
    void read_account(ConfigMap& map);
    void read_workers(const ConfigNode& node);
    void read_control(ConfigMap& map);
    void read_include(ConfigMap& map);
    void read_included_file(const std::string& file, const ConfigNode& included_by);
    void sort_errors();

    Config config_;
    std::deque<ConfigSource> sources_;  // nodes point to them: they must not move
    std::vector<ConfigError> errors_;
    SiteReader sites_{errors_};
};

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
        }
        errors_.push_back(std::move(error));
        return std::nullopt;
    }
    sources_.push_back(*std::move(source));
    auto root = parse_yaml(sources_.back());
    if (root) return *std::move(root);
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
    read_listen(map);
    read_account(map);
    if (const ConfigNode* workers = map.find("workers")) read_workers(*workers);
    map.read_duration("shutdown_timeout", {milliseconds(0), hours(1)}, config_.shutdown_timeout);
    read_control(map);
    if (const ConfigNode* limits = map.find("limits")) read_limits(*limits, config_.limits, errors_);
    map.read_choice("server_tokens", kServerTokensNames, &ServerTokensName::tokens, config_.server_tokens);
    sites_.set_strictness(config_.limits.strictness);
    if (const ConfigNode* log = map.find("log")) read_log(*log, config_.log, errors_);
    if (const ConfigNode* cache = map.find("file_cache")) read_file_cache(*cache, config_.file_cache, errors_);
    const ConfigNode* sites = sites_.read_list(map);
    read_include(map);
    map.finish();
    const bool site_written = sites != nullptr && !sites->items.empty();
    if (site_written || sites_.count() > 0 || !errors_.empty()) return;
    errors_.push_back({{root.source->name(), 0, 0}, "there is no site to serve", std::string(kShortest)});
}

void ConfigReader::read_listen(ConfigMap& map) {
    std::vector<ListenConfig> addresses;
    std::map<std::tuple<ListenAddress::Kind, std::string, int>, int> lines;
    const ConfigNode* list = map.for_each_text("listen", [&](const ConfigNode& node) {
        const auto text = map.text_of(node, "listen");
        if (!text) return;
        const auto address = parse_listen_address(*text);
        if (!address) {
            map.report(node, fmt::format("'listen': {} is {}", in_quotes(*text), address.error().message),
                       address.error().hint);
            return;
        }
        const auto [first, is_new] =
            lines.emplace(std::tuple(address->kind, address->host, address->port), node.line);
        if (!is_new) {
            map.report(node, fmt::format("duplicate address {}", in_quotes(*text)),
                       fmt::format("it stands on line {} already", first->second));
        }
        addresses.push_back({*text, node.where()});
    });
    if (list != nullptr) config_.listen = std::move(addresses);
}

void ConfigReader::read_account(ConfigMap& map) {
    if (const ConfigNode* user = map.read_text("user", config_.user)) config_.user_where = user->where();
    const ConfigNode* group = map.read_text("group", config_.group);
    if (group == nullptr) return;
    config_.group_where = group->where();
    if (map.find_bare("user") == nullptr)
        map.report(*group, "'group' without 'user'", "say as which user the workers run");
}

void ConfigReader::read_workers(const ConfigNode& node) {
    ConfigMap map(node, "'workers'", errors_);
    const ConfigNode* count = map.find("count");
    if (count != nullptr && count->text != "auto") {
        map.read_count("count", Range<unsigned>{1, kMostWorkers}, config_.workers.count);
    }
    map.read_count("crash_limit", Range<unsigned>{0, kMostCrashes}, config_.workers.crash_limit);
    map.read_count("poison_limit", Range<unsigned>{0, kMostCrashes}, config_.workers.poison_limit);
    map.read_count("max_requests", Range<std::uint64_t>{0, kMostRequests}, config_.workers.max_requests);
    map.read_size("max_memory", Range<std::uint64_t>{0, kMostMemory}, config_.workers.max_memory);
    if (config_.workers.max_memory != 0 && config_.workers.max_memory < kLeastMemory) {
        map.report(*map.find("max_memory"), "'max_memory' must be at least 16M, or 0 for no limit");
    }
    if (map.read_duration("watchdog", {milliseconds(0), hours(1)}, config_.workers.watchdog) != nullptr) {
        const milliseconds watchdog = config_.workers.watchdog;
        if (watchdog.count() != 0 && watchdog < seconds(1)) {
            map.report(*map.find("watchdog"), "'watchdog' must be at least 1s, or 0 for none");
        }
    }
    map.finish();
}

void ConfigReader::read_control(ConfigMap& map) {
    constexpr std::size_t kLongestPath = 107;  // unix(7)
    std::string path;
    const ConfigNode* node = map.read_text("control", path);
    if (node == nullptr) return;
    config_.control_where = node->where();
    config_.control = path == "none" ? "" : node->source->resolve(path);
    if (config_.control.size() > kLongestPath) {
        map.report(*node, fmt::format("'control' must be at most {} bytes long", kLongestPath));
    }
}

void ConfigReader::read_include(ConfigMap& map) {
    IncludeResolver resolver(map.node().source->name());
    map.for_each_text("include", [&](const ConfigNode& node) {
        const auto pattern = map.text_of(node, "include");
        if (!pattern) return;
        const auto files = resolver.resolve(node.source->resolve(*pattern));
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
    ConfigMap map(*root, "an included file", errors_);
    if (root->kind != ConfigNode::Kind::map) return;
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
