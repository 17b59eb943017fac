// Any bytes as multipart/form-data: whole and in random pieces it is the same, and no more than what was fed comes
// out.
#include <string>

#include "basehttp/protocol/multipart.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

struct Outcome {
    std::string text;
    bool complete = false;
    int error = -1;

    bool operator==(const Outcome&) const = default;
};

constexpr MultipartLimits kLimits{.parts = 4, .part_fields = 100, .part_content = 50};

Outcome decode(std::string_view bytes, fuzz::Numbers numbers, bool whole) {
    MultipartDecoder decoder("XX", kLimits);
    Outcome outcome;
    bool ended = false;
    for (;;) {
        const auto event = decoder.next();
        using Kind = MultipartDecoder::Event::Kind;
        if (!event) {
            outcome.error = static_cast<int>(event.error());
            if (event.error() == MultipartError::content_too_large) outcome.text.clear();  // how much came is chance
            return outcome;
        }
        outcome.text += event->content;
        if (event->kind == Kind::part) (outcome.text += '[') += decoder.part().name + ']';
        if (event->kind == Kind::part_end) outcome.text += '.';
        outcome.complete = event->kind == Kind::complete;
        if (outcome.complete) return outcome;
        if (event->kind != Kind::need_more) continue;
        REQUIRE_THAT(!ended);
        if (bytes.empty()) {
            ended = true;
            decoder.finish();
            continue;
        }
        const std::size_t size = whole ? bytes.size() : 1 + numbers.next(bytes.size() - 1);
        const fuzz::ExactCopy copy(bytes.substr(0, size));
        decoder.feed(copy.text());
        bytes.remove_prefix(size);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::as_text(data, size);
    const fuzz::Numbers numbers(fuzz::take_byte(input));
    const Outcome whole = decode(input, numbers, true);
    REQUIRE_THAT(whole == decode(input, numbers, false));
    REQUIRE_THAT(whole.text.size() <= input.size() + 4);
    REQUIRE_THAT(whole.complete == (whole.error == -1));
    return 0;
}
