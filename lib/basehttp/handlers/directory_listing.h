// DirectoryListing: the listing of a folder, as a page or as JSON, read and sent in pieces, with a turn for everybody
// else between two of them. All listings of a process share the time between two such turns, so that others wait no
// longer for many of them than for one. Lives in the coroutine of the handler that it answers for, and is used in
// this order: read(), the head of the response, send_content().
#pragma once

#include <chrono>
#include <optional>

#include "basehttp/handlers/directory_entries.h"
#include "basehttp/handlers/listing_template.h"
#include "basehttp/server/request_handler.h"

namespace basehttp {

class DirectoryListing {
  public:
    /// `handler` answers for the folder at its path(), which ends with a slash. `page` is the operator's, or nullptr.
    DirectoryListing(RequestHandler& handler, DirectoryEntries entries, ListingOrder order,
                     const ListingTemplate* page);

    /// Reads the folder. The errors are those of DirectoryEntries::read_some(); that the client has left is none.
    Task<IoResult<void>> read();

    /// The fields that the response needs, to be sent between send_response() and end_headers().
    void send_headers();

    /// Sends what was read.
    Task<> send_content();

  private:
    enum class Form : std::uint8_t { page, own_page, json };

    std::chrono::microseconds slice() const;
    void append_start(std::string& piece);
    void append_entry(std::string& piece, const DirectoryEntry& entry);
    void append_end(std::string& piece);
    bool append_some(std::string& piece);

    RequestHandler& handler_;
    DirectoryEntries entries_;
    ListingOrder order_;
    const ListingTemplate* own_page_;
    Form form_;
    PageValues values_;  // of the operator's page
    bool first_ = true;
};

}  // namespace basehttp
