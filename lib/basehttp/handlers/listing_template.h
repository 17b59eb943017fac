// ListingTemplate: the operator's page for listings. What stands in `{{#entries}}…{{/entries}}` is made for each
// entry as it is sent, what stands before and after it once; so a folder of any size is a stream. Parsed at start,
// only read after that.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "basehttp/handlers/directory_entries.h"
#include "basehttp/pages/page_template.h"

namespace basehttp {

class ListingTemplate {
  public:
    static std::expected<ListingTemplate, TemplateError> parse(const std::string& text);

    /// The values of a page: those of the folder at `path`, of which all entries were read.
    static PageValues values(std::string_view path, ListingOrder order, const DirectoryEntries& entries);

    void append_start(std::string& page, const PageValues& values) const { before_.append_to(page, values); }
    void append_entry(std::string& page, const PageValues& values, const DirectoryEntry& entry) const;
    void append_end(std::string& page, const PageValues& values) const { after_.append_to(page, values); }

  private:
    ListingTemplate(PageTemplate before, PageTemplate entry, PageTemplate after)
        : before_(std::move(before)), entry_(std::move(entry)), after_(std::move(after)) {}

    PageTemplate before_;
    PageTemplate entry_;
    PageTemplate after_;
};

}  // namespace basehttp
