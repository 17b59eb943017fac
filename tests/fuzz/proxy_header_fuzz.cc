// Any bytes as the start of a connection: what is said of a part of them is what is said of all of them, or that more
// must come.
#include "basehttp/io/proxy_header.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::as_text(data, size);
    const auto whole = parse_proxy_header(input);
    if (whole && *whole) {
        REQUIRE_THAT((*whole)->size <= input.size() && (*whole)->size <= ProxyHeader::kLongest);
        if ((*whole)->client) REQUIRE_THAT((*whole)->client->family <= ClientAddress::Family::ipv6);
    }
    for (std::size_t part = 0; part < std::min<std::size_t>(size, ProxyHeader::kLongest); ++part) {
        const fuzz::ExactCopy copy(input.substr(0, part));
        const auto early = parse_proxy_header(copy.text());
        if (early && !*early) continue;
        REQUIRE_THAT(early == whole);
    }
    REQUIRE_THAT((whole && !*whole) || size > 0);
    return 0;
}
