#include "daemon/ctl/logs/lines/record_filter.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "basehttp/log/request_line.h"
#include "basehttp/text/ascii.h"
#include "daemon/config/config_error.h"
#include "daemon/config/config_value.h"
#include "daemon/ctl/logs/lines/time_expression.h"
#include "daemon/text/glob.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), basehttp::to_lower);
    return result;
}

std::vector<std::string> lower_all(const std::vector<std::string>& texts) {
    std::vector<std::string> result;
    std::ranges::transform(texts, std::back_inserter(result), [](const std::string& text) { return lower(text); });
    return result;
}

std::vector<std::string_view> split_at_commas(const std::vector<std::string>& texts) {
    std::vector<std::string_view> items;
    for (std::string_view rest : texts) {
        for (std::size_t comma = 0; comma != std::string_view::npos;) {
            comma = rest.find(',');
            items.push_back(basehttp::trim_white_space(rest.substr(0, comma)));
            if (comma != std::string_view::npos) rest.remove_prefix(comma + 1);
        }
    }
    return items;
}

// A host as it was asked for, without its port.
std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

bool any_glob_matches(const std::vector<std::string>& patterns, std::string_view text) {
    return std::ranges::any_of(patterns, [text](const std::string& pattern) { return matches_glob(pattern, text); });
}

std::string decoded_path(const LogRecord& record) {
    if (record.target.empty()) return {};
    return basehttp::RequestLine{record.method, record.target, record.protocol}.decoded_path();
}

std::optional<std::int64_t> parse_status(std::string_view text) {
    std::int64_t status = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    if (error != std::errc{} || rest != text.data() + text.size() || status < 100 || status > 999)
        return std::nullopt;
    return status;
}

}  // namespace

std::expected<RecordFilter, std::string> RecordFilter::make(const FilterOptions& options, std::int64_t now_us) {
    RecordFilter filter;
    if (auto read = filter.read_statuses(options.statuses); !read) return std::unexpected(read.error());
    if (auto read = filter.read_clients(options.clients); !read) return std::unexpected(read.error());
    if (auto read = filter.read_times(options, now_us); !read) return std::unexpected(read.error());
    for (const std::string& path : options.paths)
        filter.paths_.push_back(PathPattern::parse(path));
    for (const std::string_view method : split_at_commas(options.methods))
        filter.methods_.emplace_back(method);
    filter.hosts_ = lower_all(options.hosts);
    filter.sites_ = lower_all(options.sites);
    filter.agents_ = lower_all(options.agents);
    filter.request_ids_ = options.request_ids;
    filter.invert_ = options.invert;
    filter.open_ = options.is_empty();
    return filter;
}

