#include "basehttp/server/lost_requests.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "basehttp/io/wall_clock.h"

namespace basehttp {

std::string what_of(const RequestsInFlight::Found& request) {
    return fmt::format("\"{}\"{}{}", request.line, request.host.empty() ? "" : " for ", request.host);
}

std::string name_of(const RequestsInFlight::Found& request) {
    return fmt::format("{} from {}", what_of(request), request.client.text());
}

std::string count_of(std::size_t requests) {
    if (requests == 0) return "";
    return requests == 1 ? " with a request in flight" : fmt::format(" with {} requests in flight", requests);
}

AccessRecord record_of(const RequestsInFlight::Found& request, int signal) {
    AccessRecord record;
    const std::int64_t now = wall_clock_ns();
    record.arrival_ns = std::clamp<std::int64_t>(request.arrival_ns, 0, now);
    record.duration_ns = now - record.arrival_ns;
    record.client = record.peer = request.client;
    record.ending = Ending::worker_died;
    record.signal = static_cast<std::uint8_t>(signal);
    record.id = request.id;
    record.request_line = request.line;
    record.host = request.host;
    return record;
}

}  // namespace basehttp
