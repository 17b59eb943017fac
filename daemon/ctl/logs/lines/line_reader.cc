#include "daemon/ctl/logs/lines/line_reader.h"

#include <algorithm>
#include <array>

#include "basehttp/text/ascii.h"
#include "daemon/ctl/logs/lines/line_shape.h"

namespace basehttpd {
namespace {

// In this order: each also fits lines of a later one, or would if clients could choose more freely.
constexpr std::array<std::string_view, 4> kUsualFormats{"vhost_combined", "combined", "combinedio", "common"};

// A line that tells neither who, nor when, nor what, fits by accident.
bool is_plausible(const LogRecord& record) {
    const bool tells = !record.client.empty() || record.time_us || !record.request.empty() || !record.target.empty();
    return tells && (!record.status || (*record.status >= 0 && *record.status <= 999));
}

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Without what cannot belong to a line: none of the formats writes such bytes.
std::string_view without_remains(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\0'))
        line.remove_suffix(1);
    if (line.contains('\0')) line.remove_prefix(line.rfind('\0') + 1);  // what lies before is another, torn one
    if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    return line;
}

}  // namespace

bool is_blank_line(std::string_view line) {
    return std::ranges::all_of(without_remains(line),
                               [](char c) { return basehttp::is_white_space(c) || c == '\0'; });
}

LineReader::LineReader(std::span<const std::string> formats) {
    for (const std::string& format : formats) {
        if (is_json_format(format)) continue;
        if (auto compiled = TextFormat::compile(format)) formats_.push_back(std::move(*compiled));
    }
    for (const std::string_view format : kUsualFormats)
        formats_.push_back(*TextFormat::compile(format));
}

const LogRecord* LineReader::read(std::string_view line) {
    line = without_remains(line);
    const LogRecord* record = read_whole(line);
    if (record == nullptr) record = read_damaged(line);
    any_read_ = any_read_ || record != nullptr;
    return record;
}

const LogRecord* LineReader::read_whole(std::string_view line) {
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

// A line that none of the formats fits as it is. Its shape counts only where no line before was of a known format: in
// a log of the daemon's own a line of another shape is a torn one.
const LogRecord* LineReader::read_damaged(std::string_view line) {
    const std::string_view trimmed = basehttp::trim_white_space(line);
    if (trimmed.empty()) return nullptr;
    if (trimmed.size() < line.size()) {
        if (const LogRecord* const record = read_whole(trimmed)) return record;
    }
    if (any_read_) return nullptr;
    auto shape = find_shape(trimmed);
    auto compiled = shape ? TextFormat::compile(shape->format) : std::unexpected(std::string());
    if (!compiled) return nullptr;
    formats_.push_back(std::move(*compiled));
    if (const LogRecord* const record = read_whole(trimmed)) {
        advice_ = std::move(shape->advice);
        return record;
    }
    formats_.pop_back();
    return nullptr;
}

}  // namespace basehttpd
