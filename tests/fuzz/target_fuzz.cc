// Any bytes as a request target: the path that comes out names nothing above the root and survives a redirect.
#include <string>

#include "basehttp/protocol/host.h"
#include "basehttp/protocol/target.h"
#include "basehttp/text/ascii.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

void check_path(std::string_view path) {
    REQUIRE_THAT(path.starts_with('/') && path.find('\0') == path.npos);
    REQUIRE_THAT(path.find("//") == path.npos && path.find("/./") == path.npos && path.find("/../") == path.npos);
    REQUIRE_THAT(!path.ends_with("/.") && !path.ends_with("/.."));
}

// As in a Location field, read by the client, and asked for again.
void check_round_trip(std::string_view path) {
    std::string escaped;
    append_escaped_path(escaped, path);
    REQUIRE_THAT(is_target_text(escaped) && escaped.find_first_of("?#\\\"<>") == escaped.npos);
    REQUIRE_THAT(escaped.starts_with('/') && !escaped.starts_with("//"));
    Target again;
    REQUIRE_THAT(parse_target(escaped, "GET", again).has_value());
    REQUIRE_THAT(again.path == path && !again.escaped_slash && !again.has_query);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view kMethods[] = {"GET", "GET", "OPTIONS", "CONNECT"};
    std::string_view input = fuzz::as_text(data, size);
    const std::string_view method = kMethods[fuzz::take_byte(input) % 4];
    const fuzz::ExactCopy copy(input);
    Target target;
    const bool good = parse_target(copy.text(), method, target).has_value();
    REQUIRE_THAT(target.raw == input);
    static_cast<void>(is_host_and_port(copy.text()));
    static_cast<void>(host_without_port(copy.text()));
    std::string location;
    append_escaped_path(location, input);
    REQUIRE_THAT(is_target_text(location) && !location.starts_with("//"));
    if (!good) return 0;
    REQUIRE_THAT(is_target_text(input) && input.find('#') == input.npos);
    if (target.form == Target::Form::origin || target.form == Target::Form::absolute) {
        check_path(target.path);
        check_round_trip(target.path);
    } else {
        REQUIRE_THAT(target.path.empty());
    }
    return 0;
}
