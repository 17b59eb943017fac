// DirectoryListing: sends the listing of a folder, as a page or as JSON, in pieces, with a turn for everybody else
// between two of them. Lives in the coroutine of the handler that it answers for.
#pragma once

#include "basehttp/handlers/directory_entries.h"
#include "basehttp/server/request_handler.h"

namespace basehttp {

class DirectoryListing {
  public:
    /// `handler` answers for the folder at its path(), which ends with a slash.
    DirectoryListing(RequestHandler& handler, DirectoryEntries entries, ListingOrder order);

    /// Sends the whole response.
    Task<> send();

  private:
    Task<> read();
    void begin();
    bool append_some(std::string& piece);

    RequestHandler& handler_;
    DirectoryEntries entries_;
    ListingOrder order_;
    bool as_json_;
    bool first_ = true;
};

}  // namespace basehttp
