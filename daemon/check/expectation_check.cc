#include "daemon/check/expectation_check.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "basehttp/testing/test_client.h"
#include "daemon/check/child_answer.h"
#include "daemon/check/site_host.h"
#include "daemon/status/status_view.h"
#include "daemon/text/words.h"
#include "daemon/worker/sites.h"

namespace basehttpd {
namespace {

struct Expected {
    const SiteConfig* site;
    const Expectation* expectation;
};

std::vector<Expected> expectations_of(const Config& config) {
    std::vector<Expected> all;
    for (const SiteConfig& site : config.sites) {
        for (const Expectation& each : site.expect)
            all.push_back({&site, &each});
    }
    return all;
}

// What the answer is, where it is not the one that is expected; else nothing.
std::string find_difference(basehttp::TestClient& client, const Expected& asked) {
    const Expectation& wanted = *asked.expectation;
    const std::string host = wanted.host.empty() ? a_host_of(*asked.site) : wanted.host;
    const basehttp::TestAnswer answer = client.request(wanted.method, wanted.target, {{"Host", host}});
    if (answer.status == 0) return "no answer: the connection is closed";
    const std::string_view location = answer.field("Location");
    if (answer.status == wanted.status && (wanted.location.empty() || location == wanted.location)) return {};
    return fmt::format("{}{}{}", answer.status, location.empty() ? "" : " ", location);
}

// A line for each expectation; runs in the child.
std::string ask_all(const Config& config, const std::vector<Expected>& all) {
    const StatusView status([] { return std::make_unique<StatusFacts>(); });
    auto sites = Sites::open(config, MissingRoots::serve_without, status);
    if (!sites) return {};
    basehttp::TestClient client(sites->release_router(), Sites::limits_for(config));
    std::string lines;
    for (const Expected& each : all)
        lines.append(find_difference(client, each)).push_back('\n');
    return lines;
}

}  // namespace

void check_expectations(const Config& config, const std::optional<Identity>& workers, CheckReport& report) {
    const std::vector<Expected> all = expectations_of(config);
    if (all.empty()) return;
    const auto lines = ask_child(workers, [&] { return ask_all(config, all); });
    if (!lines || lines->empty()) {
        const char* reason = lines ? "the sites cannot be opened" : std::strerror(lines.error());
        report.add(all.front().expectation->where, fmt::format("'expect' could not be tried: {}", reason));
        return;
    }
    std::string_view rest = *lines;
    for (const Expected& each : all) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.empty()) continue;
        const Expectation& wanted = *each.expectation;
        report.add(wanted.where, fmt::format("expected {}, but the answer is {}", in_quotes(wanted.written), line));
    }
}

}  // namespace basehttpd
