#include "basehttp/protocol/response_framing.h"

namespace basehttp {
namespace {

constexpr int kNoContent = 204;

}  // namespace

ResponseFraming decide_response_framing(const ResponseFacts& facts) {
    using Kind = ResponseFraming::Kind;
    if (facts.status == kResetContent) return {Kind::length, 0};  // RFC 9110, 15.3.6
    // A 304 may say how long the content would have been, a 204 must not (RFC 9110, 8.6).
    if (facts.status == kNoContent) return {};
    if (facts.announced) return {Kind::length, *facts.announced};
    if (status_forbids_content(facts.status)) return {};
    // A handler that gave HEAD no content has not told what GET would get.
    if (facts.method == ResponseFacts::Method::head && facts.given == 0) return {};
    if (facts.extent == ResponseFacts::Extent::all) return {Kind::length, facts.given};
    if (may_chunk(facts)) return {Kind::chunked, 0};
    return {carries_content(facts) ? Kind::close : Kind::none, 0};
}

}  // namespace basehttp
