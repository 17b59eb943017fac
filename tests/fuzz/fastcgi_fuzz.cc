// Any bytes as the response of a FastCGI server, whole and in random pieces: the same response, the same lines of
// standard error, and no field that could end its line early when it is passed on.
#include <string>

#include "basehttp/text/ascii.h"
#include "basehttp/upstream/fastcgi_codec.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

struct Outcome {
    std::string response;
    std::string diagnostics;
    std::string failure;
    bool complete = false;

    bool operator==(const Outcome&) const = default;
};

void check_head(const ReceivedResponse& response) {
    REQUIRE_THAT(response.status >= 200 && response.status <= 599);
    REQUIRE_THAT(is_field_text(response.reason));
    for (const FieldLine& line : response.fields)
        REQUIRE_THAT(is_token(line.name) && is_field_text(line.value));
}

// Takes what it can. False: the response is complete, or bad.
bool advance(FastCgiCodec& codec, ReceivedResponse& response, std::string_view& left, bool to_head,
             Outcome& outcome) {
    if (outcome.response.empty()) {
        const auto progress = codec.take_head(left, response);
        if (!progress) return outcome.failure = progress.error().what, false;
        if (*progress == ParseProgress::need_more) return true;
        check_head(response);
        const auto begun = codec.begin_content(response, to_head);
        if (!begun) return outcome.failure = begun.error().what, false;
        outcome.response = std::to_string(response.status) + std::string(response.reason);
        for (const FieldLine& line : response.fields)
            ((outcome.response += '\n') += line.name).append("=").append(line.value);
    }
    while (!codec.complete()) {
        const auto piece = codec.next(left);
        if (!piece) return outcome.failure = piece.error().what, false;
        outcome.response += *piece;
        if (piece->empty() && !codec.complete()) return true;
    }
    outcome.complete = true;
    return false;
}

Outcome take(std::string_view bytes, bool to_head, fuzz::Numbers* numbers) {
    const fuzz::ExactCopy copy(bytes);
    Outcome outcome;
    const Request request;
    const Script script;
    FastCgiCodec codec({request, script, {}, {}, "http", "", "", false}, true,
                       [&outcome](std::string_view line) { (outcome.diagnostics += line) += '\n'; });
    ReceivedResponse response;
    std::size_t taken = 0;
    for (std::size_t size = 0;;) {
        size += numbers != nullptr ? numbers->next(bytes.size() - size) : bytes.size();
        std::string_view left = copy.text().substr(taken, size - taken);
        const bool goes_on = advance(codec, response, left, to_head, outcome);
        taken = size - left.size();
        if (!goes_on || size == bytes.size()) break;
    }
    if (outcome.failure.empty()) codec.report_line();
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::as_text(data, size);
    const unsigned options = fuzz::take_byte(input);
    fuzz::Numbers numbers(options);
    const bool to_head = (options & 1U) != 0;
    const Outcome whole = take(input, to_head, nullptr);
    const Outcome pieces = take(input, to_head, &numbers);
    REQUIRE_THAT(whole.failure == pieces.failure && whole.complete == pieces.complete);
    if (whole.failure.empty()) REQUIRE_THAT(whole == pieces);
    return 0;
}
