#include "daemon/check/start_check.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "basehttp/io/listen.h"
#include "daemon/check/listen_failure.h"
#include "daemon/check/listen_plan.h"
#include "daemon/check/port_holder.h"
#include "daemon/config/config_source.h"
#include "daemon/process/effective_access.h"
#include "daemon/text/parent_folder.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::IoError;
using basehttp::IoResult;
using basehttp::SocketAddress;
using basehttp::UniqueFd;

// As the kernel answers when it is bound.
IoResult<void> try_path(const SocketAddress& address) {
    const std::string path = address.path();
    struct stat info {};
    if (::lstat(path.c_str(), &info) == 0) {
        if (!basehttp::is_left_over(address)) return std::unexpected(IoError{EADDRINUSE, "bind"});
    } else if (errno != ENOENT) {
        return basehttp::io_failure("bind");
    }
    const std::string folder = parent_folder(path);
    if (::stat(folder.c_str(), &info) != 0) return basehttp::io_failure("bind");
    if (!S_ISDIR(info.st_mode)) return std::unexpected(IoError{ENOTDIR, "bind"});
    if (const int error = effective_access(folder.c_str(), W_OK | X_OK); error != 0)
        return std::unexpected(IoError{error, "bind"});
    return {};
}

IoResult<void> try_address(const SocketAddress& address) {
    if (!address.path().empty()) return try_path(address);
    const auto socket = basehttp::bind_to(address);
    if (!socket) return std::unexpected(socket.error());
    return {};
}

class StartChecker {
  public:
    explicit StartChecker(const Config& config) : config_(config) {}

    std::vector<ConfigError> check() {
        look_for_daemon();
        check_listen();
        check_control();
        return std::move(problems_);
    }

  private:
    void look_for_daemon();
    void check_listen();
    void check_socket(const ListenPlan::Socket& socket);
    void check_taken(const ListenPlan::Socket& socket, const IoError& error);
    void check_control();
    void warn(ConfigError problem);

    const Config& config_;
    pid_t daemon_ = 0;     // that runs with this configuration, as far as its control socket tells
    bool hidden_ = false;  // something is there that this user may not speak to
    std::vector<ConfigError> problems_;
    std::vector<ConfigError> beyond_;
    bool some_ = false;
};

// The kernel says who listens at the control socket (unix(7), SO_PEERCRED).
void StartChecker::look_for_daemon() {
    if (config_.control.empty()) return;
    const auto address = SocketAddress::parse("unix:" + config_.control);
    const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!address || !socket) return;
    if (::connect(socket.get(), address->get(), address->size()) < 0) {
        hidden_ = errno == EACCES || errno == EAGAIN;
        return;
    }
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0) daemon_ = peer.pid;
}

void StartChecker::check_listen() {
    const ListenPlan plan = ListenPlan::of(config_.listen);
    problems_ = plan.problems;
    for (const ListenPlan::Socket& socket : plan.sockets)
        check_socket(socket);
    for (ConfigError& problem : beyond_) {
        if (some_) {
            warn(std::move(problem));
        } else {
            problems_.push_back(std::move(problem));
        }
    }
}

void StartChecker::check_socket(const ListenPlan::Socket& socket) {
    const auto tried = try_address(socket.address);
    some_ = some_ || tried.has_value();
    if (tried) return;
    if (tried.error().code == EADDRINUSE) return check_taken(socket, tried.error());
    const bool optional = socket.optional && is_beyond_machine(tried.error());
    (optional ? beyond_ : problems_).push_back(explain_listen_failure(socket, tried.error()));
}

// A start beside the daemon that runs would fail, and its reload does not. systemd's is for a service that it starts.
void StartChecker::check_taken(const ListenPlan::Socket& socket, const IoError& error) {
    some_ = true;
    const auto holder = find_port_holder(socket.address);
    const bool like_us = holder && holder->name.starts_with("basehttpd");
    const bool is_daemon =
        like_us && daemon_ != 0 && (holder->pid == daemon_ || parent_of_process(holder->pid) == daemon_);
    if (is_daemon || (!holder && daemon_ != 0)) return;
    ConfigError problem = explain_listen_failure(socket, error);
    const bool for_a_service = holder && holder->pid == 1;
    if (for_a_service || (like_us && daemon_ == 0) || (!holder && hidden_)) {
        warn(std::move(problem));
    } else {
        problems_.push_back(std::move(problem));
    }
}

// Without one the daemon starts all the same, and says so.
void StartChecker::check_control() {
    if (config_.control.empty() || config_.control_where.line == 0 || daemon_ != 0 || hidden_) return;
    const auto address = SocketAddress::parse("unix:" + config_.control);
    const auto tried = address ? try_path(*address) : IoResult<void>(std::unexpected(IoError{EINVAL, "bind"}));
    if (tried) return;
    warn({config_.control_where,
          fmt::format("no control socket can be made at {}: {}", in_quotes(config_.control), tried.error().text()),
          "basehttpctl could not reach the daemon", read_excerpt(config_.control_where)});
}

void StartChecker::warn(ConfigError problem) {
    problem.kind = ConfigError::Kind::warning;
    problems_.push_back(std::move(problem));
}

}  // namespace

bool asked_by_daemon() {
    return name_of_process(::getppid()).starts_with("basehttpd");
}

std::vector<ConfigError> check_start(const Config& config) {
    return StartChecker(config).check();
}

}  // namespace basehttpd
