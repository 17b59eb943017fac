// TimeText: seconds as text in the machine's time zone, each written once and then copied: the records of one batch
// are of few different seconds.
#pragma once

#include <array>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "basehttp/io/wall_clock.h"

namespace basehttp {

class TimeText {
  public:
    /// The access log's own form, `[06/Nov/1994:09:49:37 +0100]`, in English whatever the locale.
    TimeText() = default;
    static constexpr std::size_t kUsualSize = std::string_view("[06/Nov/1994:09:49:37 +0100]").size();

    /// `format` is strftime(3)'s.
    explicit TimeText(std::string format) : format_(std::move(format)) {}

    /// The time `second` seconds after 1970, escaped as logs are; `-` where it has no such text. Good until the next
    /// call.
    std::string_view at(std::int64_t second) {
        Entry& entry = kept_[static_cast<std::uint64_t>(second) % kKept];
        if (entry.second != second || entry.text.empty()) [[unlikely]]
            entry = {second, write(second)};
        return entry.text;
    }

    /// The same of the second that the moment `time_ns`, nanoseconds since 1970, is in: nearly always that of the
    /// moment before.
    std::string_view at_moment(std::int64_t time_ns) {
        const Entry& last = kept_[last_];
        const std::uint64_t since = static_cast<std::uint64_t>(time_ns) -
                                    static_cast<std::uint64_t>(last.second) * std::uint64_t{kNanosecondsPerSecond};
        if (since < std::uint64_t{kNanosecondsPerSecond} && !last.text.empty()) [[likely]]
            return last.text;
        const std::int64_t second = split_time(time_ns).second;
        last_ = static_cast<std::uint64_t>(second) % kKept;
        return at(second);
    }

    void append(std::string& out, std::int64_t second) { out += at(second); }

  private:
    static constexpr std::size_t kKept = 16;
    struct Entry {
        std::int64_t second = -1;
        std::string text;
    };

    std::string write(std::int64_t second) const;

    std::string format_;
    std::array<Entry, kKept> kept_;
    std::size_t last_ = 0;
};

}  // namespace basehttp
