// FastCgiCodec: a request to a responder of FastCGI 1.0, whose response is a CGI response (RFC 3875, 6). The
// program's standard error comes beside it and is reported line by line.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "basehttp/protocol/fastcgi_records.h"
#include "basehttp/upstream/content_decoder.h"
#include "basehttp/upstream/meta_variables.h"
#include "basehttp/upstream/moving_head_parser.h"
#include "basehttp/upstream/upstream_codec.h"

namespace basehttp {

class FastCgiCodec final : public UpstreamCodec {
  public:
    using Report = std::function<void(std::string_view line)>;

    /// What is reported of one request at most, in bytes, and of one line; what is longer is cut.
    static constexpr std::size_t kMostReported = 64 * 1024;
    static constexpr std::size_t kLongestLine = 2048;

    /// `keep`: the responder is to keep the connection. What `request` refers to must outlive this.
    FastCgiCodec(const ProgramRequest& request, bool keep, Report report)
        : request_(request), keep_(keep), report_(std::move(report)) {}

    /// Reports what is left of standard error: to be called once nothing more comes.
    void report_line();

    void append_head(std::string& out, std::string_view authority) const override;
    std::string_view frame(std::string_view piece, std::string& room) const override;
    void append_end(std::string& out) const override;

    bool passes_over(std::string_view& received) override;
    OriginResult<ParseProgress> take_head(std::string_view& received, ReceivedResponse& response) override;
    OriginResult<void> begin_content(const ReceivedResponse& response, bool to_head) override;
    OriginResult<std::string_view> next(std::string_view& received) override;
    bool end() override { return ended_; }
    bool complete() const override { return ended_ && head_.empty(); }
    bool persists() const override { return keep_ && ended_; }

  private:
    OriginResult<void> take_records(std::string_view& received);
    OriginResult<std::string_view> next_output(std::string_view& received);
    OriginResult<void> verdict() const;
    void note(std::string_view diagnostic);

    ProgramRequest request_;
    bool keep_;
    Report report_;
    FastCgiReader reader_;
    MovingHeadParser parser_{ResponseParser::Form::cgi};
    std::string head_;        // and what of the content has come with it; empty once that was taken
    std::string_view early_;  // that content: the end of head_
    bool begun_ = false;      // the content
    bool ended_ = false;      // the request, as the responder says
    ContentDecoder content_{BodyFraming{}};
    std::string line_;  // of standard error, as far as it has come
    std::size_t reported_ = 0;
};

}  // namespace basehttp
