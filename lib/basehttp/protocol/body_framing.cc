#include "basehttp/protocol/body_framing.h"

#include <charconv>

#include "basehttp/protocol/status.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

struct Codings {
    std::size_t chunked = 0;  // times it is named
    bool chunked_is_last = false;
    bool others = false;
};

Codings read_codings(const Fields& fields) {
    Codings codings;
    const auto note = [&codings](std::string_view coding) {
        codings.chunked_is_last = equals_ignoring_case(coding, "chunked");
        if (codings.chunked_is_last) {
            ++codings.chunked;
        } else {
            codings.others = true;
        }
    };
    fields.for_each(KnownField::transfer_encoding, [&note](std::string_view value) { for_each_member(value, note); });
    return codings;
}

std::expected<BodyFraming, Refusal> decide_coded_framing(const Fields& fields, Version version) {
    if (version < kHttp11) return std::unexpected(Refusal::coding_in_old_version);
    if (fields.count(KnownField::content_length) > 0) return std::unexpected(Refusal::length_and_coding);
    const Codings codings = read_codings(fields);
    if (codings.chunked > 1 || !codings.chunked_is_last) {
        const bool unknown = codings.chunked == 0 && codings.others;
        return std::unexpected(unknown ? Refusal::coding_not_supported : Refusal::chunked_not_last);
    }
    if (codings.others) return std::unexpected(Refusal::coding_not_supported);
    return BodyFraming{BodyFraming::Kind::chunked, 0};
}

// `unsaid`: what it is without a word about it.
std::expected<BodyFraming, Refusal> decide_framing(const Fields& fields, Version version, BodyFraming::Kind unsaid) {
    if (fields.count(KnownField::transfer_encoding) > 0) return decide_coded_framing(fields, version);
    const std::size_t lengths = fields.count(KnownField::content_length);
    if (lengths == 0) return BodyFraming{unsaid};
    if (lengths > 1) return std::unexpected(Refusal::content_length_repeated);
    const auto length = parse_content_length(*fields.find(KnownField::content_length));
    if (!length) return std::unexpected(length.error());
    if (*length == 0) return BodyFraming{};
    return BodyFraming{BodyFraming::Kind::length, *length};
}

}  // namespace

// Content-Length = 1*DIGIT: no sign, no list, no overflow.
std::expected<std::uint64_t, Refusal> parse_content_length(std::string_view text) {
    std::uint64_t length = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, length);
    if (stopped != end || error != std::errc{}) return std::unexpected(Refusal::bad_content_length);
    return length;
}

std::expected<BodyFraming, Refusal> decide_body_framing(const Request& request) {
    return decide_framing(request.fields, request.version, BodyFraming::Kind::none);
}

// What can have no content has none whatever its fields say, and these tell how GET's would have been framed.
std::expected<BodyFraming, Refusal> decide_body_framing(const ReceivedResponse& response, bool to_head) {
    const auto framing = decide_framing(response.fields, response.version, BodyFraming::Kind::until_close);
    const bool has_none = to_head || response.status < 200 || status_forbids_content(response.status);
    return framing && has_none ? BodyFraming{} : framing;
}

std::expected<bool, Refusal> expects_continue(const Request& request) {
    if (request.version < kHttp11) return false;
    bool expected = false;
    bool unknown = false;
    const auto note = [&](std::string_view member) {
        (equals_ignoring_case(member, "100-continue") ? expected : unknown) = true;
    };
    request.fields.for_each(KnownField::expect, [&note](std::string_view value) { for_each_member(value, note); });
    if (unknown) return std::unexpected(Refusal::expectation_unknown);
    return expected;
}

}  // namespace basehttp
