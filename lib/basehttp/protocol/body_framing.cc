#include "basehttp/protocol/body_framing.h"

#include <charconv>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

struct FramingFields {
    std::size_t lengths = 0;
    std::string_view length;
    bool coded = false;
    std::size_t chunked = 0;  // times the coding is named
    bool chunked_is_last = false;
    bool other_coding = false;
};

void note_codings(std::string_view value, FramingFields& found) {
    for_each_member(value, [&found](std::string_view coding) {
        found.chunked_is_last = equals_ignoring_case(coding, "chunked");
        if (found.chunked_is_last) {
            ++found.chunked;
        } else {
            found.other_coding = true;
        }
    });
}

FramingFields find_framing_fields(const Fields& fields) {
    FramingFields found;
    for (const FieldLine& line : fields) {
        if (equals_ignoring_case(line.name, "Content-Length")) {
            ++found.lengths;
            found.length = line.value;
        } else if (equals_ignoring_case(line.name, "Transfer-Encoding")) {
            found.coded = true;
            note_codings(line.value, found);
        }
    }
    return found;
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
    const FramingFields found = find_framing_fields(request.fields);
    if (found.coded) {
        if (request.version < kHttp11) return std::unexpected(Refusal::coding_in_old_version);
        if (found.lengths > 0) return std::unexpected(Refusal::length_and_coding);
        if (found.chunked > 1 || !found.chunked_is_last) {
            const bool unknown = found.chunked == 0 && found.other_coding;
            return std::unexpected(unknown ? Refusal::coding_not_supported : Refusal::chunked_not_last);
        }
        if (found.other_coding) return std::unexpected(Refusal::coding_not_supported);
        return BodyFraming{BodyFraming::Kind::chunked, 0};
    }
    if (found.lengths == 0) return BodyFraming{};
    if (found.lengths > 1) return std::unexpected(Refusal::content_length_repeated);
    const auto length = parse_content_length(found.length);
    if (!length) return std::unexpected(length.error());
    if (*length == 0) return BodyFraming{};
    return BodyFraming{BodyFraming::Kind::length, *length};
}

std::expected<bool, Refusal> expects_continue(const Request& request) {
    if (request.version < kHttp11) return false;
    bool expected = false;
    bool unknown = false;
    for (const FieldLine& line : request.fields) {
        if (!equals_ignoring_case(line.name, "Expect")) continue;
        for_each_member(line.value, [&](std::string_view member) {
            (equals_ignoring_case(member, "100-continue") ? expected : unknown) = true;
        });
    }
    if (unknown) return std::unexpected(Refusal::expectation_unknown);
    return expected;
}

}  // namespace basehttp
