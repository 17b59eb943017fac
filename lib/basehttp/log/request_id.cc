#include "basehttp/log/request_id.h"

#include <array>
#include <charconv>

namespace basehttp {
namespace {

void append_hex(std::string& out, std::uint64_t number, std::size_t least_digits) {
    std::array<char, 16> digits;
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    const auto size = static_cast<std::size_t>(end - digits.data());
    if (size < least_digits) out.append(least_digits - size, '0');
    out.append(digits.data(), size);
}

}  // namespace

void RequestId::append_to(std::string& out) const {
    append_hex(out, instance, 8);
    out += '-';
    append_hex(out, connection, 1);
    out += '-';
    append_hex(out, request, 1);
}

std::string RequestId::text() const {
    std::string out;
    append_to(out);
    return out;
}

}  // namespace basehttp
