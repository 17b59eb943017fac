#include "daemon/check/service_limits.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <spawn.h>

#include "basehttp/io/unique_fd.h"
#include "daemon/config/config_error.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using Properties = std::map<std::string_view, std::string_view>;

Properties split(std::string_view text) {
    Properties properties;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos) properties[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return properties;
}

std::vector<std::string> words(std::string_view text) {
    std::istringstream in{std::string(text)};
    std::vector<std::string> all;
    for (std::string word; in >> word;)
        all.push_back(word);
    return all;
}

// `infinity`, and what is not there, is no limit.
std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
    return value == UINT64_MAX ? std::nullopt : std::optional(value);
}

// `1min 30s 500ms`, as systemd writes times.
std::optional<std::chrono::milliseconds> duration(std::string_view text) {
    static const std::map<std::string_view, double> kUnits{{"us", 0.001}, {"ms", 1},     {"s", 1000},
                                                           {"min", 60e3}, {"h", 3600e3}, {"d", 86400e3}};
    double sum = 0;
    for (const std::string& word : words(text)) {
        const std::size_t digits = std::min(word.find_first_not_of("0123456789."), word.size());
        const auto unit = kUnits.find(std::string_view(word).substr(digits));
        double value = 0;
        const auto end = std::from_chars(word.data(), word.data() + digits, value);
        if (unit == kUnits.end() || end.ec != std::errc{}) return std::nullopt;
        sum += value * unit->second;
    }
    if (text.empty()) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(sum));
}

// A `-` or `+` before a path is about paths that are missing, or about RootDirectory=.
std::vector<std::string> paths(std::string_view text) {
    std::vector<std::string> all = words(text);
    for (std::string& path : all)
        path.erase(0, path.find_first_not_of("-+"));
    return all;
}

void add_directories(std::vector<std::string>& to, std::string_view names, const std::string& below) {
    for (const std::string& name : words(names))
        to.push_back(below + "/" + name.substr(0, name.find(':')));
}

// `/a:/a:rbind /b:/b:norbind`: the places in the service's view.
void add_bound(std::vector<std::string>& to, std::string_view text) {
    for (const std::string& each : words(text)) {
        const std::size_t first = each.find(':');
        const std::size_t second = first == std::string::npos ? first : each.find(':', first + 1);
        to.push_back(first == std::string::npos ? each : each.substr(first + 1, second - first - 1));
    }
}

