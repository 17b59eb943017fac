// HttpServer: a server within a program of your own: one thread, or where wanted several processes.
//
//     basehttp::Site site;
//     site.add("/items/{id}", basehttp::handler<Items>());
//     site.add(basehttp::files("/", "/srv/www"));
//     basehttp::HttpServer server({.port = 8000, .stop_on = {SIGINT, SIGTERM}}, std::move(site));
//     server.serve_forever();
//
// A server may be made before fork(2) and served in the child. The disposition of no signal is changed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/listen.h"
#include "basehttp/io/service_manager.h"
#include "basehttp/log/log.h"
#include "basehttp/log/severity.h"
#include "basehttp/protocol/limits.h"
#include "basehttp/server/counters.h"
#include "basehttp/server/function_handler.h"
#include "basehttp/server/router.h"
#include "basehttp/server/trusted_proxies.h"

namespace basehttp {

struct ServerOptions {
    std::string host = "127.0.0.1";     ///< an IPv4 or IPv6 address; empty or `*`: all IPv4 addresses
    std::uint16_t port = 8000;          ///< 0: any that is free
    std::vector<std::string> listen{};  ///< in their place: any of `host:port`, `[v6]:port` and `unix:/path`
    std::vector<int> listeners{};  ///< in the place of all of these: sockets that listen already, passed_sockets()
    PortSharing port_sharing = PortSharing::no;

    std::vector<int> stop_on{};                      ///< signals that stop the server: the second one at once
    std::chrono::milliseconds stop_timeout{30'000};  ///< how long a stop waits for the responses under way

    unsigned processes = 0;             ///< worker processes that share the listeners; 0: none, this process serves
    std::function<void()> in_worker{};  ///< called in each worker process before it serves
    /// A worker whose loop stands still for so long is aborted and replaced; 0: never.
    std::chrono::milliseconds watchdog{0};

    /// Tells the service manager when all serves, when it stops, and that it lives: for Type=notify and WatchdogSec=
    /// of systemd.service(5).
    bool notify = false;

    std::size_t threads = 8;  ///< most threads of one process for RequestHandler::run_blocking()
    Limits limits{};
    TrustedProxies trusted_proxies{};      ///< whose word about clients is taken
    Log* log = nullptr;                    ///< must outlive the server; nullptr: combined lines on standard error
    Severity log_level = Severity::debug;  ///< the least severe messages that it is given; debug: each 404 is one
    std::string version = "basehttpd";     ///< the Server field; empty: not sent
};

class HttpServer {
  public:
    /// Binds, listens and blocks the signals of `stop_on`. Throws std::system_error if an address cannot be had, and
    /// std::invalid_argument if one is no address. Paths of unix sockets that it makes are removed on a stop.
    HttpServer(ServerOptions options, Router router);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Serves until it is told to stop. A server that was stopped does not serve again. SIGPIPE is blocked in this
    /// thread meanwhile, and thereby in the programs and threads that handlers start: see io/sigpipe.h.
    ///
    /// With `processes` this process only supervises: it replaces workers that end, and logs the requests that they
    /// were in the middle of. Workers end within this call, so
    /// that what follows it happens once. If one of the first ends before it serves, as it does when `in_worker`
    /// throws, all are ended, and this throws std::runtime_error.
    void serve_forever();

    /// Has serve_forever() return once the responses under way have ended, or `stop_timeout` is over. May be called
    /// from any thread, from handlers, in any process of the server, and in signal handlers.
    void stop() noexcept;

    /// The same without waiting: what is under way is cut, and logged as aborted. Blocking calls are waited for.
    void stop_now() noexcept;

    /// The first port that is listened on; 0: unix sockets alone.
    std::uint16_t port() const;

    /// The loop of this process: see RequestHandler::loop(). What is added to it before a fork has to be added again
    /// after it.
    EventLoop& loop();

    /// What this process has counted.
    const Counters& counters() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace basehttp
