#include "basehttp/upstream/fastcgi_codec.h"

#include <algorithm>

#include <fmt/format.h>

namespace basehttp {
namespace {

OriginFailure bad(std::string_view what) {
    return {502, fmt::format("bad response: {}", what)};
}

}  // namespace

void FastCgiCodec::append_head(std::string& out, std::string_view) const {
    std::string parameters;
    for_each_meta_variable(request_, [&parameters](std::string_view name, std::string_view value) {
        append_fastcgi_parameter(parameters, name, value);
    });
    append_fastcgi_begin(out, keep_);
    append_fastcgi_stream(out, FastCgiType::params, parameters);
    append_fastcgi_record(out, FastCgiType::params, {});
    if (request_.content.kind == BodyFraming::Kind::none) append_end(out);
}

std::string_view FastCgiCodec::frame(std::string_view piece, std::string& room) const {
    room.clear();
    append_fastcgi_stream(room, FastCgiType::stdin_stream, piece);
    return room;
}

void FastCgiCodec::append_end(std::string& out) const {
    append_fastcgi_record(out, FastCgiType::stdin_stream, {});
}

bool FastCgiCodec::passes_over(std::string_view& received) {
    if (!head_.empty()) return false;
    const auto taken = take_records(received);
    return taken && head_.empty() && !ended_;
}

// Takes records until some of the response has come: that is added to head_.
OriginResult<void> FastCgiCodec::take_records(std::string_view& received) {
    const auto output = next_output(received);
    if (!output) return std::unexpected(output.error());
    head_ += *output;
    return {};
}

OriginResult<ParseProgress> FastCgiCodec::take_head(std::string_view& received, ReceivedResponse& response) {
    for (;;) {
        if (!head_.empty()) {
            const auto progress = parser_.parse(head_, response);
            if (!progress) return progress;
            if (*progress == ParseProgress::complete) break;
        }
        const std::size_t before = head_.size();
        if (const auto taken = take_records(received); !taken) return std::unexpected(taken.error());
        if (head_.size() > before) continue;
        if (!ended_) return ParseProgress::need_more;
        if (const auto willing = verdict(); !willing) return std::unexpected(willing.error());
        const std::string_view where = head_.empty() ? "without a response" : "within the head of the response";
        return std::unexpected(
            bad(fmt::format("the program ended {}, with exit status {}", where, reader_.end().exit_status)));
    }
    early_ = std::string_view(head_).substr(parser_.head_size());
    return ParseProgress::complete;
}

OriginResult<void> FastCgiCodec::begin_content(const ReceivedResponse& response, bool to_head) {
    const auto framing = decide_body_framing(response, to_head);
    if (!framing) return std::unexpected(bad(describe(framing.error()).message));
    content_ = ContentDecoder(*framing);
    begun_ = true;
    return {};
}

// Of what is more than was announced, or not wanted at all, nothing is passed on.
OriginResult<std::string_view> FastCgiCodec::next(std::string_view& received) {
    if (!early_.empty()) {
        const auto piece = content_.next(early_);
        if (piece && !piece->empty()) return *piece;
    }
    early_ = {};
    head_.clear();
    while (!ended_) {
        auto output = next_output(received);
        if (!output || (output->empty() && !ended_)) return output;
        const auto piece = content_.next(*output);
        if (piece && !piece->empty()) return *piece;
    }
    if (!content_.end())
        return std::unexpected(OriginFailure{502, "the program ended within the content of the response"});
    return std::string_view();
}

// The next run of the response. Empty: more has to come, or the request has ended.
OriginResult<std::string_view> FastCgiCodec::next_output(std::string_view& received) {
    using Kind = FastCgiReader::Piece::Kind;
    for (;;) {
        const auto piece = reader_.next(received);
        if (!piece) return std::unexpected(bad(piece.error()));
        switch (piece->kind) {
            case Kind::none:
                return std::string_view();
            case Kind::output:
                return piece->bytes;
            case Kind::diagnostic:
                note(piece->bytes);
                break;
            case Kind::end:
                ended_ = true;
                return std::string_view();
        }
    }
}

// What the responder says of the request's end.
OriginResult<void> FastCgiCodec::verdict() const {
    using Status = FastCgiReader::End::Status;
    switch (reader_.end().status) {
        case Status::complete:
            return {};
        case Status::overloaded:
            return std::unexpected(OriginFailure{503, "the program is overloaded"});
        case Status::cannot_multiplex:
        case Status::unknown_role:
            break;
    }
    return std::unexpected(OriginFailure{502, "the program refuses the request: it is not a FastCGI responder"});
}

void FastCgiCodec::note(std::string_view diagnostic) {
    while (!diagnostic.empty()) {
        const std::size_t size = std::min(diagnostic.find_first_of("\n\r"), diagnostic.size());
        line_ += diagnostic.substr(0, std::min(size, kLongestLine - std::min(line_.size(), kLongestLine)));
        if (size == diagnostic.size()) return;
        report_line();
        diagnostic.remove_prefix(size + 1);
    }
}

void FastCgiCodec::report_line() {
    if (line_.empty()) return;
    const bool was_within = reported_ < kMostReported;
    reported_ += line_.size();
    if (was_within) report_(line_);
    if (was_within && reported_ >= kMostReported) report_("more of its standard error is left out");
    line_.clear();
}

}  // namespace basehttp
