// ResponseFraming: what the head of a response says of its content, and where that ends: the counterpart of
// BodyFraming (RFC 9112, section 6.3; RFC 9110, section 8.6). A decision about facts, without I/O.
#pragma once

#include <cstdint>
#include <optional>

#include "basehttp/protocol/status.h"
#include "basehttp/protocol/version.h"

namespace basehttp {

/// What the decision depends on.
struct ResponseFacts {
    enum class Method : std::uint8_t { head, other };
    enum class Extent : std::uint8_t { so_far, all };

    Method method = Method::other;
    Version asked = kHttp11;     ///< the request's version
    Version answered = kHttp11;  ///< the handler's
    int status = 200;
    std::optional<std::uint64_t> announced{};  ///< the handler's Content-Length
    std::uint64_t given = 0;                   ///< bytes of content when the head is sent
    Extent extent = Extent::so_far;            ///< whether that is all there will be
};

struct ResponseFraming {
    enum class Kind : std::uint8_t {
        none,     ///< the head says nothing, and no content follows
        length,   ///< Content-Length
        chunked,  ///< Transfer-Encoding
        close,    ///< the head says nothing: content ends with the connection
    };
    Kind kind = Kind::none;
    std::uint64_t length = 0;  ///< for `length` alone

    friend bool operator==(const ResponseFraming&, const ResponseFraming&) = default;
};

ResponseFraming decide_response_framing(const ResponseFacts& facts);

inline constexpr int kResetContent = 205;

/// Whether GET would get content with this status: not with 204, 205 and 304.
constexpr bool may_have_content(int status) {
    return !status_forbids_content(status) && status != kResetContent;
}

/// Whether content follows the head: not where there is none, nor for HEAD.
inline bool carries_content(const ResponseFacts& facts) {
    return facts.method != ResponseFacts::Method::head && may_have_content(facts.status);
}

/// Whether the client understands chunks and interim responses, and the handler speaks the version that has them.
inline bool may_chunk(const ResponseFacts& facts) {
    return facts.asked >= kHttp11 && facts.answered >= kHttp11;
}

}  // namespace basehttp
