#include "basehttp/protocol/cgi_response.h"

#include <algorithm>
#include <charconv>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

constexpr std::string_view kStatus = "Status";
constexpr std::size_t kDigits = 3;

// `404 Not Found`, of a final response.
std::expected<void, Refusal> take_status(std::string_view text, ReceivedResponse& response) {
    const std::string_view digits = text.substr(0, kDigits);
    const std::string_view rest = text.substr(digits.size());
    const bool is_status = digits.size() == kDigits && std::ranges::all_of(digits, is_digit) &&
                           digits.front() >= '2' && digits.front() <= '5' && (rest.empty() || rest.front() == ' ');
    if (!is_status) return std::unexpected(Refusal::bad_cgi_status);
    std::from_chars(digits.data(), digits.data() + digits.size(), response.status);
    response.reason = trim_white_space(rest);
    return {};
}

}  // namespace

std::expected<void, Refusal> take_cgi_fields(ReceivedResponse& response) {
    if (response.fields.count(KnownField::transfer_encoding) > 0) return std::unexpected(Refusal::coding_of_cgi);
    if (response.fields.size() == 0) return std::unexpected(Refusal::cgi_fields_missing);
    const auto status = response.fields.find(kStatus);
    const auto location = response.fields.find("Location");
    if (!status) {
        if (location && location->starts_with('/')) return std::unexpected(Refusal::local_redirect);
        response.status = location ? 302 : 200;
        response.reason = location ? "Found" : "";
        return {};
    }
    if (response.fields.count(kStatus) > 1) return std::unexpected(Refusal::bad_cgi_status);
    Fields others;
    for (const FieldLine& line : response.fields)
        if (!equals_ignoring_case(line.name, kStatus)) others.add(line.name, line.value);
    const auto taken = take_status(*status, response);
    response.fields = std::move(others);
    return taken;
}

}  // namespace basehttp
