#include "basehttp/log/timestamp.h"

#include "basehttp/io/wall_clock.h"
#include "basehttp/text/number.h"

namespace basehttp {

// date-time of section 5.6.
void Timestamp::append(std::string& out, std::int64_t time_ns) {
    const auto [second, nanoseconds] = split_time(time_ns);
    seconds_.append(out, second);
    out += '.';
    append_padded(out, nanoseconds / 1000, 6);
    zone_.append(out, second);
    out.insert(out.size() - 2, 1, ':');  // strftime writes +0100
}

}  // namespace basehttp
