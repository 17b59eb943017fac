#include "daemon/master/death_report.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "basehttp/io/wall_clock.h"
#include "basehttp/server/lost_requests.h"
#include "daemon/board/ring_log.h"

namespace basehttpd {
namespace {

using basehttp::count_of;
using basehttp::name_of;
using basehttp::Severity;
using basehttp::what_of;
using Request = basehttp::RequestsInFlight::Found;

// Where a worker had very many requests under way, the access log has them all.
constexpr std::size_t kMostLines = 20;

// Whether the worker has come so far that the request has its line in the access log.
bool is_logged(const Request& request, const WorkerSlot& board) {
    return request.was_to_be_logged && board.ring.written() > request.log_position;
}

// Those that count as requests, the one that it was executing first.
std::vector<Request> requests_of(const WorkerSlot& board) {
    std::vector<Request> requests = board.in_flight.read();
    std::erase_if(requests, [&board](const Request& request) {
        return request.line.empty() || (is_logged(request, board) && !request.at_work);
    });
    std::ranges::stable_partition(requests, &Request::at_work);
    return requests;
}

// Nothing is known of the site before the head is complete.
std::string_view site_of(const Request& request, const SiteNames& sites) {
    return request.fingerprint == 0 ? std::string_view{} : sites.of(request.host);
}

basehttp::AccessRecord record_of(const Request& request, ChildExit how, std::string_view site) {
    basehttp::AccessRecord record = basehttp::record_of(request, how.by_signal ? how.value : 0);
    record.site = site;
    return record;
}

std::optional<DeadlyRequest> deadly_of(const std::vector<Request>& requests) {
    if (requests.empty() || !requests.front().at_work || requests.front().fingerprint == 0) return std::nullopt;
    return DeadlyRequest{requests.front().fingerprint, what_of(requests.front())};
}

}  // namespace

std::optional<DeadlyRequest> report_death(const Death& death, const WorkerSlot& board, const DeathLogs& logs) {
    const std::vector<Request> requests = requests_of(board);
    const std::size_t all = requests.size() + std::min<std::size_t>(board.in_flight.untold(), board.counters.busy);
    const std::string who = fmt::format("worker {} (pid {}) {}", death.slot, death.pid, death.how.text());
    logs.errors.error(death.wanted ? Severity::debug : Severity::error,
                      who + (death.before_ready ? " before it was ready" : "") + count_of(all));
    for (const Request& request : requests) {
        if (!is_logged(request, board))
            logs.accesses.access(record_of(request, death.how, site_of(request, logs.sites)));
    }
    for (std::size_t i = 0; i < std::min(requests.size(), kMostLines); ++i) {
        const std::string text = fmt::format("{} in the middle of {}{}", who, name_of(requests[i]),
                                             requests[i].at_work ? ", which it was working on" : "");
        logs.errors.error(basehttp::ErrorRecord{basehttp::wall_clock_ns(),
                                                death.wanted ? Severity::notice : Severity::error, text,
                                                requests[i].id, site_of(requests[i], logs.sites)});
    }
    return deadly_of(requests);
}

std::optional<DeadlyRequest> bury(const Death& death, const DeathScene& scene) {
    // Its ring may be full because it wanted it to be: the master does not wait for long.
    constexpr std::chrono::milliseconds kLongestRingWait{200};
    // It has no other writer any more, and is still known as its own.
    scene.scoreboard.mend_ring(death.slot, death.pid);
    WorkerSlot& board = scene.scoreboard.slot(death.slot);
    RingLog accesses(board.ring, scene.logger_wake, std::min(longest_ring_wait(scene.config), kLongestRingWait));
    const SiteNames sites(scene.config);
    return report_death(death, board, {scene.errors, accesses, sites});
}

std::optional<DeadlyRequest> deadly_request(const WorkerSlot& board) {
    return deadly_of(requests_of(board));
}

std::string work_of(const WorkerSlot& board) {
    const std::vector<Request> requests = requests_of(board);
    if (requests.empty() || !requests.front().at_work) return "";
    return fmt::format(", working on {}, id {}", name_of(requests.front()), requests.front().id.text());
}

}  // namespace basehttpd
