#include "basehttp/log/timestamp.h"

#include <array>

#include "basehttp/io/wall_clock.h"

namespace basehttp {

// date-time of section 5.6.
void Timestamp::append(std::string& out, std::int64_t time_ns) {
    constexpr std::size_t kDigits = 6;
    const std::int64_t within = (time_ns % kNanosecondsPerSecond + kNanosecondsPerSecond) % kNanosecondsPerSecond;
    const std::int64_t second = time_ns / kNanosecondsPerSecond - (time_ns % kNanosecondsPerSecond < 0 ? 1 : 0);
    seconds_.append(out, second);
    out += '.';
    std::array<char, kDigits> digits;
    std::int64_t rest = within / 1000;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, rest /= 10)
        *digit = static_cast<char>('0' + rest % 10);
    out.append(digits.data(), digits.size());
    zone_.append(out, second);
    out.insert(out.size() - 2, 1, ':');  // strftime writes +0100
}

}  // namespace basehttp
