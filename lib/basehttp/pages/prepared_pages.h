// PreparedPages: error pages that were put together once for each status and message, so that a request costs a copy
// and its id. Bounded: pages that share a place take turns, and a long message is not kept. Part of a ServerContext.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "basehttp/pages/error_page.h"

namespace basehttp {

class PreparedPages {
  public:
    /// What error_page() gives.
    std::string page(int status, std::string_view message, std::string_view request_id);

    /// Takes back a page that was sent, or any other: its memory serves for the next.
    void recycle(std::string page);

  private:
    struct Page {
        int status = 0;
        std::string message;
        ErrorPage content;
    };

    std::array<Page, 16> pages_;
    std::string spare_;
};

}  // namespace basehttp
