#include "daemon/ctl/logs/lines/line_reader.h"

#include <array>

namespace basehttpd {
namespace {

// In this order: each also fits lines of a later one, or would if clients could choose more freely.
constexpr std::array<std::string_view, 4> kUsualFormats{"vhost_combined", "combined", "combinedio", "common"};

// A line that tells neither who, nor when, nor what, fits by accident.
bool is_plausible(const LogRecord& record) {
    const bool tells = !record.client.empty() || record.time_us || !record.request.empty() || !record.target.empty();
    return tells && (!record.status || (*record.status >= 0 && *record.status <= 999));
}

}  // namespace

LineReader::LineReader(std::span<const std::string> formats) {
    for (const std::string& format : formats) {
        if (is_json_format(format)) continue;
        if (auto compiled = TextFormat::compile(format)) formats_.push_back(std::move(*compiled));
    }
    for (const std::string_view format : kUsualFormats)
        formats_.push_back(*TextFormat::compile(format));
}

const LogRecord* LineReader::read(std::string_view line) {
    last_was_json_ = line.starts_with('{');
    if (last_was_json_ && json_.read(line, record_) && is_plausible(record_)) return &record_;
    last_was_json_ = false;
    for (std::size_t i = 0; i < formats_.size(); ++i) {
        const std::size_t candidate = (last_ + i) % formats_.size();
        if (!formats_[candidate].read(line, record_) || !is_plausible(record_)) continue;
        last_ = candidate;
        return &record_;
    }
    return nullptr;
}

}  // namespace basehttpd