std::expected<void, std::string> RecordFilter::read_statuses(const std::vector<std::string>& texts) {
    for (const std::string_view text : split_at_commas(texts)) {
        const bool of_class = text.size() == 3 && text[0] >= '1' && text[0] <= '9' && lower(text.substr(1)) == "xx";
        const std::size_t dash = text.find('-');
        const auto first = parse_status(text.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : parse_status(text.substr(dash + 1));
        if (lower(text) == "none") {
            statuses_.push_back({0, 0});
        } else if (of_class) {
            statuses_.push_back({(text[0] - '0') * 100, (text[0] - '0') * 100 + 99});
        } else if (first && last && *first <= *last) {
            statuses_.push_back({*first, *last});
        } else {
            return std::unexpected(
                fmt::format("--status: {} is none; write 404, 5xx, 400-404 or none", in_quotes(text)));
        }
    }
    return {};
}

std::expected<void, std::string> RecordFilter::read_clients(const std::vector<std::string>& texts) {
    for (const std::string_view text : split_at_commas(texts)) {
        auto range = basehttp::AddressRange::parse(text);
        if (!range) {
            return std::unexpected(fmt::format("--client: {} {}; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32",
                                               in_quotes(text), range.error()));
        }
        clients_.push_back(*range);
    }
    return {};
}

std::expected<void, std::string> RecordFilter::read_times(const FilterOptions& options, std::int64_t now_us) {
    if (!options.since.empty()) {
        const auto time = parse_time_expression(options.since, now_us);
        if (!time) return std::unexpected("--since: " + time.error());
        since_us_ = *time;
    }
    if (!options.until.empty()) {
        const auto time = parse_time_expression(options.until, now_us);
        if (!time) return std::unexpected("--until: " + time.error());
        until_us_ = *time;
    }
    if (!options.slower.empty()) {
        const auto duration = parse_duration(options.slower);
        if (!duration) {
            return std::unexpected(fmt::format("--slower: {} {}; write 500ms, 2s or 1m", in_quotes(options.slower),
                                               duration.error().message));
        }
        slower_us_ = duration->count() * 1000;
    }
    return {};
}

bool RecordFilter::matches(const LogRecord& record) {
    if (open_) return true;
    note(record);
    const bool bounded = since_us_ != INT64_MIN || until_us_ != INT64_MAX;
    if (bounded && (!record.time_us || *record.time_us < since_us_ || *record.time_us >= until_us_)) return false;
    return conditions_hold(record) != invert_;
}

void RecordFilter::note(const LogRecord& record) {
    any_seen_ = true;
    told_.duration = told_.duration || record.duration_us.has_value();
    told_.request_id = told_.request_id || !record.request_id.empty();
    told_.site = told_.site || !record.site.empty();
    told_.host = told_.host || !record.host.empty();
    told_.address = told_.address || clients_.empty() || basehttp::ClientAddress::parse(record.client).has_value();
}

std::vector<std::string> RecordFilter::blind_spots() const {
    std::vector<std::string> spots;
    if (!any_seen_) return spots;
    if (slower_us_ > 0 && !told_.duration) {
        spots.emplace_back("--slower: no line tells how long its request took, as format json does, or %D");
    }
    if (!request_ids_.empty() && !told_.request_id) {
        spots.emplace_back("--request-id: no line tells its request's id, as format json does, or %L");
    }
    if (!sites_.empty() && !told_.site) spots.emplace_back("--site: no line tells its site, as format json does");
    if (!hosts_.empty() && !told_.host) {
        spots.emplace_back("--host: no line tells the host, as formats json and vhost_combined do");
    }
    if (!clients_.empty() && !told_.address) {
        spots.emplace_back("--client: no line tells an address, as format json does with resolve_hostnames, or %a");
    }
    return spots;
}

bool RecordFilter::is_of_clients(std::string_view text) const {
    const auto address = basehttp::ClientAddress::parse(text);
    if (!address) return false;
    const auto holds = [&address](const basehttp::AddressRange& range) { return range.contains(*address); };
    return std::ranges::any_of(clients_, holds);
}

bool RecordFilter::conditions_hold(const LogRecord& record) const {
    const auto in = [&record](const StatusRange& range) {
        return record.status && *record.status >= range.first && *record.status <= range.last;
    };
    if (!statuses_.empty() && std::ranges::none_of(statuses_, in)) return false;
    if (slower_us_ > 0 && record.duration_us.value_or(0) <= slower_us_) return false;
    if (!methods_.empty() && std::ranges::find(methods_, record.method) == methods_.end()) return false;
    if (!request_ids_.empty() && std::ranges::find(request_ids_, record.request_id) == request_ids_.end())
        return false;
    if (!clients_.empty() && !is_of_clients(record.client)) return false;
    if (!hosts_.empty() && !any_glob_matches(hosts_, lower(without_port(record.host)))) return false;
    if (!sites_.empty() && !any_glob_matches(sites_, lower(record.site))) return false;
    if (!agents_.empty()) {
        const std::string agent = lower(record.user_agent);
        if (std::ranges::none_of(agents_, [&agent](const std::string& part) { return agent.contains(part); }))
            return false;
    }
    return paths_.empty() || matches_paths(paths_, decoded_path(record));
}

}  // namespace basehttpd
