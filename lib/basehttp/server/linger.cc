#include "basehttp/server/linger.h"

#include <array>

#include "basehttp/io/deadline.h"

namespace basehttp {

Task<> linger(Stream& stream) {
    constexpr std::chrono::milliseconds kQuiet{2000};
    constexpr std::chrono::milliseconds kLongest{10'000};
    constexpr std::size_t kMost = 16 * 1024 * 1024;
    constexpr std::size_t kTurn = 256 * 1024;
    const auto end = Clock::now() + kLongest;
    stream.shut_down_writing();
    stream.set_deadline(kQuiet);
    for (std::size_t total = 0, turn = 0; total < kMost;) {
        std::array<char, 4096> dropped;  // no co_await while it is in use: it stands on the stack, not in the frame
        const auto got = stream.read_some(dropped);
        if (got && *got == 0) co_return;
        if (!got && !got.error().would_block()) co_return;
        if (Clock::now() >= end) co_return;
        if (!got) {
            stream.set_deadline(kQuiet);
            const auto ready = co_await stream.until_readable();
            if (!ready) co_return;
            continue;
        }
        total += *got;
        turn += *got;
        if (turn < kTurn) continue;
        turn = 0;
        stream.give_way();  // others are served meanwhile
        const auto ready = co_await stream.until_writable();
        if (!ready) co_return;
    }
}

}  // namespace basehttp
