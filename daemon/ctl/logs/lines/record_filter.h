// RecordFilter: which records a command is about: all conditions that were given must hold, and of those that were
// given several times one value. Made from the command line; a plain value.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/address_range.h"
#include "daemon/ctl/logs/lines/log_record.h"
#include "daemon/text/path_patterns.h"

namespace basehttpd {

/// The conditions as they stand on the command line. An empty one was not given.
struct FilterOptions {
    std::vector<std::string> statuses{};  ///< `404`, `5xx`, `200-299`, `none`; several with commas
    std::vector<std::string> paths{};     ///< globs; with `!` those that are left out
    std::vector<std::string> methods{};   ///< several with commas
    std::vector<std::string> clients{};   ///< addresses and networks; several with commas
    std::vector<std::string> hosts{};     ///< globs
    std::vector<std::string> sites{};     ///< globs
    std::vector<std::string> agents{};    ///< what the agent contains, in either case
    std::vector<std::string> request_ids{};
    std::string since{};
    std::string until{};
    std::string slower{};
    bool invert = false;  ///< those that do not match instead; --since and --until hold all the same

    bool is_empty() const { return *this == FilterOptions(); }
    bool operator==(const FilterOptions&) const = default;
};

class RecordFilter {
  public:
    /// The error is a sentence that names the option.
    static std::expected<RecordFilter, std::string> make(const FilterOptions& options, std::int64_t now_us);

    bool matches(const LogRecord& record);

    /// True where every record matches, so that lines that cannot be read may be shown, too.
    bool is_open() const { return open_; }

    /// Of what a condition asks for, and no record that it was held against has told, a sentence each.
    std::vector<std::string> blind_spots() const;

    /// What is older cannot match. The smallest number where there is no such bound.
    std::int64_t since_us() const { return since_us_; }

  private:
    struct StatusRange {
        std::int64_t first;
        std::int64_t last;
    };

    // What some record at least has told.
    struct Told {
        bool duration = false;
        bool request_id = false;
        bool site = false;
        bool host = false;
        bool address = false;
    };

    std::expected<void, std::string> read_statuses(const std::vector<std::string>& texts);
    std::expected<void, std::string> read_clients(const std::vector<std::string>& texts);
    std::expected<void, std::string> read_times(const FilterOptions& options, std::int64_t now_us);
    void note(const LogRecord& record);
    bool conditions_hold(const LogRecord& record) const;
    bool is_of_clients(std::string_view address) const;

    std::vector<StatusRange> statuses_;
    std::vector<PathPattern> paths_;
    std::vector<std::string> methods_;
    std::vector<basehttp::AddressRange> clients_;
    std::vector<std::string> hosts_;
    std::vector<std::string> sites_;
    std::vector<std::string> agents_;
    std::vector<std::string> request_ids_;
    std::int64_t since_us_ = INT64_MIN;
    std::int64_t until_us_ = INT64_MAX;
    std::int64_t slower_us_ = 0;
    bool invert_ = false;
    bool open_ = false;
    bool any_seen_ = false;
    Told told_;
};

}  // namespace basehttpd
