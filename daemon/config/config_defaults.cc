#include "daemon/config/config_defaults.h"

#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

namespace basehttpd {
namespace {

SinkConfig file_sink(const std::string& path, const ConfigPosition& where) {
    SinkConfig sink;
    sink.path = path;
    sink.where = where;
    return sink;
}

}  // namespace

unsigned available_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    // The mask has room for 1024 CPUs; a larger machine makes the call fail.
    if (::sched_getaffinity(0, sizeof(set), &set) == 0) return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
    return std::max(1U, std::thread::hardware_concurrency());
}

std::vector<ListenConfig> listen_everywhere(std::uint16_t port) {
    return {{fmt::format("0.0.0.0:{}", port), {}}, {fmt::format("[::]:{}", port), {}}};
}

std::vector<ListenConfig> listen_locally(std::uint16_t port) {
    return {{fmt::format("127.0.0.1:{}", port), {}}, {fmt::format("[::1]:{}", port), {}}};
}

Config default_config(const std::string& file) {
    const ConfigPosition unwritten{file, 0, 0};
    Config config;
    config.listen = listen_everywhere(80);
    for (ListenConfig& listen : config.listen)
        listen.where = unwritten;
    config.user_where = unwritten;
    config.group_where = unwritten;
    config.workers.count = available_cpus();
    config.control = kDefaultControl;
    config.control_where = unwritten;
    config.log.access.emplace_back().sink = file_sink("/var/log/basehttpd/access.log", unwritten);
    config.log.error.emplace_back().sink = file_sink("/var/log/basehttpd/error.log", unwritten);
    return config;
}

std::string host_part(const std::string& bind) {
    return bind.find(':') == std::string::npos || bind.starts_with('[') ? bind : '[' + bind + ']';
}

Config quick_config(const std::string& directory, const std::string& bind, std::uint16_t port) {
    Config config = default_config({});
    config.listen = bind.empty()
                        ? listen_locally(port)
                        : std::vector<ListenConfig>{{fmt::format("{}:{}", host_part(bind), port), {"--bind", 0, 0}}};
    config.control.clear();
    config.log.access.front().sink.kind = SinkConfig::Kind::standard_output;
    config.log.error.front().sink.kind = SinkConfig::Kind::standard_error;
    std::error_code error;
    const std::filesystem::path root = std::filesystem::absolute(directory, error);
    SiteConfig site;
    site.root = error ? directory : root.lexically_normal().string();
    site.listing = true;
    config.sites.push_back(std::move(site));
    return config;
}

}  // namespace basehttpd