std::string read_all(int fd) {
    std::string text;
    std::array<char, 4096> piece;
    for (;;) {
        const ssize_t got = ::read(fd, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
}

bool lies_in(std::string_view path, std::string_view folder) {
    if (folder == "/") return true;
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace

bool lies_in_any(std::string_view path, const std::vector<std::string>& folders) {
    return std::ranges::any_of(folders, [path](const std::string& folder) { return lies_in(path, folder); });
}

// systemd.exec(5), ProtectSystem= and ProtectHome=.
bool ServiceLimits::lets_write(const std::string& folder) const {
    static const std::vector<std::string> kNeverProtected{"/dev", "/proc", "/sys"};
    static const std::vector<std::string> kTemporary{"/tmp", "/var/tmp"};
    static const std::vector<std::string> kHomes{"/home", "/root", "/run/user"};
    if (lies_in_any(folder, writable)) return true;
    if (protect_home != "no" && lies_in_any(folder, kHomes)) return false;
    if (private_tmp && lies_in_any(folder, kTemporary)) return true;
    if (protect_system == "strict") return lies_in_any(folder, kNeverProtected);
    std::vector<std::string> read_only;
    if (protect_system != "no") read_only = {"/usr", "/boot", "/efi"};
    if (protect_system == "full") read_only.emplace_back("/etc");
    return !lies_in_any(folder, read_only);
}

bool ServiceLimits::allows_call(std::string_view name) const {
    if (!calls) return true;
    const bool forbidding = !calls->empty() && calls->front().starts_with('~');
    const auto names = [&](std::string_view each) {
        if (each.starts_with('~')) each.remove_prefix(1);
        return each.substr(0, each.find(':')) == name && (forbidding || !each.contains(':'));
    };
    return std::ranges::any_of(*calls, names) != forbidding;
}

std::expected<ServiceLimits, std::string> parse_service_limits(const std::string& unit, std::string_view properties) {
    Properties all = split(properties);
    if (all["LoadState"] != "loaded") {
        return std::unexpected(fmt::format("there is no unit {} (systemd calls it {})", in_quotes(unit),
                                           in_quotes(all["LoadState"].empty() ? "unknown" : all["LoadState"])));
    }
    ServiceLimits limits;
    limits.unit = unit;
    limits.in_use = all["ActiveState"] == "active" || all["UnitFileState"] == "enabled";
    limits.user = all["User"];
    limits.group = all["Group"];
    limits.groups = words(all["SupplementaryGroups"]);
    if (!all["ProtectHome"].empty()) limits.protect_home = all["ProtectHome"];
    if (!all["ProtectSystem"].empty()) limits.protect_system = all["ProtectSystem"];
    limits.private_tmp = all["PrivateTmp"] == "yes";
    limits.private_network = all["PrivateNetwork"] == "yes";
    limits.dynamic_user = all["DynamicUser"] == "yes";
    limits.has_socket = all["TriggeredBy"].find(".socket") != std::string_view::npos;
    limits.sends_reload = all["ExecReload"].find("basehttpctl") != std::string_view::npos;
    limits.writable = paths(all["ReadWritePaths"]);
    add_directories(limits.own, all["LogsDirectory"], "/var/log");
    add_directories(limits.own, all["StateDirectory"], "/var/lib");
    add_directories(limits.own, all["CacheDirectory"], "/var/cache");
    add_directories(limits.own, all["RuntimeDirectory"], "/run");
    limits.writable.insert(limits.writable.end(), limits.own.begin(), limits.own.end());
    add_bound(limits.writable, all["BindPaths"]);
    limits.visible = paths(all["ReadOnlyPaths"]);
    add_bound(limits.visible, all["BindPaths"]);
    add_bound(limits.visible, all["BindReadOnlyPaths"]);
    limits.inaccessible = paths(all["InaccessiblePaths"]);
    limits.capabilities = words(all["AmbientCapabilities"]);
    const std::vector<std::string> families = words(all["RestrictAddressFamilies"]);
    // A list that begins with ~ forbids a few; those of the internet are hardly among them.
    if (!families.empty() && !families.front().starts_with('~')) limits.address_families = families;
    const std::vector<std::string> calls = words(all["SystemCallFilter"]);
    if (!calls.empty()) limits.calls = calls;
    limits.descriptors = number(all["LimitNOFILE"]);
    limits.memory = number(all["MemoryMax"]);
    limits.tasks = number(all["TasksMax"]);
    limits.stop_timeout = duration(all["TimeoutStopUSec"]);
    return limits;
}

std::expected<ServiceLimits, std::string> ask_service_limits(const std::string& unit) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) < 0) return std::unexpected(std::string("pipe: ") + std::strerror(errno));
    const basehttp::UniqueFd reading(pipe[0]);
    basehttp::UniqueFd writing(pipe[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
    const std::array<const char*, 5> arguments{"systemctl", "show", "--", unit.c_str(), nullptr};
    pid_t pid = 0;
    const int failure = ::posix_spawnp(&pid, "systemctl", &actions, nullptr,
                                       const_cast<char* const*>(arguments.data()), environ);  // it only reads them
    ::posix_spawn_file_actions_destroy(&actions);
    writing.reset();
    if (failure != 0) return std::unexpected(std::string("cannot run systemctl: ") + std::strerror(failure));
    const std::string output = read_all(reading.get());
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0) return std::unexpected("systemctl could not tell of " + in_quotes(unit));
    return parse_service_limits(unit, output);
}

std::optional<ServiceLimits> ask_installed_service() {
    // sd_booted(3): without systemd, systemctl only complains.
    if (::access("/run/systemd/system", F_OK) != 0) return std::nullopt;
    const auto ask = [](const char* unit) {
        auto limits = ask_service_limits(unit);
        return limits ? std::optional(*std::move(limits)) : std::nullopt;
    };
    auto service = ask("basehttpd.service");
    if (service && service->in_use) return service;
    const auto socket = ask("basehttpd.socket");
    return socket && socket->in_use ? ask("basehttpd-activated.service") : std::move(service);
}

}  // namespace basehttpd
