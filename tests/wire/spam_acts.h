// What Spam does for each path.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tests/wire/spam.h"

namespace wire {

struct Act {
    std::string_view path;
    basehttp::Task<> (*run)(Spam& handler);
};

std::span<const Act> good_acts();
std::span<const Act> bad_acts();
std::span<const Act> body_acts();
std::span<const Act> form_acts();

/// A 200 with `body` as plain text.
basehttp::Task<> answer(Spam& handler, std::string_view body);

/// A 200 with a Content-Length of `length`; where there is a `second` part, the first is flushed.
basehttp::Task<> announced(Spam& handler, std::uint64_t length, std::string_view first, std::string_view second);

}  // namespace wire
