#include "basehttp/server/http_server.h"

#include <unistd.h>

#include <random>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/thread_pool.h"
#include "basehttp/log/stderr_log.h"
#include "basehttp/server/server_context.h"
#include "basehttp/server/service_notices.h"
#include "basehttp/server/serving.h"
#include "basehttp/server/worker_processes.h"

namespace basehttp {
namespace {

// Where to listen, as SocketAddress::parse() takes it.
std::vector<std::string> addresses_of(const ServerOptions& options) {
    if (!options.listen.empty()) return options.listen;
    const bool v6 = options.host.find(':') != std::string::npos;
    return {(v6 ? "[" + options.host + "]" : options.host) + ":" + std::to_string(options.port)};
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
          listeners(options.listeners.empty() ? ListeningSockets(addresses_of(options), options.port_sharing)
                                              : ListeningSockets(options.listeners)),
          stops(options.stop_on),
          threads(options.threads),
          context(options.limits, router, options.log != nullptr ? *options.log : stderr_log, counters) {
        context.loop = &loop;
        context.threads = &threads;
        context.captures = context.log.captures();
        context.log_level = options.log_level;
        context.server_version = options.version;
        context.trusted_proxies = options.trusted_proxies;
    }

    // How long a stop can take, with the grace that WorkerProcesses give.
    std::chrono::milliseconds longest_stop() const { return options.stop_timeout + 2 * WorkerProcesses::kGrace; }

    void serve();
    void serve_as_worker(const WorkerProcesses::Ties& ties);
    void supervise();

    ServerOptions options;
    const pid_t maker = ::getpid();
    EventLoop loop;
    StderrLog stderr_log;
    Router router;
    Counters counters;
    ListeningSockets listeners;
    StopRequests stops;
    ThreadPool threads;
    ServerContext context;
    ServiceNotices notices{loop, context.log, options.notify};
};

void HttpServer::Parts::serve() {
    Serving serving(loop, context, listeners, options.stop_timeout);
    const auto watch = stops.watch(loop, [this, &serving](Stop how) {
        notices.stopping(longest_stop());
        serving.stop(how);
    });
    serving.run([this] { notices.ready("serves " + listeners.text()); });
}

// The parent alone reads stop requests: this process hears of them through the pipe.
void HttpServer::Parts::serve_as_worker(const WorkerProcesses::Ties& ties) {
    loop.renew();
    notices.leave_to_parent();
    context.in_flight = &ties.in_flight;
    context.instance = std::random_device{}();
    if (options.in_worker) options.in_worker();
    Serving serving(loop, context, listeners, options.stop_timeout);
    ParentWatch watch(serving);
    if (const auto added = loop.add(ties.stop_pipe, EPOLLIN, watch); !added)
        throw std::system_error(added.error().code, std::generic_category(), added.error().operation);
    serving.run([&ties] { ties.signs.begin(); });
}

void HttpServer::Parts::supervise() {
    WorkerProcesses workers(loop, context.log, {options.processes, options.stop_timeout, options.watchdog},
                            [this](const WorkerProcesses::Ties& ties) { serve_as_worker(ties); });
    const auto watch = stops.watch(loop, [this, &workers](Stop how) {
        notices.stopping(longest_stop());
        listeners.close();  // workers take what waits in them; nothing new may come that none would take
        workers.stop(how);
    });
    workers.run([this] { notices.ready(fmt::format("{} workers serve {}", options.processes, listeners.text())); });
}

HttpServer::HttpServer(ServerOptions options, Router router)
    : parts_(std::make_unique<Parts>(std::move(options), std::move(router))) {}

HttpServer::~HttpServer() = default;

void HttpServer::serve_forever() {
    if (!parts_->listeners.is_open()) throw std::logic_error("a server that was stopped does not serve again");
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
    return parts_->listeners.port();
}

EventLoop& HttpServer::loop() {
    return parts_->loop;
}

const Counters& HttpServer::counters() const {
    return parts_->counters;
}

}  // namespace basehttp
