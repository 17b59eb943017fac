// Summary: what many requests have in common: counts, the most frequent of everything, durations, the course of time.
// In bounded memory. Filled record by record; shown as text or JSON.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "daemon/ctl/logs/counts/heavy_hitters.h"
#include "daemon/ctl/logs/counts/time_histogram.h"
#include "daemon/ctl/logs/counts/value_histogram.h"
#include "daemon/ctl/logs/lines/log_record.h"
#include "daemon/ctl/logs/shows/terminal.h"

namespace basehttpd {

class Summary {
  public:
    void add(const LogRecord& record);

    /// For a person: as wide as the terminal, with at most `top` rows to a table.
    std::string text(const Terminal& terminal, std::size_t top) const;

    /// One object on one line.
    std::string json(std::size_t top) const;

  private:
    static constexpr std::size_t kClasses = 10;  // by the first digit; 0: no response

    void append_overview(std::string& out) const;
    void append_statuses(std::string& out, const Terminal& terminal) const;
    void append_histogram(std::string& out, const Terminal& terminal) const;

    std::uint64_t requests_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t cut_short_ = 0;
    std::int64_t first_us_ = INT64_MAX;
    std::int64_t last_us_ = INT64_MIN;
    std::array<std::uint64_t, kClasses> classes_{};
    std::array<std::uint64_t, 1000> statuses_{};
    HeavyHitters paths_;
    HeavyHitters missing_;  // paths that were answered with 404
    HeavyHitters clients_;
    HeavyHitters agents_;
    HeavyHitters referers_;
    HeavyHitters hosts_;
    ValueHistogram durations_;
    TimeHistogram times_;
};

}  // namespace basehttpd
