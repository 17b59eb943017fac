// Ways in which the bytes of a head can arrive: each row of the parser's tables runs through all of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "tests/unit/protocol_rows.h"

namespace basehttp {

struct HeadOutcome {
    std::optional<Refusal> refusal;
    bool complete = false;
    std::string request;    ///< see summary()
    std::string line;       ///< the request line, as far as it is known
    std::size_t size = 0;   ///< of the head, once complete
    std::size_t asked = 0;  ///< bytes given until the parser was done
};

/// `METHOD PATH?QUERY VERSION HOST`, then `|NAME=VALUE` for each field line.
inline std::string summary(const Request& request) {
    std::string text(request.method);
    text += ' ';
    text += request.path();
    if (request.target.has_query) (text += '?') += request.target.query;
    text += ' ' + std::to_string(request.version.major) + '.' + std::to_string(request.version.minor) + ' ';
    text += request.host;
    for (const FieldLine& line : request.fields) {
        (text += '|') += line.name;
        (text += '=') += line.value;
    }
    return text;
}

/// Feeds a parser more and more of `bytes`.
class HeadFeeder {
  public:
    HeadFeeder(std::string_view bytes, const Limits& limits, bool first)
        : bytes_(bytes), first_(first), parser_(limits) {
        parser_.restart(first);
    }

    /// Shows the parser the first `size` bytes, at the address of the call before.
    bool grow(std::size_t size) { return note(bytes_.substr(0, size)); }

    /// The same at another address, in memory of exactly that size.
    bool move(std::size_t size) {
        auto moved = std::make_unique<char[]>(size);
        bytes_.copy(moved.get(), size);
        buffer_ = std::move(moved);
        parser_.restart(first_);
        request_.clear();
        return note({buffer_.get(), size});
    }

    const HeadOutcome& outcome() const { return outcome_; }

  private:
    bool note(std::string_view received) {
        outcome_.asked = received.size();
        const auto progress = parser_.parse(received, request_);
        if (!progress) outcome_.refusal = progress.error();
        outcome_.complete = progress && *progress == ParseProgress::complete;
        outcome_.line = request_.line;
        if (outcome_.complete) {
            outcome_.request = summary(request_);
            outcome_.size = parser_.head_size();
        }
        return outcome_.complete || outcome_.refusal;
    }

    std::string_view bytes_;
    bool first_;
    RequestParser parser_;
    std::unique_ptr<char[]> buffer_;
    Request request_;
    HeadOutcome outcome_;
};

/// Calls `check(outcome)` for each way.
template <typename Check>
void feed_in_all_ways(std::string_view bytes, const Limits& limits, bool first, Check check) {
    const std::size_t size = bytes.size();
    HeadFeeder whole(bytes, limits, first);
    whole.grow(size);
    BOOST_TEST_CONTEXT("whole") check(whole.outcome());

    HeadFeeder growing(bytes, limits, first);
    for (std::size_t n = 0; n <= size && !growing.grow(n); ++n) {
    }
    BOOST_TEST_CONTEXT("byte by byte") check(growing.outcome());

    HeadFeeder moving(bytes, limits, first);
    for (std::size_t n = 0; n <= size && !moving.move(n); ++n) {
    }
    BOOST_TEST_CONTEXT("byte by byte, moved each time") check(moving.outcome());

    for (std::size_t cut = 0; cut <= size; ++cut) {
        HeadFeeder split(bytes, limits, first);
        if (!split.grow(cut)) split.grow(size);
        BOOST_TEST_CONTEXT("split at " << cut) check(split.outcome());
        HeadFeeder moved(bytes, limits, first);
        if (!moved.grow(cut)) moved.move(size);
        BOOST_TEST_CONTEXT("split at " << cut << " and moved") check(moved.outcome());
    }
}

}  // namespace basehttp
