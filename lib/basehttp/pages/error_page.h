// What an error looks like: code, message and explanation as the seed shows them, as a page or as JSON, with
// everything escaped.
#pragma once

#include <string>
#include <string_view>

namespace basehttp {

inline constexpr std::string_view kErrorPageType = "text/html; charset=utf-8";
inline constexpr std::string_view kProblemType = "application/problem+json";

/// The HTML page for `status`. `message` may hold bytes from the client. `request_id` is shown where it is not empty,
/// so that who reports the error can name the line of the error log.
std::string error_page(int status, std::string_view message, std::string_view request_id = {});

/// The same page for any request: what it has before the request's id and after it.
struct ErrorPage {
    std::string before_id;
    std::string after_id;

    /// Appends the page with `request_id` in it, as error_page() gives it.
    void append_to(std::string& page, std::string_view request_id) const;
};
ErrorPage prepare_error_page(int status, std::string_view message);

/// error_page() as a problem detail (RFC 9457).
std::string problem_json(int status, std::string_view message, std::string_view request_id = {});

/// The parts of those pages, for pages that look otherwise: the reason phrase, empty for a code without one, and what
/// the code means.
std::string_view reason_of(int status);
std::string_view explanation_of(int status);

}  // namespace basehttp
