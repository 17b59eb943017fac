#include "basehttp/server/linger.h"

#include <array>

namespace basehttp {

Task<> linger(Stream& stream) {
    constexpr std::chrono::milliseconds kLongest{2000};
    constexpr std::size_t kMost = 1024 * 1024;
    stream.shut_down_writing();
    stream.set_deadline(kLongest);
    for (std::size_t total = 0; total < kMost;) {
        std::array<char, 4096> dropped;  // no co_await while it is in use: it stands on the stack, not in the frame
        const auto got = stream.read_some(dropped);
        if (got && *got == 0) co_return;
        if (got) {
            total += *got;
            continue;
        }
        if (!got.error().would_block()) co_return;
        const auto ready = co_await stream.until_readable();
        if (!ready) co_return;
    }
}

}  // namespace basehttp
