#include "daemon/config/config_printer.h"

#include <algorithm>

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include "daemon/config/config_condition_reader.h"
#include "daemon/config/config_files_reader.h"
#include "daemon/config/config_value.h"
#include "daemon/config/syslog_address.h"

namespace basehttpd {
namespace {

using YAML::BeginMap;
using YAML::BeginSeq;
using YAML::EndMap;
using YAML::EndSeq;

class ConfigPrinter {
  public:
    ConfigPrinter() {
        out_.SetIndent(2);
        out_.SetBoolFormat(YAML::TrueFalseBool);
        out_ << BeginMap;
    }

    void print(const Config& config);

    std::string finish() {
        out_ << EndMap;
        return std::string(out_.c_str(), out_.size()) + '\n';
    }

  private:
    void text(const char* key, const std::string& value) { out_ << YAML::Key << key << YAML::Value << value; }
    void flag(const char* key, bool value) { out_ << YAML::Key << key << YAML::Value << value; }
    void size(const char* key, std::uint64_t value) { text(key, format_size(value)); }
    void duration(const char* key, std::chrono::milliseconds value) { text(key, format_duration(value)); }
    void count(const char* key, std::uint64_t value) { out_ << YAML::Key << key << YAML::Value << value; }
    void texts(const char* key, const std::vector<std::string>& values);
    void begin(const char* key) { out_ << YAML::Key << key << YAML::Value << BeginMap; }

    void begin_list(const char* key, std::size_t size) {
        out_ << YAML::Key << key << YAML::Value;
        if (size == 0) out_ << YAML::Flow;  // in block style [] would stand on a line of its own
        out_ << BeginSeq;
    }

    void limits(const basehttp::Limits& limits);
    void strictness(basehttp::Strictness value);
    void sink(const SinkConfig& sink);
    void when(const LogCondition& condition);
    void syslog(const SyslogConfig& syslog);
    void access(const std::vector<AccessSinkConfig>& sinks);
    void error(const std::vector<ErrorSinkConfig>& sinks);
    void log(const LoggingConfig& log);
    void site_log(const SiteLogConfig& log);
    void file_cache(const basehttp::FileCacheLimits& limits);
    void site(const SiteConfig& site);
    void files(const FilesConfig& files);
    void error_pages(const std::vector<ErrorPageConfig>& pages);
    void pairs(const char* key, const FilesConfig::Pairs& pairs);
    void route(const RouteConfig& route);

