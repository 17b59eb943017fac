// StatusFacts: what the daemon knows of itself, collected by the master in one place: basehttpctl and the pages of
// `handler: status` show the same. Of fixed size and without pointers, so that the master can lay it out in shared
// memory for the workers that have such a route; what does not fit is left out, and counted where it is a count. No
// byte of it is a client's.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "basehttp/server/counters.h"

namespace basehttpd {

/// Text of at most `N` bytes; more is cut.
template <std::size_t N>
class ShortText {
  public:
    ShortText() = default;
    ShortText(std::string_view text) : size_(static_cast<std::uint16_t>(std::min(text.size(), N))) {
        std::copy_n(text.begin(), size_, bytes_.begin());
    }
    operator std::string_view() const { return {bytes_.data(), size_}; }
    std::string_view view() const { return *this; }
    bool empty() const { return size_ == 0; }

  private:
    std::uint16_t size_ = 0;
    std::array<char, N> bytes_{};
};

/// At most `N` of something.
template <typename T, std::size_t N>
class ShortList {
  public:
    /// False: there is no room.
    bool add(const T& item) {
        if (size_ == N) return false;
        items_[size_++] = item;
        return true;
    }
    const T* begin() const { return items_.data(); }
    const T* end() const { return items_.data() + size_; }
    std::size_t size() const { return size_; }

  private:
    std::array<T, N> items_{};
    std::size_t size_ = 0;
};

/// Counts that can be added up; all members are such counts.
template <typename Own>
struct Summable {
    /// As plain numbers, in the order of the members.
    auto numbers() const {
        return std::bit_cast<std::array<std::uint64_t, sizeof(Own) / sizeof(std::uint64_t)>>(
            static_cast<const Own&>(*this));
    }
    template <typename Combine>
    static Own combine(const Own& a, const Own& b, Combine with) {
        auto result = a.numbers();
        const auto other = b.numbers();
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] = with(result[i], other[i]);
        return std::bit_cast<Own>(result);
    }
    friend Own operator+(const Own& a, const Own& b) {
        return combine(a, b, [](std::uint64_t x, std::uint64_t y) { return x + y; });
    }
    friend Own operator-(const Own& a, const Own& b) {
        return combine(a, b, [](std::uint64_t x, std::uint64_t y) { return x - y; });
    }
    /// Of each number the larger one.
    friend Own larger(const Own& a, const Own& b) {
        return combine(a, b, [](std::uint64_t x, std::uint64_t y) { return std::max(x, y); });
    }
};

/// What is counted from the first master on, and never goes back.
struct Figures : Summable<Figures> {
    std::uint64_t requests = 0;
    std::uint64_t accepted = 0;  ///< connections
    std::uint64_t refused = 0;   ///< connections, by limits.connections_per_client
    std::uint64_t body_bytes = 0;
    std::uint64_t duration_ns = 0;
    std::array<std::uint64_t, basehttp::ResponseCounts::kClasses> responses{};
    basehttp::TimeRanges::Counts times{};

    std::uint64_t server_errors() const { return responses[5]; }
};

/// The same for one site.
struct SiteFigures : Summable<SiteFigures> {
    std::array<std::uint64_t, basehttp::ResponseCounts::kClasses> responses{};
    std::uint64_t body_bytes = 0;
};

struct Rates {
    double requests = 0;  ///< a second
    double server_errors = 0;
};

struct WorkerFacts {
    std::size_t number = 0;
    pid_t pid = 0;
    ShortText<12> state;
    std::int64_t age_s = 0;
    std::uint64_t memory = 0;  ///< bytes that it has for itself, by its own account
    std::uint64_t connections = 0;
    std::uint64_t busy = 0;
    std::uint64_t requests = 0;  ///< since it started
    std::uint64_t server_errors = 0;
    Rates rates;
};

struct SinkFacts {
    ShortText<200> name;
    std::uint64_t lost = 0;            ///< lines
    std::uint64_t waiting = 0;         ///< bytes
    std::int64_t failing_since_s = 0;  ///< 0: it does not fail
    ShortText<120> failure;
};

struct ReloadFacts {
    std::int64_t at_s = 0;  ///< since 1970
    ShortText<300> verdict;
};

struct SiteFacts {
    ShortText<80> name;
    SiteFigures figures;
};

struct StatusFacts {
    static constexpr std::size_t kMostWorkers = 256;
    static constexpr std::size_t kMostSinks = 32;
    static constexpr std::size_t kMostReloads = 8;
    static constexpr std::size_t kMostSites = 64;

    std::int64_t at_s = 0;       ///< when this was collected, since 1970
    std::int64_t started_s = 0;  ///< when the master started, likewise
    std::int64_t uptime_s = 0;
    pid_t pid = 0;
    Figures totals;
    Rates rates;                                  ///< over the last seconds
    basehttp::TimeRanges::Counts recent_times{};  ///< of requests that ended in the last seconds
    std::uint64_t connections = 0;
    std::uint64_t busy = 0;
    std::uint64_t most_connections = 0;         ///< limits.connections of all workers together
    std::uint64_t most_client_connections = 0;  ///< limits.connections_per_client; 0: no limit
    std::uint64_t configured_workers = 0;
    std::uint64_t started_workers = 0;  ///< by this master, with all that have ended since
    std::uint64_t lost_lines = 0;       ///< of logs, in rings and sinks
    bool logger_hangs = false;
    ShortList<WorkerFacts, kMostWorkers> workers;
    ShortList<SinkFacts, kMostSinks> sinks;
    ShortList<ReloadFacts, kMostReloads> reloads;  ///< the last ones, the latest first
    ShortList<SiteFacts, kMostSites> sites;
};

}  // namespace basehttpd
