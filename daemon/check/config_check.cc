#include "daemon/check/config_check.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "basehttp/handlers/listing_template.h"
#include "basehttp/pages/error_pages.h"
#include "daemon/check/access_probe.h"
#include "daemon/check/check_report.h"
#include "daemon/check/expectation_check.h"
#include "daemon/check/foreign_sites.h"
#include "daemon/check/log_check.h"
#include "daemon/check/owner_check.h"
#include "daemon/check/password_check.h"
#include "daemon/config/config_source.h"
#include "daemon/config/log_captures.h"
#include "daemon/config/sink_name.h"
#include "daemon/text/command_words.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

class ConfigChecker {
  public:
    ConfigChecker(Config& config, ConfigOrigin origin) : config_(config), origin_(origin) {}

    std::vector<ConfigError> check(ExpectationTrial trial) {
        check_account();
        check_owners(config_, report_);
        check_roots();
        for (const ConfigError& warning : check_default_hosts(config_))
            report_.add(warning);
        for (SiteConfig& site : config_.sites)
            read_pages(site);
        read_password_files(config_, report_);
        const std::vector<SinkConfig> sinks = sinks_of(config_);
        check_logs(sinks, report_);
        for (const SinkConfig& sink : sinks) {
            if (sink.kind == SinkConfig::Kind::pipe) check_program(sink);
        }
        check_descriptors(sinks);
        check_captures();
        if (trial == ExpectationTrial::made && !report_.has_error()) check_expectations(config_, workers_, report_);
        return report_.take();
    }

  private:
    void check_account();
    void report_unknown(const UnknownAccount& account);
    void check_root_without_user();
    void check_roots();
    bool check_root_exists(const ServedRoot& root);
    void read_pages(SiteConfig& site);
    template <typename Parse>
    void read_page(PageConfig& page, const char* what, const std::string& root, Parse parse);
    void report_no_identity(int error);
    void report_obstacle(const ServedRoot& root, const AccessObstacle& obstacle, const char* hint);
    void check_program(const SinkConfig& sink);
    void check_captures();
    void check_descriptors(const std::vector<SinkConfig>& sinks);

    Config& config_;
    ConfigOrigin origin_;
    std::optional<Identity> workers_;  // as whom the workers run, where that is somebody else than us
    CheckReport report_;
};

std::string reason(int error) {
    return std::strerror(error);
}

std::string_view deed_of(AccessObstacle::Right right) {
    switch (right) {
        case AccessObstacle::Right::enter:
            return "enter";
        case AccessObstacle::Right::read:
            return "read";
        case AccessObstacle::Right::write:
            return "write";
        case AccessObstacle::Right::execute:
            return "execute";
    }
    return {};
}

std::string own_name() {
    const auto identity = find_identity(std::to_string(::geteuid()), {});
    return identity ? identity->user : std::to_string(::geteuid());
}

void ConfigChecker::check_account() {
    const bool root = ::geteuid() == 0;
    if (config_.user.empty()) {
        if (root) check_root_without_user();
        return;
    }
    auto identity = find_identity(config_.user, config_.group);
    if (!identity) {
        report_unknown(identity.error());
        return;
    }
    // Others than root stay who they are: that `user` is for a start as root.
    if (!root) return;
    if (identity->uid == 0)
        report_.add(config_.user_where, "the workers would run as root", "name an account without rights");
    workers_ = *std::move(identity);
}

void ConfigChecker::report_unknown(const UnknownAccount& account) {
    const bool user = account.part == UnknownAccount::Part::user;
    const std::string& name = user ? config_.user : config_.group;
    const ConfigPosition& where = user ? config_.user_where : config_.group_where;
    if (const std::size_t end = name.find_first_of(" :"); user && end != std::string::npos) {
        report_.add(where, account.message,
                    fmt::format("write one name; the group has a key of its own: group: {}", name.substr(end + 1)));
        return;
    }
    report_.add(where, account.message,
                fmt::format("make it with '{} {}', or name another one",
                            user ? "adduser --system --group" : "addgroup --system", name));
}

void ConfigChecker::check_root_without_user() {
    if (origin_ == ConfigOrigin::file) {
        report_.add(config_.user_where, "started as root, but 'user' is not set",
                    "write user: NAME for the workers to run as");
        return;
    }
    report_.add({}, "serving as root: whoever exploits a bug in the server is root",
                "start it as another user where that is possible", ConfigError::Kind::warning);
}

void ConfigChecker::check_roots() {
    std::vector<ServedRoot> roots = served_roots(config_);
    std::erase_if(roots, [&](const ServedRoot& root) { return !check_root_exists(root); });
    std::vector<std::string> folders;
    for (const ServedRoot& root : roots)
        folders.push_back(root.path);
    const auto obstacles = probe_access(folders, AccessObstacle::Right::read, workers_);
    if (!obstacles) {
        report_no_identity(obstacles.error());
        return;
    }
    for (std::size_t i = 0; i < roots.size(); ++i) {
        if ((*obstacles)[i])
            report_obstacle(roots[i], *(*obstacles)[i], "give it that right, or serve another directory");
    }
}

void ConfigChecker::report_no_identity(int error) {
    report_.add(config_.user_where, fmt::format("cannot become user {}: {}", in_quotes(config_.user), reason(error)));
}

