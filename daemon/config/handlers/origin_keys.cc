#include "daemon/config/handlers/origin_keys.h"

#include <array>

namespace basehttpd {
namespace {

using basehttp::OriginSettings;

constexpr std::array kKeys{
    key<&OriginSettings::connect_timeout, Duration{1, kHour}>(
        "connect_timeout", "How long a server may take to accept a connection; after that, 504."),
    key<&OriginSettings::timeout, Duration{1, 24 * kHour}>(
        "timeout", "How long a server may take to respond, and pause within a response; after that, 504."),
    key<&OriginSettings::failures, Count{1, 1000, "never"}>(
        "failures", "After this many failures in a row, a server is left out."),
    key<&OriginSettings::retry_after, Duration{1, kHour}>(
        "retry_after", "How long such a server is left out before it is tried again."),
};

}  // namespace

KeyTable<OriginSettings> origin_keys() {
    return kKeys;
}

}  // namespace basehttpd
