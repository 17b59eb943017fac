#include "basehttp/handlers/redirect.h"

#include <algorithm>

#include "basehttp/protocol/target.h"

namespace basehttp {

Task<> Redirect::redirect() {
    std::string location = options_->to;
    std::string_view rest = path().substr(std::min(options_->from.size(), path().size()));
    if (rest.starts_with('/')) rest.remove_prefix(1);
    // One slash between the two: without any, `@evil.example` would turn `https://example.org` into a user's name;
    // with two, a path into a host.
    if (!rest.empty() && !location.ends_with('/')) location += '/';
    append_escaped_path(location, rest);
    if (request().target.has_query) location.append("?").append(request().target.query);
    std::vector<FieldLine> fields{{"Location", location}};
    for (const auto& [name, value] : options_->headers)
        fields.push_back({name, value});
    send_status_page(options_->status, "See " + location, fields);
    co_return;
}

}  // namespace basehttp