// A folder that we ourselves may not see is left to the probes: they say which one is in the way.
bool ConfigChecker::check_root_exists(const ServedRoot& root) {
    struct stat info {};
    if (::stat(root.path.c_str(), &info) != 0) {
        if (errno == EACCES) return true;
        report_.add_missing(root.where, root.path, "directory", "create it, or correct the path");
        return false;
    }
    if (S_ISDIR(info.st_mode)) return true;
    report_.add(root.where, fmt::format("{} is not a directory", in_quotes(root.path)),
                "a root is the directory to serve");
    return false;
}

void ConfigChecker::read_pages(SiteConfig& site) {
    for (ErrorPageConfig& each : site.error_pages)
        read_page(each.page, "error page", site.root, basehttp::ErrorPages::parse);
    read_page(site.listing_template, "listing template", site.root, basehttp::ListingTemplate::parse);
    const auto read_template = [&](auto& handler) {
        if constexpr (requires { handler.listing_template; })
            read_page(handler.listing_template, "listing template", site.root, basehttp::ListingTemplate::parse);
    };
    for (RouteConfig& route : site.routes)
        std::visit(read_template, route.handler);
}

template <typename Parse>
void ConfigChecker::read_page(PageConfig& page, const char* what, const std::string& root, Parse parse) {
    struct stat info {};
    if (page.file.empty()) return;
    if (::stat(page.file.c_str(), &info) != 0) {
        const int error = errno;
        std::string hint = hint_for_missing_page(page.file, root);
        errno = error;
        report_.add_missing(page.where, page.file, what, std::move(hint));
        return;
    }
    auto source = ConfigSource::load(page.file, fmt::format("the {} {}", what, in_quotes(page.file)));
    if (!source) {
        ConfigError& error = source.error();
        error.hint.clear();  // it speaks of YAML
        if (error.where.line == 0) {
            report_.add(page.where, error.message);
        } else {
            report_.add(error);
        }
        return;
    }
    page.text = source->text();
    const auto parsed = parse(page.text);
    if (parsed) return;
    const basehttp::TemplateError& error = parsed.error();
    const std::vector<std::string_view> known(error.known.begin(), error.known.end());
    const auto [line, column] = source->position(error.offset);
    const ConfigError found =
        source->error_at(line, column, error.message, error.unknown.empty() ? "" : suggest(error.unknown, known));
    report_.add(found);  // a route has its site's template: that is one mistake
}

void ConfigChecker::report_obstacle(const ServedRoot& root, const AccessObstacle& obstacle, const char* hint) {
    const bool self = obstacle.path == root.path;
    const std::string who = fmt::format("user {}", in_quotes(workers_ ? workers_->user : own_name()));
    std::string message = fmt::format("{} cannot {} {}", who, deed_of(obstacle.right), in_quotes(obstacle.path));
    if (!self) message += fmt::format(" on the way to {}", in_quotes(root.path));
    message += ": " + reason(obstacle.error);
    report_.add(root.where, std::move(message), obstacle.error == EACCES ? with_service(hint) : "");
}

// The program that takes the lines runs as the workers' user, as the logger does.
void ConfigChecker::check_program(const SinkConfig& sink) {
    const std::string path = find_program(sink.words.front());
    if (path.empty()) {
        report_.add(sink.where,
                    fmt::format("there is no program {} in any directory of PATH", in_quotes(sink.words.front())),
                    "install it, or write its path");
        return;
    }
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        report_.add_missing(sink.where, path, "program", "install it, or correct the path");
    } else if (!S_ISREG(info.st_mode)) {
        report_.add(sink.where, fmt::format("{} is not a program", in_quotes(path)));
    } else {
        const auto obstacles = probe_access({path}, AccessObstacle::Right::execute, workers_);
        if (!obstacles) return report_no_identity(obstacles.error());
        if (obstacles->front())
            report_obstacle({path, sink.where}, *obstacles->front(), "give it that right, or name another program");
    }
}

// The master has all logs open, and a line to each child and program. The start itself raises the soft limit.
void ConfigChecker::check_descriptors(const std::vector<SinkConfig>& sinks) {
    constexpr rlim_t kOther = 24;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const rlim_t needed = kOther + 2 * sinks.size() + config_.listen.size() + 2 * config_.workers.count;
    if (needed <= limit.rlim_max) return;
    report_.add({},
                fmt::format("the logs, addresses and workers need {} descriptors, and {} are allowed", needed,
                            limit.rlim_max),
                "raise the limit (ulimit -Hn, LimitNOFILE= of a unit), or have fewer of them");
}

// What a worker copies for the logs is bounded, and a log that lacks a field would not say why.
void ConfigChecker::check_captures() {
    const AccessSinkConfig* log = log_without_room(config_);
    if (log == nullptr) return;
    report_.add(
        log->sink.where,
        fmt::format("the formats of the access logs name more than {} fields, cookies and notes, up to this one",
                    basehttp::CaptureList::kMost),
        "name fewer");
}

}  // namespace

std::vector<ConfigError> check_config(Config& config, ConfigOrigin origin, ExpectationTrial trial) {
    return ConfigChecker(config, origin).check(trial);
}

}  // namespace basehttpd
