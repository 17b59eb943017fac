// HeadOpenings: what the heads of most responses begin with: status line, Server and Date, put together once a second
// for each status. Part of a ServerContext.
#pragma once

#include <array>
#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

#include "basehttp/server/date_cache.h"

namespace basehttp {

class HeadOpenings {
  public:
    /// `date` must outlive this.
    explicit HeadOpenings(DateCache& date) : date_(date) {}

    /// The opening of a response in HTTP/1.1 with the usual phrase for `status`, by `server`, which is left out where
    /// it is empty, at `second`. Valid until the next call.
    std::string_view find(int status, std::string_view server, std::time_t second) {
        Opening& opening = openings_[static_cast<std::size_t>(status) % openings_.size()];
        if (opening.status != status || opening.second != second || opening.server != server) {
            opening.status = status;
            opening.second = second;
            opening.server = server;
            write(opening);
        }
        return opening.text;
    }

  private:
    struct Opening {
        int status = 0;
        std::time_t second = 0;
        std::string server;
        std::string text;
    };

    void write(Opening& opening);

    DateCache& date_;
    std::array<Opening, 16> openings_;
};

}  // namespace basehttp
