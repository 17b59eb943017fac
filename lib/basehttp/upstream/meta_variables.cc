#include "basehttp/upstream/meta_variables.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "basehttp/protocol/host.h"
#include "basehttp/text/ascii.h"
#include "basehttp/upstream/forwarded_head.h"

namespace basehttp {
namespace {

using Value = std::optional<std::string>;  // nothing: the variable is not set

struct Row {
    std::string_view name;
    Value (*value)(const ProgramRequest& request);
};

Value field(const ProgramRequest& request, std::string_view name) {
    const auto value = request.request.fields.find(name);
    return value ? Value(*value) : std::nullopt;
}

Value unless_empty(std::string_view text) {
    return text.empty() ? std::nullopt : Value(text);
}

std::string_view port_of(std::string_view host) {
    const std::string_view name = host_without_port(host);
    return host.size() > name.size() + 1 ? host.substr(name.size() + 1) : std::string_view();
}

Value server_port(const ProgramRequest& request) {
    const std::string_view port = port_of(request.request.host);
    if (!port.empty()) return std::string(port);
    return std::string(request.scheme == "https" ? "443" : "80");
}

Value content_length(const ProgramRequest& request) {
    if (request.content.kind == BodyFraming::Kind::length) return fmt::format("{}", request.content.length);
    return field(request, "Content-Length");  // 0, or none
}

constexpr std::array kRows = std::to_array<Row>({
    {"AUTH_TYPE", [](const ProgramRequest& r) { return r.user.empty() ? std::nullopt : Value("Basic"); }},
    {"CONTENT_LENGTH", content_length},
    {"CONTENT_TYPE", [](const ProgramRequest& r) { return field(r, "Content-Type"); }},
    {"DOCUMENT_ROOT", [](const ProgramRequest& r) { return Value(r.script.root); }},
    {"DOCUMENT_URI", [](const ProgramRequest& r) { return Value(r.script.name + r.script.info); }},
    {"GATEWAY_INTERFACE", [](const ProgramRequest&) { return Value("CGI/1.1"); }},
    {"HTTPS", [](const ProgramRequest& r) { return r.scheme == "https" ? Value("on") : std::nullopt; }},
    {"PATH_INFO", [](const ProgramRequest& r) { return unless_empty(r.script.info); }},
    {"PATH_TRANSLATED",
     [](const ProgramRequest& r) {
         return r.script.info.empty() ? std::nullopt : Value(r.script.root + r.script.info);
     }},
    {"QUERY_STRING", [](const ProgramRequest& r) { return Value(r.request.target.query); }},
    {"REDIRECT_STATUS", [](const ProgramRequest&) { return Value("200"); }},  // php-cgi refuses to run without it
    {"REMOTE_ADDR", [](const ProgramRequest& r) { return Value(r.client.text()); }},
    {"REMOTE_PORT",
     [](const ProgramRequest& r) { return r.client.port == 0 ? std::nullopt : Value(fmt::format("{}", r.client.port)); }},
    {"REMOTE_USER", [](const ProgramRequest& r) { return unless_empty(r.user); }},
    {"REQUEST_METHOD", [](const ProgramRequest& r) { return Value(r.request.method); }},
    {"REQUEST_SCHEME", [](const ProgramRequest& r) { return Value(r.scheme); }},
    {"REQUEST_URI",
     [](const ProgramRequest& r) {
         std::string uri(r.request.target.raw_path);
         if (r.request.target.has_query) (uri += '?') += r.request.target.query;
         return Value(uri);
     }},
    {"SCRIPT_FILENAME", [](const ProgramRequest& r) { return Value(r.script.file); }},
    {"SCRIPT_NAME", [](const ProgramRequest& r) { return Value(r.script.name); }},
    {"SERVER_NAME", [](const ProgramRequest& r) { return Value(host_without_port(r.request.host)); }},
    {"SERVER_PORT", server_port},
    {"SERVER_PROTOCOL",
     [](const ProgramRequest& r) {
         return Value(fmt::format("HTTP/{}.{}", r.request.version.major, r.request.version.minor));
     }},
    {"SERVER_SOFTWARE", [](const ProgramRequest& r) { return Value(r.software); }},
});

bool is_letter(char c) {
    return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

bool is_plain(std::string_view name) {
    return std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

// Of what is_plain().
char in_variable(char c) {
    if (c == '-') return '_';
    return is_letter(c) ? static_cast<char>(to_lower(c) - 'a' + 'A') : c;
}

bool is_passed(const ProgramRequest& request, std::string_view name) {
    if (!is_plain(name) || equals_ignoring_case(name, "Content-Type")) return false;
    if (equals_ignoring_case(name, "Authorization")) return request.pass_authorization;
    if (equals_ignoring_case(name, "Host")) return true;
    return !is_hop_by_hop(request.request.fields, name) && !is_written_anew(name);
}

std::string variable_of(std::string_view field_name) {
    std::string name = "HTTP_";
    for (const char c : field_name)
        name += in_variable(c);
    return name;
}

std::string joined(const Fields& fields, std::string_view name) {
    const std::string_view separator = equals_ignoring_case(name, "Cookie") ? "; " : ", ";
    std::string value;
    bool first = true;
    fields.for_each(name, [&](std::string_view each) {
        if (!first) value += separator;
        value += each;
        first = false;
    });
    return value;
}

}  // namespace

void for_each_meta_variable(const ProgramRequest& request, const VisitVariable& visit) {
    for (const Row& row : kRows)
        if (const auto value = row.value(request)) visit(row.name, *value);
    const Fields& fields = request.request.fields;
    for (auto line = fields.begin(); line != fields.end(); ++line) {
        const auto is_same = [&](const FieldLine& other) { return equals_ignoring_case(other.name, line->name); };
        if (!is_passed(request, line->name) || std::any_of(fields.begin(), line, is_same)) continue;
        visit(variable_of(line->name), joined(fields, line->name));
    }
}

}  // namespace basehttp
