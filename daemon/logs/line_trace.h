// LineTrace: where lines end in what has gone into a pipe to a program, in shared memory. The logger writes it; the
// master asks it, when a program has died, how much of a line the dead one has left in the pipe: the next one shall
// begin with a whole line. It counts the bytes that were laid out for the pipe since it was made: less those that
// still wait in the staging pipe they are what has gone, and less those in the pipe what programs have read.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace basehttpd {

class LineTrace {
  public:
    /// No pipe holds more.
    static constexpr std::size_t kSpan = std::size_t{1} << 20U;

    /// Makes one in zeroed shared memory of size sizeof(LineTrace). The master does.
    static LineTrace& make(std::byte* memory);

    // The logger's side.

    /// What was laid out and counted.
    std::uint64_t laid_out() const { return state_.load(std::memory_order_acquire) >> 1U; }

    /// From here to add() what the staging pipe holds does not count. `staged`: what it holds now, from an earlier
    /// logger.
    void begin(std::size_t staged);

    /// Counts `bytes`, which are in the staging pipe now.
    void add(std::string_view bytes);

    // The master's side.

    /// Of `unread` bytes in the pipe, those before the next line begins, with `staged` bytes in the staging pipe;
    /// nothing while a logger is just laying out.
    std::optional<std::size_t> rest_of_line(std::size_t staged, std::size_t unread) const;

  private:
    LineTrace() = default;

    bool ends_at(std::uint64_t position) const;

    std::atomic<std::uint64_t> state_ = 0;                     // bytes, times two; odd from begin() to add()
    std::array<std::atomic<std::uint8_t>, kSpan / 8> ends_{};  // a bit for each byte: whether a line ends with it
};

}  // namespace basehttpd
