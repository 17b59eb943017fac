// ErrorPages: pages of the operator's in the place of ours, by status. Made at start, only read after that.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "basehttp/pages/page_template.h"

namespace basehttp {

class ErrorPages {
  public:
    /// What such a page is made of: `code`, `reason`, `message`, `explanation` and `request_id` may stand in it.
    static std::expected<PageTemplate, TemplateError> parse(const std::string& text);

    /// `media_type` is that of the page.
    void add(int status, PageTemplate page, std::string media_type) {
        pages_.insert_or_assign(status, Page{std::move(page), std::move(media_type)});
    }

    /// The media type of the page for `status`; empty where there is none.
    std::string_view media_type(int status) const;

    /// The page for `status`, which there must be.
    std::string fill(int status, std::string_view message, std::string_view request_id) const;

  private:
    struct Page {
        PageTemplate content;
        std::string media_type;
    };

    std::map<int, Page> pages_;
};

}  // namespace basehttp
