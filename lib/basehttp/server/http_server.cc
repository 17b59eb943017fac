#include "basehttp/server/http_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "basehttp/io/socket_address.h"
#include "basehttp/io/thread_pool.h"
#include "basehttp/log/stderr_log.h"
#include "basehttp/server/server_context.h"
#include "basehttp/server/serving.h"
#include "basehttp/server/worker_processes.h"

namespace basehttp {
namespace {

std::string address_text(const ServerOptions& options) {
    if (!options.unix_path.empty()) return "unix:" + options.unix_path;
    const bool v6 = options.host.find(':') != std::string::npos;
    return (v6 ? "[" + options.host + "]" : options.host) + ":" + std::to_string(options.port);
}

UniqueFd given_listener(int descriptor) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (flags < 0 || ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ||
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0)
        throw std::system_error(errno, std::generic_category(), "the listener that was given");
    int listens = 0;
    socklen_t size = sizeof listens;
    ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
    if (listens == 0) throw std::invalid_argument("the listener that was given does not listen");
    return UniqueFd(descriptor);
}

UniqueFd listen_or_throw(const ServerOptions& options) {
    if (options.listener >= 0) return given_listener(options.listener);
    const std::string text = address_text(options);
    const auto parsed = SocketAddress::parse(text);
    if (!parsed) throw std::invalid_argument(text + ": " + parsed.error());
    auto socket = listen_on(*parsed, options.port_sharing);
    if (!socket)
        throw std::system_error(socket.error().code, std::generic_category(), text + ": " + socket.error().operation);
    return std::move(*socket);
}

// Stops a worker when the parent says so or is gone.
struct ParentWatch final : EventTarget {
    explicit ParentWatch(Serving& served) : serving(served) {}
    void on_events(std::uint32_t) override { serving.stop(Stop::gracefully); }
    Serving& serving;
};

}  // namespace

struct HttpServer::Parts {
    Parts(ServerOptions given, Router routes)
        : options(std::move(given)),
          router(std::move(routes)),
          listener(listen_or_throw(options), options.listener < 0 ? options.unix_path : std::string()),
          stops(options.stop_on),
          threads(options.threads),
          context(options.limits, router, options.log != nullptr ? *options.log : stderr_log, counters) {
        context.loop = &loop;
        context.threads = &threads;
        context.captures = context.log.captures();
        context.server_version = options.version;
    }

    void serve();
    void serve_as_worker(int stop_pipe);
    void supervise();

    ServerOptions options;
    const pid_t maker = ::getpid();
    EventLoop loop;
    StderrLog stderr_log;
    Router router;
    Counters counters;
    ListeningSocket listener;
    StopRequests stops;
    ThreadPool threads;
    ServerContext context;
};

void HttpServer::Parts::serve() {
    Serving serving(loop, context, listener, options.stop_timeout);
    stops.watch(loop, [&serving](Stop how) { serving.stop(how); });
    serving.run();
    stops.ignore(loop);
}

// The parent alone reads stop requests: this process hears of them through the pipe.
void HttpServer::Parts::serve_as_worker(int stop_pipe) {
    loop.renew();
    context.instance = std::random_device{}();
    if (options.in_worker) options.in_worker();
    Serving serving(loop, context, listener, options.stop_timeout);
    ParentWatch watch(serving);
    if (const auto added = loop.add(stop_pipe, EPOLLIN, watch); !added)
        throw std::system_error(added.error().code, std::generic_category(), added.error().operation);
    serving.run();
}

void HttpServer::Parts::supervise() {
    WorkerProcesses workers(loop, context.log, options.stop_timeout,
                            [this](int stop_pipe) { serve_as_worker(stop_pipe); });
    stops.watch(loop, [this, &workers](Stop how) {
        listener.close();  // workers take what waits in it; nothing new may come that none would take
        workers.stop(how);
    });
    workers.run(options.processes);
    stops.ignore(loop);
}

HttpServer::HttpServer(ServerOptions options, Router router)
    : parts_(std::make_unique<Parts>(std::move(options), std::move(router))) {}

HttpServer::~HttpServer() = default;

void HttpServer::serve_forever() {
    if (!parts_->listener.is_open()) throw std::logic_error("a server that was stopped does not serve again");
    if (::getpid() != parts_->maker) {
        parts_->loop.renew();
        parts_->stops.renew();
        parts_->context.instance = std::random_device{}();
    }
    if (parts_->options.processes > 0) {
        parts_->supervise();
    } else {
        parts_->serve();
    }
}

void HttpServer::stop() noexcept {
    parts_->stops.ask(Stop::gracefully);
}

void HttpServer::stop_now() noexcept {
    parts_->stops.ask(Stop::now);
}

std::uint16_t HttpServer::port() const {
    return SocketAddress::of_socket(parts_->listener.get()).port();
}

EventLoop& HttpServer::loop() {
    return parts_->loop;
}

const Counters& HttpServer::counters() const {
    return parts_->counters;
}

}  // namespace basehttp
