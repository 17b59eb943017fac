// ServerContext: what all connections of one process share. Made by HttpServer or by the daemon's worker before the
// first connection, and there until after the last.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/captured.h"
#include "basehttp/log/log.h"
#include "basehttp/log/occasion.h"
#include "basehttp/log/severity.h"
#include "basehttp/pages/prepared_pages.h"
#include "basehttp/protocol/limits.h"
#include "basehttp/server/counters.h"
#include "basehttp/server/date_cache.h"
#include "basehttp/server/exchange.h"
#include "basehttp/server/head_openings.h"
#include "basehttp/server/log_room.h"
#include "basehttp/server/quarantine.h"
#include "basehttp/server/requests_in_flight.h"
#include "basehttp/server/router.h"
#include "basehttp/server/trusted_proxies.h"

namespace basehttp {

class ClientLimit;
class EventLoop;
class ThreadPool;
enum class AnsweredBy : std::uint8_t;

struct ServerContext {
    ServerContext(const Limits& limits_in, const Router& router_in, Log& log_in, Counters& counters_in)
        : limits(limits_in), router(router_in), log(log_in), counters(counters_in), exchanges(limits_in) {}

    /// Whether any error log takes messages of `severity`: asked before a message is put together.
    bool logs(Severity severity) const { return severity <= log_level; }

    /// A message about the request of `exchange`.
    void log_error(const Exchange& exchange, Severity severity, std::string_view text) const {
        ErrorRecord record{wall_clock_ns(), severity, text};
        if (names_requests) record.request_id = exchange.id;
        if (exchange.site != nullptr) record.site = exchange.site->name();
        log.error(record);
    }

    const Limits& limits;
    const Router& router;
    Log& log;
    Counters& counters;
    LogRoom* log_room = nullptr;               ///< what connections ask before they log, where the log can be full
    const Quarantine* quarantine = nullptr;    ///< requests that no handler gets, if there can be any
    RequestsInFlight* in_flight = nullptr;     ///< where the requests under way are named, if anywhere
    ClientLimit* clients = nullptr;            ///< counts connections by client, where that is limited
    EventLoop* loop = nullptr;                 ///< for handlers that ask for it, where there is one
    ThreadPool* threads = nullptr;             ///< for their blocking calls, likewise
    std::vector<SiteCounters*> site_counters;  ///< for each site, by Site::order; empty: sites are not told apart
    AnsweredBy* answered_by = nullptr;         ///< where to note what answered a request, if anywhere
    TrustedProxies trusted_proxies;            ///< who is believed about clients
    Occasion closed_at_once;                   ///< when to say that a connection of a proxy was
    CaptureList captures;                      ///< what access records hold beyond the usual
    Severity log_level = Severity::debug;      ///< the least severe messages that any error log takes
    ExchangePool exchanges;
    DateCache date;
    HeadOpenings openings{date};
    PreparedPages pages;
    std::string server_version = "basehttpd";         ///< the Server field; empty: not sent
    std::uint32_t instance = std::random_device{}();  ///< tells this process's request ids from others'
    bool names_requests = true;                       ///< error pages and the error log give each request an id
    bool draining = false;                            ///< each response says that the connection closes
    bool stopping = false;  ///< and no connection that had one is waited on for another request
};

}  // namespace basehttp