    YAML::Emitter out_;
};

void ConfigPrinter::print(const Config& config) {
    out_ << YAML::Key << "listen" << YAML::Value << BeginSeq;
    for (const ListenConfig& listen : config.listen)
        out_ << listen.address;
    out_ << EndSeq;
    if (!config.user.empty()) text("user", config.user);
    if (!config.group.empty()) text("group", config.group);
    begin("workers");
    count("count", config.workers.count);
    duration("watchdog", config.workers.watchdog);
    count("crash_limit", config.workers.crash_limit);
    count("poison_limit", config.workers.poison_limit);
    count("max_requests", config.workers.max_requests);
    size("max_memory", config.workers.max_memory);
    out_ << EndMap;
    duration("shutdown_timeout", config.shutdown_timeout);
    text("control", config.control.empty() ? "none" : config.control);
    limits(config.limits);
    const auto tokens = std::ranges::find(kServerTokensNames, config.server_tokens, &ServerTokensName::tokens);
    text("server_tokens", std::string(tokens->name));
    log(config.log);
    file_cache(config.file_cache);
    out_ << YAML::Key << "sites" << YAML::Value << BeginSeq;
    for (const SiteConfig& each : config.sites)
        site(each);
    out_ << EndSeq;
}

void ConfigPrinter::texts(const char* key, const std::vector<std::string>& values) {
    out_ << YAML::Key << key << YAML::Value << YAML::Flow << BeginSeq;
    for (const std::string& value : values)
        out_ << value;
    out_ << EndSeq;
}

void ConfigPrinter::limits(const basehttp::Limits& limits) {
    begin("limits");
    size("request_line", limits.request_line);
    size("header_bytes", limits.header_bytes);
    count("header_fields", limits.header_fields);
    size("body", limits.body);
    duration("header_timeout", limits.header_timeout);
    duration("body_timeout", limits.body_timeout);
    duration("idle_timeout", limits.idle_timeout);
    duration("send_timeout", limits.send_timeout);
    count("connections", limits.connections);
    count("requests_per_connection", limits.requests_per_connection);
    strictness(limits.strictness);
    out_ << EndMap;
}

void ConfigPrinter::strictness(basehttp::Strictness value) {
    text("strictness", std::string(std::ranges::find(kStrictnessNames, value, &StrictnessName::strictness)->name));
}

void ConfigPrinter::sink(const SinkConfig& sink) {
    switch (sink.kind) {
        case SinkConfig::Kind::file:
            return text("file", sink.path);
        case SinkConfig::Kind::standard_output:
            begin("stdout");
            break;
        case SinkConfig::Kind::standard_error:
            begin("stderr");
            break;
        case SinkConfig::Kind::pipe:
            return text("pipe", sink.command);
        case SinkConfig::Kind::journal:
            begin("journal");
            text("path", sink.path);
            break;
        case SinkConfig::Kind::syslog:
            syslog(sink.syslog);
            break;
    }
    out_ << EndMap;
}

void ConfigPrinter::when(const LogCondition& condition) {
    if (condition.always_holds()) return;
    begin("when");
    std::vector<std::string> statuses;
    std::ranges::transform(condition.statuses, std::back_inserter(statuses), format_statuses);
    if (!statuses.empty()) texts("status", statuses);
    std::vector<std::string> paths;
    for (const LogCondition::PathPattern& pattern : condition.paths)
        paths.push_back((pattern.excludes ? "!" : "") + pattern.glob);
    if (!paths.empty()) texts("path", paths);
    if (condition.slower.count() != 0) duration("slower", condition.slower);
    if (condition.sample != 1) count("sample", condition.sample);
    out_ << EndMap;
}

void ConfigPrinter::syslog(const SyslogConfig& syslog) {
    const auto facility = std::ranges::find(kSyslogFacilities, syslog.facility, &SyslogFacility::number);
    const auto form = std::ranges::find(kSyslogForms, syslog.form, &SyslogFormName::form);
    begin("syslog");
    text("facility", std::string(facility->name));
    text("tag", syslog.tag);
    text("to", format_syslog_address(syslog.to));
    text("form", std::string(form->name));
}

void ConfigPrinter::access(const std::vector<AccessSinkConfig>& sinks) {
    begin_list("access", sinks.size());
    for (const AccessSinkConfig& access : sinks) {
        out_ << BeginMap;
        sink(access.sink);
        text("format", access.format);
        when(access.when);
        out_ << EndMap;
    }
    out_ << EndSeq;
}

void ConfigPrinter::error(const std::vector<ErrorSinkConfig>& sinks) {
    begin_list("error", sinks.size());
    for (const ErrorSinkConfig& error : sinks) {
        out_ << BeginMap;
        sink(error.sink);
        text("level", std::string(basehttp::severity_name(error.level)));
        out_ << EndMap;
    }
    out_ << EndSeq;
}

void ConfigPrinter::log(const LoggingConfig& log) {
    begin("log");
    access(log.access);
    error(log.error);
    begin("privacy");
    count("ipv4", log.privacy.ipv4);
    count("ipv6", log.privacy.ipv6);
    out_ << EndMap;
    flag("resolve_hostnames", log.resolve_hostnames);
    duration("ring_wait", log.ring_wait);
    out_ << EndMap;
}

void ConfigPrinter::site_log(const SiteLogConfig& log) {
    if (!log.access && !log.error) return;
    begin("log");
    if (log.access) access(*log.access);
    if (log.error) error(*log.error);
    out_ << EndMap;
}

void ConfigPrinter::site(const SiteConfig& site) {
    out_ << BeginMap;
    if (site.hosts.empty()) {
        text("host", "*");
    } else {
        texts("host", site.hosts);
    }
    if (!site.root.empty()) text("root", site.root);
    files(site);
    error_pages(site.error_pages);
    strictness(site.strictness);
    site_log(site.log);
    if (!site.routes.empty()) {
        out_ << YAML::Key << "routes" << YAML::Value << BeginSeq;
        for (const RouteConfig& each : site.routes)
            route(each);
        out_ << EndSeq;
    }
    out_ << EndMap;
}

void ConfigPrinter::files(const FilesConfig& files) {
    texts("index", files.index);
    flag("listing", files.listing);
    if (!files.listing_template.file.empty()) text("listing_template", files.listing_template.file);
    flag("hidden_files", files.hidden_files);
    text("symlinks", std::string(std::ranges::find(kSymlinksNames, files.symlinks, &SymlinksName::symlinks)->name));
    flag("precompressed", files.precompressed);
    if (files.expires) duration("expires", *files.expires);
    pairs("headers", files.headers);
    pairs("types", files.types);
}

void ConfigPrinter::pairs(const char* key, const FilesConfig::Pairs& pairs) {
    if (pairs.empty()) return;
    begin(key);
    for (const auto& [name, value] : pairs)
        text(name.c_str(), value);
    out_ << EndMap;
}

void ConfigPrinter::error_pages(const std::vector<ErrorPageConfig>& pages) {
    if (pages.empty()) return;
    begin("error_pages");
    for (const ErrorPageConfig& page : pages)
        text(std::to_string(page.status).c_str(), page.page.file);
    out_ << EndMap;
}

void ConfigPrinter::file_cache(const basehttp::FileCacheLimits& limits) {
    begin("file_cache");
    duration("valid", limits.valid);
    count("entries", limits.entries);
    size("bytes", limits.bytes);
    out_ << EndMap;
}

void ConfigPrinter::route(const RouteConfig& route) {
    out_ << BeginMap;
    text("path", route.path);
    switch (route.handler) {
        case RouteConfig::Handler::files:
            text("handler", "files");
            text("root", route.root);
            files(route.files);
            break;
        case RouteConfig::Handler::redirect:
            text("handler", "redirect");
            text("to", route.to);
            out_ << YAML::Key << "status" << YAML::Value << route.status;
            pairs("headers", route.files.headers);
            break;
    }
    out_ << EndMap;
}

}  // namespace

std::string print_config(const Config& config) {
    ConfigPrinter printer;
    printer.print(config);
    return printer.finish();
}

}  // namespace basehttpd
