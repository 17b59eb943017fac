// Any bytes as a chunked body: whole and in random pieces it is the same content, and encoding that content again
// gives a body that decodes to it.
#include <optional>
#include <string>

#include "basehttp/protocol/chunked.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

struct Outcome {
    bool refused = false;
    bool complete = false;
    std::string content;
    std::size_t taken = 0;

    bool operator==(const Outcome&) const = default;
};

Outcome decode(std::string_view bytes, std::size_t most_line_bytes, std::optional<fuzz::Numbers> numbers) {
    ChunkedDecoder decoder(most_line_bytes);
    Outcome outcome;
    while (!outcome.complete) {
        const std::size_t left = bytes.size() - outcome.taken;
        const fuzz::ExactCopy copy(bytes.substr(outcome.taken, numbers ? numbers->next(left) : left));
        std::string_view input = copy.text();
        while (true) {
            const auto piece = decoder.next(input);
            if (!piece) {
                outcome.refused = true;
                outcome.taken = 0;  // where it stopped within the piece is of no interest
                return outcome;
            }
            outcome.content += piece->data;
            outcome.complete = piece->complete;
            if (piece->data.empty()) break;
        }
        REQUIRE_THAT(outcome.complete || input.empty());
        outcome.taken += copy.text().size() - input.size();
        if (outcome.taken == bytes.size()) break;
    }
    return outcome;
}

std::string encode(std::string_view content, fuzz::Numbers numbers) {
    std::string body;
    while (!content.empty()) {
        const std::string_view chunk = content.substr(0, 1 + numbers.next(content.size() - 1));
        append_chunk_start(body, chunk.size());
        (body += chunk) += kChunkEnd;
        content.remove_prefix(chunk.size());
    }
    append_last_chunk(body);
    return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::as_text(data, size);
    const std::size_t most_line_bytes = (fuzz::take_byte(input) & 1U) != 0 ? 12 : 4096;
    const fuzz::Numbers numbers(fuzz::take_byte(input));
    const Outcome whole = decode(input, most_line_bytes, std::nullopt);
    REQUIRE_THAT(whole == decode(input, most_line_bytes, numbers));
    REQUIRE_THAT(whole.content.size() <= input.size() && whole.taken <= input.size());
    if (whole.complete) {
        REQUIRE_THAT(input.substr(0, whole.taken).ends_with("\r\n"));
        REQUIRE_THAT(whole == decode(input.substr(0, whole.taken), most_line_bytes, numbers));
    }
    const Outcome again = decode(encode(input, numbers), 4096, numbers);
    REQUIRE_THAT(again.complete && again.content == input);
    return 0;
}
