#include "basehttp/log/json_line.h"

#include <array>
#include <cstddef>
#include <utility>

#include "basehttp/log/json_keys.h"

namespace basehttp {
namespace {

// `,"name":`
template <std::size_t index>
constexpr auto label() {
    constexpr std::string_view kName = kJsonKeys[index].name;
    std::array<char, kName.size() + 4> text{',', '"'};
    for (std::size_t i = 0; i < kName.size(); ++i)
        text[i + 2] = kName[i];
    text[kName.size() + 2] = '"';
    text[kName.size() + 3] = ':';
    return text;
}

template <std::size_t index>
void append_member(std::string& out, const LoggedRecord& record, Timestamp& time) {
    static constexpr auto kLabel = label<index>();
    constexpr const JsonKey& kKey = kJsonKeys[index];
    // Not `if constexpr`: under the undefined sanitizer g++ 12 does not take the address of a function for a
    // constant.
    if (kKey.is_present != nullptr && !kKey.is_present(*record)) return;
    constexpr std::size_t kComma = index == 0 ? 1 : 0;
    out.append(kLabel.data() + kComma, kLabel.size() - kComma);
    kKey.write(out, record, time);
}

// Unrolled: each member is written by code of its own, as if it had been written out.
template <std::size_t... indices>
void append_members(std::string& out, const LoggedRecord& record, Timestamp& time, std::index_sequence<indices...>) {
    (append_member<indices>(out, record, time), ...);
}

}  // namespace

void JsonLine::append(std::string& out, const AccessRecord& record) {
    out += '{';
    append_members(out, LoggedRecord(record), time_, std::make_index_sequence<kJsonKeys.size()>());
    out += '}';
}

}  // namespace basehttp
