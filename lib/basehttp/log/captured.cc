#include "basehttp/log/captured.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

constexpr std::size_t kEntryHead = 4;
constexpr auto kLastKind = static_cast<std::uint8_t>(CaptureKind::handler);

bool same_name(CaptureKind kind, std::string_view a, std::string_view b) {
    return kind == CaptureKind::cookie || kind == CaptureKind::note ? a == b : equals_ignoring_case(a, b);
}

}  // namespace

bool Capture::matches(CaptureKind other_kind, std::string_view other_name) const {
    return kind == other_kind && same_name(kind, name, other_name);
}

bool CaptureList::add(const Capture& capture) {
    if (find(capture.kind, capture.name) != nullptr) return true;
    if (captures_.size() >= kMost) return false;
    captures_.push_back(capture);
    return true;
}

bool CaptureList::add(const CaptureList& other) {
    return std::ranges::all_of(other, [this](const Capture& capture) { return add(capture); });
}

const Capture* CaptureList::find(CaptureKind kind, std::string_view name) const {
    const auto found =
        std::ranges::find_if(captures_, [&](const Capture& capture) { return capture.matches(kind, name); });
    return found == captures_.end() ? nullptr : &*found;
}

std::optional<Captured> Captured::read(std::string_view packed) {
    std::size_t count = 0;
    for (std::string_view rest = packed; !rest.empty();) {
        if (!take(rest) || ++count > kMostEntries) return std::nullopt;
    }
    return Captured(packed);
}

void Captured::append(std::string& packed, CaptureKind kind, std::string_view name, std::string_view value) {
    name = name.substr(0, kLongestName);
    value = value.substr(0, kLongestValue);
    if (packed.size() + kEntryHead + name.size() + value.size() > kMostBytes) return;
    const auto value_size = static_cast<std::uint16_t>(value.size());
    std::array<char, kEntryHead> head{static_cast<char>(kind), static_cast<char>(name.size())};
    std::memcpy(head.data() + 2, &value_size, sizeof value_size);
    packed.append(head.data(), head.size()).append(name).append(value);
}

std::optional<std::string_view> Captured::find(CaptureKind kind, std::string_view name) const {
    for (std::string_view rest = packed_; !rest.empty();) {
        const auto entry = take(rest);
        if (!entry) break;
        if (entry->kind == kind && same_name(kind, entry->name, name)) return entry->value;
    }
    return std::nullopt;
}

// Cuts the first entry off `rest`; nothing where there is no whole one.
std::optional<Captured::Entry> Captured::take(std::string_view& rest) {
    if (rest.size() < kEntryHead) return std::nullopt;
    const auto kind = static_cast<std::uint8_t>(rest[0]);
    const std::size_t name_size = static_cast<unsigned char>(rest[1]);
    std::uint16_t value_size = 0;
    std::memcpy(&value_size, rest.data() + 2, sizeof value_size);
    rest.remove_prefix(kEntryHead);
    if (kind > kLastKind || name_size + value_size > rest.size()) return std::nullopt;
    const Entry entry{static_cast<CaptureKind>(kind), rest.substr(0, name_size), rest.substr(name_size, value_size)};
    rest.remove_prefix(name_size + value_size);
    return entry;
}

}  // namespace basehttp
