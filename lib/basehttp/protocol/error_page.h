// What an error looks like: code, message and explanation as the seed shows them, as a page or as JSON, with
// everything escaped.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace basehttp {

inline constexpr std::string_view kErrorPageType = "text/html; charset=utf-8";
inline constexpr std::string_view kProblemType = "application/problem+json";

/// The HTML page for `status`. `message` may hold bytes from the client. `request_id` is shown where it is not empty,
/// so that who reports the error can name the line of the error log.
std::string error_page(int status, std::string_view message, std::string_view request_id = {});

/// The same as a problem detail (RFC 9457).
std::string problem_json(int status, std::string_view message, std::string_view request_id = {});

/// Pages of the operator's in the place of ours, by status. Made at start, read after that.
class ErrorPages {
  public:
    /// `text` is a page of the type `media_type`; in it `{{code}}`, `{{reason}}`, `{{message}}`, `{{explanation}}`
    /// and
    /// `{{request_id}}` stand for what they name, escaped for HTML.
    void add(int status, std::string text, std::string media_type) {
        pages_.insert_or_assign(status, Page{std::move(text), std::move(media_type)});
    }

    /// The media type of the page for `status`; empty where there is none.
    std::string_view media_type(int status) const;

    /// The page for `status`, which there must be.
    std::string fill(int status, std::string_view message, std::string_view request_id) const;

  private:
    struct Page {
        std::string text;
        std::string media_type;
    };

    std::map<int, Page> pages_;
};

}  // namespace basehttp
