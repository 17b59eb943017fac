#include "basehttp/handlers/multipart_ranges.h"

#include <array>

#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

BOOST_AUTO_TEST_CASE(a_body_of_parts) {
    const std::array<ByteRange, 2> ranges{{{0, 3}, {7, 2}}};
    const MultipartRanges parts(ranges, 10, "text/plain", "XYZ");
    BOOST_TEST(parts.content_type() == "multipart/byteranges; boundary=XYZ");
    const std::string_view bytes = "0123456789";
    std::string body;
    for (std::size_t i = 0; i < parts.ranges().size(); ++i)
        body.append(parts.head(i)).append(bytes.substr(parts.ranges()[i].first, parts.ranges()[i].length));
    body += parts.end();
    BOOST_TEST(body ==
               "\r\n--XYZ\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-2/10\r\n\r\n012"
               "\r\n--XYZ\r\nContent-Type: text/plain\r\nContent-Range: bytes 7-8/10\r\n\r\n78"
               "\r\n--XYZ--\r\n");
    BOOST_TEST(parts.length() == body.size());
}

BOOST_AUTO_TEST_CASE(boundaries_differ) {
    BOOST_TEST(random_boundary().size() == 24U);
    BOOST_TEST(random_boundary() != random_boundary());
}

}  // namespace
}  // namespace basehttp
