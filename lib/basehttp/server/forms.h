// What handler authors need of forms: the query, cookies, and content of both kinds that browsers send. Multipart
// content is read part by part and never kept whole.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/protocol/form_data.h"
#include "basehttp/protocol/multipart.h"
#include "basehttp/server/request_handler.h"

namespace basehttp {

/// The pairs of the target's query; none where it has more than kMostFormPairs.
FormPairs query_of(const Request& request);

/// The pairs of all Cookie fields; none where there are more than kMostFormPairs.
FormPairs cookies_of(const Request& request);

/// The content of an application/x-www-form-urlencoded request, of at most `limit` bytes. After an error the method
/// may return: the client is told 413, 415 or 400.
Task<IoResult<FormPairs>> read_form(RequestHandler& handler, std::size_t limit);

/// Reads multipart/form-data:
///
///     MultipartReader form(*this);
///     while (true) {
///         const auto part = co_await form.next_part();
///         if (!part) co_return;      // the client is told what was wrong
///         if (*part == nullptr) break;
///         … (*part)->name … co_await form.read(…)
///     }
class MultipartReader {
  public:
    /// `handler` must outlive it.
    explicit MultipartReader(RequestHandler& handler, MultipartLimits limits = {});

    /// The next part, after what is left of the one before; nullptr after the last. Valid until the next call.
    Task<IoResult<const MultipartPart*>> next_part();

    /// Some content of the part; empty at its end. Valid until the next call.
    Task<IoResult<std::string_view>> read();

    /// All content of the part, at most `limit` bytes.
    Task<IoResult<std::string>> read_all(std::size_t limit);

  private:
    Task<IoResult<MultipartDecoder::Event>> next_event();

    RequestHandler& handler_;
    std::optional<MultipartDecoder> decoder_;  // none where the request is no such form
    bool in_part_ = false;
};

}  // namespace basehttp
