// RepeatFolder: lines of the error log that say the same again, of whatever request, are counted, not written: an
// error that happens ten thousand times a second is one line, and a second later one more that says how often. A few
// different ones are known at once. Plain memory without pointers, since it survives a logger in LogProgress; used by
// the logger alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "basehttp/log/error_record.h"

namespace basehttpd {

class RepeatFolder {
  public:
    /// Repeats that have stopped, or went on for long, as a line. The text is good until the next call.
    struct Repeats {
        basehttp::ErrorRecord record;  ///< the last of them
        std::size_t slot;              ///< whose it was
        std::uint64_t count;
    };

    /// Whether the line is to be written; if not, it was counted.
    bool is_new(const basehttp::ErrorRecord& record, std::size_t slot);

    /// The next that is to be told at `now_ns`, and no longer known then unless it goes on. Call until there is none.
    std::optional<Repeats> take_due(std::int64_t now_ns);

    /// The same for all that were counted, whatever the time.
    std::optional<Repeats> take_any();

    /// Whether anything was counted and not told.
    bool pending() const;

  private:
    static constexpr std::size_t kKnown = 8;
    static constexpr std::size_t kLongest = 500;
    static constexpr std::size_t kLongestSite = 255;

    struct Line {
        std::uint64_t repeats = 0;
        std::int64_t told_ns = 0;  // when it, or its number, was written last
        std::int64_t last_ns = 0;
        std::uint64_t slot = 0;
        std::uint16_t size = 0;  // 0: none
        std::uint8_t site_size = 0;
        basehttp::Severity severity{};
        basehttp::RequestId request_id;  // of the last
        std::array<char, kLongest> text{};
        std::array<char, kLongestSite> site{};

        bool is(const basehttp::ErrorRecord& record) const;
        void keep(const basehttp::ErrorRecord& record);
        basehttp::ErrorRecord record() const;
    };

    static Repeats take(Line& line);

    std::array<Line, kKnown> lines_{};
};

}  // namespace basehttpd
