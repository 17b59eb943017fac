// UpstreamCodec: one request and its response as bytes of a protocol between servers. No I/O: all that a protocol is
// to what passes requests on. Owned by the handler of the request.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "basehttp/protocol/fields.h"
#include "basehttp/protocol/parse_progress.h"
#include "basehttp/protocol/received_response.h"
#include "basehttp/upstream/origin_failure.h"

namespace basehttp {

class UpstreamCodec {
  public:
    virtual ~UpstreamCodec() = default;

    // The request: its head; if it has content, that in pieces, and what ends it.

    /// `authority` is the origin's own, for requests that name no host.
    virtual void append_head(std::string& out, std::string_view authority) const = 0;

    /// `piece` of the content as it is sent: itself, or put together in `room`.
    virtual std::string_view frame(std::string_view piece, std::string& room) const = 0;
    virtual void append_end(std::string& out) const = 0;

    // The response. Each of these takes off the front of `received` what it has used up; what it leaves comes again,
    // with more behind it, wherever it is then in memory.

    /// Takes what comes with a response and is not one, while the request is still being sent. False: something of
    /// the response has come.
    virtual bool passes_over(std::string_view& received) = 0;

    /// Fills `response` once the head is complete. Its views hold until anything is done to this, or to the bytes
    /// that were taken. After an interim response it is called again.
    virtual OriginResult<ParseProgress> take_head(std::string_view& received, ReceivedResponse& response) = 0;

    /// Prepares for the content of `response`. `to_head`: the request was HEAD.
    virtual OriginResult<void> begin_content(const ReceivedResponse& response, bool to_head) = 0;

    /// One run of content. Empty: it is complete, or more has to come.
    virtual OriginResult<std::string_view> next(std::string_view& received) = 0;

    /// The connection has ended. False: within the response.
    virtual bool end() = 0;

    /// Whether all of the response was taken.
    virtual bool complete() const = 0;

    /// The trailer fields, once complete; views into this.
    virtual Fields trailers() const { return {}; }

    /// Whether the origin takes another request on the same connection after this response.
    virtual bool persists() const = 0;

    /// For how long it waits for one, where it says so.
    virtual std::optional<std::chrono::seconds> waits_for() const { return std::nullopt; }
};

}  // namespace basehttp
