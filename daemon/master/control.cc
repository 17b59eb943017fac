#include "daemon/master/control.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "basehttp/io/listen.h"
#include "daemon/process/umask.h"

namespace basehttpd {
namespace {

constexpr std::size_t kMostClients = 64;
constexpr std::size_t kLongestCommand = 256;
constexpr std::chrono::milliseconds kCommandTimeout{5000};

// The kernel's word, which needs no /proc: a process can wait for its own children alone.
bool is_own_child(pid_t pid) {
    siginfo_t ended{};
    return pid > 0 && ::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOHANG | WNOWAIT) == 0;
}

// Under a service manager workers have the user of the master, and so of whoever may command it: the user is not
// enough.
bool may_command(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return false;
    return (peer.uid == 0 || peer.uid == ::geteuid()) && !is_own_child(peer.pid);
}

}  // namespace

basehttp::IoResult<std::unique_ptr<Control>> Control::open(SdEvent& events, const std::string& path,
                                                           Commands commands) {
    const auto address = basehttp::SocketAddress::parse("unix:" + path);
    if (!address) return std::unexpected(basehttp::IoError{EINVAL, "bind"});
    const Umask for_us_alone(0177);
    auto socket = basehttp::listen_on(*address);
    if (!socket) return std::unexpected(socket.error());
    return std::unique_ptr<Control>(new Control(events, path, std::move(*socket), std::move(commands)));
}

Control::Control(SdEvent& events, std::string path, basehttp::UniqueFd socket, Commands commands)
    : events_(events), path_(std::move(path)), socket_(std::move(socket)), commands_(std::move(commands)) {
    source_ = events_.on_io(socket_.get(), EPOLLIN, [this](std::uint32_t) { on_client(); });
}

Control::~Control() {
    ::unlink(path_.c_str());
}

void Control::on_client() {
    auto client = std::make_shared<Client>();
    client->socket.reset(::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client->socket || clients_.size() >= kMostClients || !may_command(client->socket.get())) return;
    clients_.push_back(client);
    client->source =
        events_.on_io(client->socket.get(), EPOLLIN, [this, client](std::uint32_t) { on_readable(client); });
    client->deadline = events_.after(kCommandTimeout, [this, client] { drop(client); });
}

void Control::on_readable(const std::shared_ptr<Client>& client) {
    std::array<char, kLongestCommand> bytes;
    const ssize_t got = ::recv(client->socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got <= 0) {
        drop(client);
        return;
    }
    client->line.append(bytes.data(), static_cast<std::size_t>(got));
    const std::size_t end = client->line.find('\n');
    if (end == std::string::npos) {
        if (client->line.size() > kLongestCommand) drop(client);
        return;
    }
    client->source = {};
    client->deadline = {};
    commands_(std::string_view(client->line).substr(0, end),
              [this, client = std::weak_ptr(client)](const Verdict& verdict) { answer(client, verdict); });
}

// The socket's buffer takes an answer whole, or the client gets the beginning.
void Control::answer(const std::weak_ptr<Client>& to, const Verdict& verdict) {
    const auto client = to.lock();
    if (!client) return;
    const std::string text = format_verdict(verdict);
    [[maybe_unused]] const ssize_t sent =
        ::send(client->socket.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    drop(client);
}

void Control::drop(const std::shared_ptr<Client>& client) {
    client->source = {};
    client->deadline = {};
    clients_.remove(client);
}

}  // namespace basehttpd
