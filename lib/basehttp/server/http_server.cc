#include "basehttp/server/http_server.h"

#include <stdexcept>

#include "basehttp/io/listen.h"

namespace basehttp {
namespace {

UniqueFd bind_or_throw(const ServerAddress& address) {
    const bool v6 = address.host.find(':') != std::string::npos;
    const std::string text = (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
    const auto parsed = SocketAddress::parse(text);
    if (!parsed) throw std::invalid_argument(text + ": " + parsed.error());
    auto socket = listen_on(*parsed);
    if (!socket)
        throw std::system_error(socket.error().code, std::generic_category(), text + ": " + socket.error().operation);
    return std::move(*socket);
}

}  // namespace

HttpServer::HttpServer(const ServerAddress& address, std::unique_ptr<HandlerFactory> handlers, Limits limits,
                       Log* log)
    : limits_(limits),
      router_(std::move(handlers)),
      context_(limits_, router_, log != nullptr ? *log : stderr_log_, counters_),
      listener_(bind_or_throw(address)),
      acceptor_(loop_, listener_.get(), *this),
      connections_(loop_, context_) {
    connections_.on_change = [this] { accept_while_room(); };
}

void HttpServer::serve_forever() {
    if (auto joined = acceptor_.join(); !joined)
        throw std::system_error(joined.error().code, std::generic_category());
    loop_.run();
    cancel();
    acceptor_.leave();
}

std::uint16_t HttpServer::port() const {
    return SocketAddress::of_socket(listener_.get()).port();
}

void HttpServer::on_accepted(UniqueFd socket, const SocketAddress& peer) {
    connections_.open(std::move(socket), peer);
    if (limits_.connections != 0 && connections_.size() >= limits_.connections) acceptor_.leave();
}

void HttpServer::on_accept_failed(const IoError& error) {
    constexpr std::chrono::milliseconds kPause{100};
    context_.log.error(Severity::error, error.text());
    // There is nothing to accept with: tried again when a connection ends, or after a pause.
    acceptor_.leave();
    loop_.arm(*this, kPause);
}

void HttpServer::on_deadline() {
    accept_while_room();
}

void HttpServer::accept_while_room() {
    const bool room = limits_.connections == 0 || connections_.size() < limits_.connections;
    if (room) static_cast<void>(acceptor_.join());
}

}  // namespace basehttp
