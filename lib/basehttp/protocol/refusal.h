// Refusal: why a request is not served, as found by the protocol's rules alone. Each has the status that answers it
// and a message that tells the client's author what to mend. A response of another server is refused by the same
// rules; whatever the reason, its client gets 502.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace basehttp {

enum class Refusal : std::uint8_t {
    bad_request_line,
    bare_carriage_return,
    bare_line_feed,
    control_byte,
    bad_method,
    bad_simple_request,
    simple_request_refused,
    bad_version,
    version_not_supported,
    bad_target,
    bad_escape,
    unescaped_byte,
    path_above_root,
    request_line_too_long,
    empty_lines,
    bad_field_line,
    folded_field_line,
    space_before_colon,
    bad_field_value,
    fields_too_large,
    too_many_fields,
    host_missing,
    host_repeated,
    bad_host,
    bad_content_length,
    content_length_repeated,
    length_and_coding,
    coding_in_old_version,
    chunked_not_last,
    coding_not_supported,
    body_too_large,
    bad_chunk,
    expectation_unknown,
    head_timed_out,
    head_cut_short,
    body_timed_out,
    body_cut_short,
    bad_form,
    not_a_form,
    bad_json,
    not_json,
    bad_status_line,
    bad_cgi_status,
    cgi_fields_missing,
    coding_of_cgi,
    local_redirect,
};

struct RefusalInfo {
    int status;
    std::string_view message;
};

namespace refusal_detail {

struct Row {
    Refusal refusal;
    RefusalInfo info;
};

// In the order of the enum.
inline constexpr std::array kRows = std::to_array<Row>({
    {Refusal::bad_request_line,
     {400, "Bad request line: it takes a method, a target and a version with one space between them"}},
    {Refusal::bare_carriage_return, {400, "Bad head: a CR that no LF follows"}},
    {Refusal::bare_line_feed, {400, "Bad head: a line that ends without CR"}},
    {Refusal::control_byte, {400, "Bad request line: it holds a control byte"}},
    {Refusal::bad_method, {400, "Bad method: it is not a token"}},
    {Refusal::bad_simple_request, {400, "Bad HTTP/0.9 request: only GET goes without a version"}},
    {Refusal::simple_request_refused,
     {400, "Bad request line: the version is missing, and HTTP/0.9 is not served here"}},
    {Refusal::bad_version, {400, "Bad request version: it must look like HTTP/1.1"}},
    {Refusal::version_not_supported, {505, "HTTP version not supported: this is HTTP/1.0 and HTTP/1.1"}},
    {Refusal::bad_target, {400, "Bad request target"}},
    {Refusal::bad_escape, {400, "Bad request target: a % must start an escape of two digits, not %00"}},
    {Refusal::unescaped_byte, {400, "Bad request target: it holds a byte that must be escaped"}},
    {Refusal::path_above_root, {400, "Bad request target: its dot segments lead above the root"}},
    {Refusal::request_line_too_long, {414, "Request line too long"}},
    {Refusal::empty_lines, {400, "Bad request: too many empty lines before the request line"}},
    {Refusal::bad_field_line, {400, "Bad field line: it takes a name, a colon and a value"}},
    {Refusal::folded_field_line, {400, "Bad field line: folded lines are obsolete"}},
    {Refusal::space_before_colon, {400, "Bad field line: white space before the colon"}},
    {Refusal::bad_field_value, {400, "Bad field line: the value holds a control byte"}},
    {Refusal::fields_too_large, {431, "Field lines too large"}},
    {Refusal::too_many_fields, {431, "Too many field lines"}},
    {Refusal::host_missing, {400, "Host is missing: HTTP/1.1 needs it"}},
    {Refusal::host_repeated, {400, "Host is given more than once"}},
    {Refusal::bad_host, {400, "Bad Host: it is not a host with an optional port"}},
    {Refusal::bad_content_length, {400, "Bad Content-Length: it must be one decimal number"}},
    {Refusal::content_length_repeated, {400, "Content-Length is given more than once"}},
    {Refusal::length_and_coding, {400, "Content-Length and Transfer-Encoding exclude each other"}},
    {Refusal::coding_in_old_version, {400, "Transfer-Encoding does not exist before HTTP/1.1"}},
    {Refusal::chunked_not_last, {400, "Bad Transfer-Encoding: chunked must come once, and last"}},
    {Refusal::coding_not_supported, {501, "Transfer coding not supported: only chunked is"}},
    {Refusal::body_too_large, {413, "Content too large"}},
    {Refusal::bad_chunk, {400, "Bad chunk"}},
    {Refusal::expectation_unknown, {417, "Expectation not supported: only 100-continue is"}},
    {Refusal::head_timed_out, {408, "Request timeout: its head did not arrive in time"}},
    {Refusal::head_cut_short, {400, "Bad request: it ended within its head"}},
    {Refusal::body_timed_out, {408, "Request timeout: its content did not arrive in time"}},
    {Refusal::body_cut_short, {400, "Bad request: it ended within its content"}},
    {Refusal::bad_form, {400, "Bad form: its content does not keep to its media type's grammar"}},
    {Refusal::not_a_form, {415, "Unsupported media type: a form is wanted"}},
    {Refusal::bad_json, {400, "Bad JSON"}},
    {Refusal::not_json, {415, "Unsupported media type: application/json is wanted"}},
    {Refusal::bad_status_line, {502, "Bad status line: it takes a version, a status of three digits and a reason"}},
    {Refusal::bad_cgi_status, {502, "Bad Status: it takes one status from 200 to 599, and a reason"}},
    {Refusal::cgi_fields_missing, {502, "A CGI response without any of Content-Type, Location and Status"}},
    {Refusal::coding_of_cgi, {502, "A CGI response has no Transfer-Encoding"}},
    {Refusal::local_redirect, {502, "A local redirect: a Location without host needs a Status, such as 302"}},
});

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].refusal != static_cast<Refusal>(i)) return false;
    }
    return true;
}
static_assert(in_order());

}  // namespace refusal_detail

/// The status and the message that answer `refusal`.
constexpr const RefusalInfo& describe(Refusal refusal) {
    return refusal_detail::kRows[static_cast<std::size_t>(refusal)].info;
}

}  // namespace basehttp
