#include "basehttp/log/time_text.h"

#include "basehttp/protocol/date.h"
#include "basehttp/text/escape.h"

namespace basehttp {

std::string TimeText::write(std::int64_t second) const {
    // The longest of strftime's conversions takes a few dozen bytes.
    constexpr std::size_t kMostForEach = 32;
    std::tm local{};
    const auto time = static_cast<std::time_t>(second);
    if (::localtime_r(&time, &local) == nullptr) return "-";
    if (format_.empty()) {
        std::string text = "[";
        append_log_date(text, time);
        return text += ']';
    }
    std::string raw(kMostForEach * format_.size(), '\0');
    raw.resize(std::strftime(raw.data(), raw.size(), format_.c_str(), &local));
    if (raw.empty()) return "-";
    std::string text;
    append_escaped(text, raw);
    return text;
}

}  // namespace basehttp
