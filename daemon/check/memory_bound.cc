#include "daemon/check/memory_bound.h"

#include <algorithm>
#include <bit>
#include <iterator>

#include <fmt/format.h>

#include "basehttp/handlers/memory_budget.h"
#include "basehttp/handlers/served_file.h"
#include "basehttp/io/input_buffer.h"
#include "basehttp/protocol/fields.h"
#include "basehttp/server/exchange.h"
#include "basehttp/text/human_number.h"
#include "daemon/passwords/password_hash.h"

namespace basehttpd {
namespace {

constexpr std::uint64_t kKilo = 1024;

// Programs, libraries, media types and pages; and what sites and routes keep for themselves.
constexpr std::uint64_t kProgram = 8 * kKilo * kKilo;
constexpr std::uint64_t kSite = 8 * kKilo;
constexpr std::uint64_t kRoute = 4 * kKilo;

// Of an entry of the cache beyond what its limit counts: the nodes of a list and of an index.
constexpr std::uint64_t kCacheNode = 256;

// A connection, its stream and the coroutines that serve it.
constexpr std::uint64_t kCoroutines = 16 * kKilo;

// malloc(3) rounds up and leaves gaps.
constexpr std::uint64_t with_gaps(std::uint64_t bytes) {
    return bytes + bytes / 4;
}

std::uint64_t longest_head(const basehttp::Limits& limits) {
    return limits.request_line + limits.header_bytes + limits.empty_lines * 2;
}

// The buffer doubles until the head fits; then it may grow once more for what comes behind the head. While it grows,
// there are two.
std::uint64_t input(const basehttp::Limits& limits) {
    const std::uint64_t fits = std::bit_ceil(std::max<std::uint64_t>(longest_head(limits), 1));
    return 3 * std::max<std::uint64_t>(fits, basehttp::InputBuffer::kFirstCapacity);
}

std::uint64_t sum(const std::vector<MemoryBound::Part>& parts) {
    std::uint64_t bytes = 0;
    for (const MemoryBound::Part& part : parts)
        bytes += part.bytes;
    return with_gaps(bytes);
}

std::vector<MemoryBound::Part> parts_of_connection(const basehttp::Limits& limits) {
    return {
        {input(limits),
         "three times limits.request_line and limits.header_bytes, as a power of two: the request's bytes"},
        {2 * limits.header_fields * sizeof(basehttp::FieldLine), "for limits.header_fields field lines"},
        {2 * longest_head(limits), "what the logs take from the request"},
        {4 * limits.request_line, "the path, decoded and looked up"},
        {basehttp::Exchange::kMostKept, "the head of the response, and content that waits to be sent"},
        {basehttp::Representation::kMostInMemory, "a file that the cache has let go and that is still being sent"},
        {sizeof(basehttp::Exchange) + kCoroutines, "the connection itself"},
    };
}

std::vector<MemoryBound::Part> parts_of_worker(const Config& config) {
    std::uint64_t routes = 0;
    for (const SiteConfig& site : config.sites)
        routes += site.routes.size();
    std::vector<MemoryBound::Part> parts{
        {config.file_cache.bytes + kCacheNode * config.file_cache.entries, "file_cache.bytes and file_cache.entries"},
        {basehttp::MemoryBudget::kOfListings, "listings that are being made"},
        {basehttp::ExchangePool::kMostSpare *
             (sizeof(basehttp::Exchange) + basehttp::Exchange::kMostKept + basehttp::InputBuffer::kFirstCapacity),
         "what connections leave for the next ones"},
        {kProgram + kSite * config.sites.size() + kRoute * routes, "the program, sites and routes"},
    };
    if (!auths_of(config).empty())
        parts.push_back({kHashingThreads * kHashingMemory, "passwords that are being hashed, by yescrypt at most"});
    return parts;
}

void append(std::string& text, const std::vector<MemoryBound::Part>& parts) {
    for (const MemoryBound::Part& part : parts)
        fmt::format_to(std::back_inserter(text), "    {:>9}  {}\n", basehttp::human_size(part.bytes), part.what);
}

}  // namespace

MemoryBound MemoryBound::of(const Config& config) {
    return {config.limits.connections, parts_of_connection(config.limits), parts_of_worker(config)};
}

std::uint64_t MemoryBound::connection() const {
    return sum(of_connection);
}

std::uint64_t MemoryBound::worker() const {
    return sum(of_worker) + connections * connection();
}

std::string MemoryBound::text() const {
    using basehttp::human_size;
    std::string text =
        fmt::format("A worker needs at most {} of memory of its own, a quarter of it for the allocator's gaps:\n",
                    human_size(worker()));
    fmt::format_to(std::back_inserter(text), "  {} for all connections together\n", human_size(sum(of_worker)));
    append(text, of_worker);
    fmt::format_to(std::back_inserter(text), "  {} for limits.connections: {} times {}\n",
                   human_size(connections * connection()), connections, human_size(connection()));
    append(text, of_connection);
    return text;
}

}  // namespace basehttpd
