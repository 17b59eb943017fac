#include "basehttp/handlers/redirect.h"

#include <algorithm>

#include "basehttp/protocol/target.h"
#include "basehttp/server/route_path.h"

namespace basehttp {

Task<> Redirect::redirect() {
    std::string_view rest = rest_of_path(path(), options_->from);
    if (rest.starts_with('/')) rest.remove_prefix(1);
    const std::string location = redirect_location(options_->to, rest, request().target.query);
    const FieldLine field{"Location", location};
    send_status_page(options_->status, "See " + location, {&field, 1});
    co_return;
}

std::string redirect_location(std::string_view to, std::string_view rest, std::string_view query) {
    const std::string_view fragment = to.substr(std::min(to.find('#'), to.size()));
    to.remove_suffix(fragment.size());
    const std::string_view own_query = to.substr(std::min(to.find('?'), to.size()));
    to.remove_suffix(own_query.size());
    std::string location(to);
    // One slash between the two: without any, `@evil.example` would turn `https://example.org` into a user's name;
    // with two, a path into a host.
    if (!rest.empty() && !location.ends_with('/')) location += '/';
    append_escaped_path(location, rest);
    location += own_query;
    if (!query.empty()) {
        const bool joins = own_query.size() > 1 && !own_query.ends_with('&');
        location.append(own_query.empty() ? "?" : joins ? "&" : "").append(query);
    }
    return location += fragment;
}

}  // namespace basehttp
