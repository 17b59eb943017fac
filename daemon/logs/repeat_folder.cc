#include "daemon/logs/repeat_folder.h"

#include <algorithm>
#include <utility>

#include "basehttp/io/wall_clock.h"

namespace basehttpd {
namespace {

// A repeat comes within so long; what comes later is a line of its own.
constexpr std::int64_t kQuietNs = basehttp::kNanosecondsPerSecond;
// How often one is told that does not stop.
constexpr std::int64_t kTellNs = 30 * basehttp::kNanosecondsPerSecond;

}  // namespace

bool RepeatFolder::Line::is(const basehttp::ErrorRecord& record) const {
    return size != 0 && severity == record.severity && std::string_view(text.data(), size) == record.text &&
           std::string_view(site.data(), site_size) == record.site;
}

void RepeatFolder::Line::keep(const basehttp::ErrorRecord& record) {
    severity = record.severity;
    size = static_cast<std::uint16_t>(record.text.copy(text.data(), kLongest));
    site_size = static_cast<std::uint8_t>(record.site.copy(site.data(), kLongestSite));
}

basehttp::ErrorRecord RepeatFolder::Line::record() const {
    return {last_ns, severity, {text.data(), size}, request_id, {site.data(), site_size}};
}

bool RepeatFolder::is_new(const basehttp::ErrorRecord& record, std::size_t slot) {
    if (record.text.empty() || record.text.size() > kLongest || record.site.size() > kLongestSite) return true;
    const auto known = std::ranges::find_if(lines_, [&](const Line& line) { return line.is(record); });
    if (known != lines_.end() && record.time_ns - known->last_ns < kQuietNs) {
        ++known->repeats;
        known->last_ns = std::max(known->last_ns, record.time_ns);
        known->slot = slot;
        known->request_id = record.request_id;
        return false;
    }
    // In the place of the one that is silent for longest; of those with repeats to tell none is dropped.
    auto* place = known != lines_.end() ? &*known : nullptr;
    for (Line& line : lines_) {
        if (known == lines_.end() && line.repeats == 0 && (place == nullptr || line.last_ns < place->last_ns))
            place = &line;
    }
    if (place == nullptr || place->repeats != 0) return true;
    place->told_ns = place->last_ns = record.time_ns;
    place->slot = slot;
    place->keep(record);
    return true;
}

std::optional<RepeatFolder::Repeats> RepeatFolder::take_due(std::int64_t now_ns) {
    for (Line& line : lines_) {
        // A clock that was set back must not keep them for ever.
        const bool quiet = now_ns - line.last_ns >= kQuietNs || now_ns < line.told_ns;
        if (line.repeats == 0 || (!quiet && now_ns - line.told_ns < kTellNs)) continue;
        line.told_ns = now_ns;
        return take(line);
    }
    return std::nullopt;
}

std::optional<RepeatFolder::Repeats> RepeatFolder::take_any() {
    const auto line = std::ranges::find_if(lines_, [](const Line& each) { return each.repeats != 0; });
    if (line == lines_.end()) return std::nullopt;
    return take(*line);
}

RepeatFolder::Repeats RepeatFolder::take(Line& line) {
    return {line.record(), static_cast<std::size_t>(line.slot), std::exchange(line.repeats, 0)};
}

bool RepeatFolder::pending() const {
    return std::ranges::any_of(lines_, [](const Line& line) { return line.repeats != 0; });
}

}  // namespace basehttpd
