// TimeHistogram: requests over time, in bounded memory whatever the period: counted by the second at first, by longer
// and longer steps as the period grows. Owned by a Summary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace basehttpd {

class TimeHistogram {
  public:
    struct Row {
        std::int64_t start = 0;  ///< seconds since 1970
        std::int64_t end = 0;
        std::uint64_t requests = 0;
        std::uint64_t errors = 0;  ///< of status 5xx, or without a response
    };

    void add(std::int64_t second, bool is_error);

    /// The whole period in at most `most` rows of one length, empty ones included. Rows of an hour and more begin
    /// where clocks in this time zone show full hours, of a day and more at midnight.
    std::vector<Row> rows(std::size_t most) const;

  private:
    struct Counts {
        std::uint64_t requests = 0;
        std::uint64_t errors = 0;
    };

    void widen();

    std::int64_t step_ = 1;
    std::unordered_map<std::int64_t, Counts> counts_;  // by second / step_
    std::int64_t last_key_ = INT64_MIN;                // lines of one second come together
    Counts* last_ = nullptr;
};

}  // namespace basehttpd
