// Once its vectors have grown, a Request is filled without allocation: all of operator new is counted here.
#include <cstdlib>
#include <new>

#include <boost/test/unit_test.hpp>

#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/persistence.h"
#include "basehttp/protocol/request_parser.h"

namespace {

std::size_t allocations = 0;

}  // namespace

// Not inlined: g++ would see free() called on what new returned, and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    void* memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace basehttp;

BOOST_AUTO_TEST_CASE(the_second_request_allocates_nothing) {
    constexpr std::string_view kHead =
        "POST /a/../a%20folder/index.html?query=1 HTTP/1.1\r\n"
        "Host: example.org:8080\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
        "Accept-Language: en-US,en;q=0.5\r\n"
        "Connection: keep-alive\r\n"
        "Content-Length: 5\r\n"
        "\r\n";
    const Limits limits;
    RequestParser parser(limits);
    Request request;
    for (int i = 0; i < 3; ++i) {
        const std::size_t before = allocations;
        parser.restart(i == 0);
        bool good = parser.parse(kHead.substr(0, 100), request).has_value();
        good = good && parser.parse(kHead, request) == ParseProgress::complete;
        good = good && decide_body_framing(request).has_value() && wants_persistence(request);
        const std::size_t made = allocations - before;
        BOOST_TEST(good);
        BOOST_TEST((i == 0 || made == 0), made << " allocations in request " << i);
    }
}
