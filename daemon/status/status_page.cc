#include "daemon/status/status_page.h"

#include <initializer_list>

#include <fmt/format.h>

#include "basehttp/text/html.h"
#include "basehttp/text/human_number.h"
#include "daemon/status/status_assets.h"
#include "daemon/status/status_text.h"

namespace basehttpd {
namespace {

using basehttp::TimeRanges;

std::string escaped(std::string_view text) {
    std::string out;
    basehttp::append_html(out, text);
    return out;
}

std::string tile(std::string_view name, const std::string& value, bool bad = false) {
    return fmt::format("<div><dt>{}</dt><dd{}>{}</dd></div>\n", name, bad ? " class=\"bad\"" : "", value);
}

struct Column {
    std::string_view title;
    bool is_text = false;
};

std::string table_head(std::string_view title, std::initializer_list<Column> columns) {
    std::string text = fmt::format("<section><h2>{}</h2><table><thead><tr>", title);
    for (const Column& each : columns)
        text += fmt::format("<th scope=\"col\"{}>{}</th>", each.is_text ? " class=\"text\"" : "", each.title);
    return text + "</tr></thead><tbody>\n";
}

constexpr std::string_view kTableEnd = "</tbody></table></section>\n";

// Cells whose text needs no escape.
std::string row(std::initializer_list<std::string> cells) {
    std::string text = "<tr>";
    for (const std::string& cell : cells)
        text += cell.starts_with("<td") ? cell : "<td>" + cell + "</td>";
    return text + "</tr>\n";
}

std::string text_cell(std::string_view text) {
    return "<td class=\"text\">" + escaped(text) + "</td>";
}

std::string count_cell(std::uint64_t count) {
    return count == 0 ? std::string("0") : "<td class=\"bad\">" + basehttp::in_groups(count) + "</td>";
}

std::string tiles(const StatusFacts& facts) {
    const auto within = [&](double fraction) {
        const double time = TimeRanges::percentile(facts.recent_times, fraction);
        return time == 0 ? std::string("&ndash;") : time_in_words(time);
    };
    const Figures& all = facts.totals;
    std::string text = "<dl>\n";
    text += tile("Requests a second", fmt::format("{:.1f}", facts.rates.requests));
    text += tile("p50", within(0.5)) + tile("p99", within(0.99)) + tile("p99.9", within(0.999));
    text += tile("5xx a second", fmt::format("{:.1f}", facts.rates.server_errors), facts.rates.server_errors > 0);
    text += tile("Open connections", basehttp::in_groups(facts.connections));
    text += tile("Busy", basehttp::in_groups(facts.busy));
    text += tile("Requests", basehttp::in_groups(all.requests));
    text += tile("Sent", basehttp::human_size(all.body_bytes));
    text += tile("Log lines lost", basehttp::in_groups(facts.lost_lines), facts.lost_lines > 0);
    return text + "</dl>\n";
}

std::string sites(const StatusFacts& facts) {
    std::string text =
        table_head("Answers", {{"Site", true}, {"2xx"}, {"3xx"}, {"4xx"}, {"5xx"}, {"None"}, {"Sent"}});
    const auto line = [&text](std::string_view name, const auto& figures) {
        const auto& by = figures.responses;
        text += row({text_cell(name), basehttp::in_groups(by[1] + by[2]), basehttp::in_groups(by[3]),
                     basehttp::in_groups(by[4]), count_cell(by[5]), basehttp::in_groups(by[0]),
                     basehttp::human_size(figures.body_bytes)});
    };
    for (const SiteFacts& site : facts.sites)
        line(site.name, site.figures);
    line("all", facts.totals);
    return text.append(kTableEnd);
}

std::string workers(const StatusFacts& facts) {
    std::string text = table_head("Workers", {{"Worker", true},
                                              {"pid"},
                                              {"State", true},
                                              {"Age"},
                                              {"Memory"},
                                              {"Open"},
                                              {"Busy"},
                                              {"Requests"},
                                              {"a second"},
                                              {"5xx"}});
    for (const WorkerFacts& each : facts.workers) {
        text += row({std::to_string(each.number), std::to_string(each.pid), text_cell(each.state),
                     duration_in_words(each.age_s), basehttp::human_size(each.memory),
                     basehttp::in_groups(each.connections), basehttp::in_groups(each.busy),
                     basehttp::in_groups(each.requests), fmt::format("{:.1f}", each.rates.requests),
                     count_cell(each.server_errors)});
    }
    return text.append(kTableEnd);
}

std::string limits(const StatusFacts& facts) {
    std::string text = table_head("Limits", {{"Limit", true}, {"Now"}, {"Most"}, {"Refused"}});
    text += row({text_cell("connections of all workers"), basehttp::in_groups(facts.connections),
                 facts.most_connections == 0 ? "&ndash;" : basehttp::in_groups(facts.most_connections), "&ndash;"});
    text += row({text_cell("connections of a client"), "&ndash;",
                 facts.most_client_connections == 0 ? "&ndash;" : basehttp::in_groups(facts.most_client_connections),
                 basehttp::in_groups(facts.totals.refused)});
    return text.append(kTableEnd);
}

std::string logs(const StatusFacts& facts) {
    std::string text = table_head("Logs", {{"Log", true}, {"State", true}, {"Lines lost"}, {"Bytes waiting"}});
    for (const SinkFacts& each : facts.sinks) {
        const bool fails = each.failing_since_s != 0;
        const std::string state =
            fails ? fmt::format("failing since {}, {}", local_time(each.failing_since_s), each.failure.view())
                  : "good";
        text += row({text_cell(each.name),
                     fmt::format("<td class=\"text {}\">{}</td>", fails ? "bad" : "good", escaped(state)),
                     count_cell(each.lost), basehttp::in_groups(each.waiting)});
    }
    return text.append(kTableEnd);
}

std::string reloads(const StatusFacts& facts) {
    if (facts.reloads.size() == 0) return {};
    std::string text = table_head("Last reloads", {{"Time", true}, {"Verdict", true}});
    for (const ReloadFacts& each : facts.reloads)
        text += row({text_cell(local_time(each.at_s)), text_cell(each.verdict)});
    return text.append(kTableEnd);
}

}  // namespace

std::string status_page(const StatusFacts& facts) {
    std::string page = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>basehttpd: status</title>\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>\n<style>{}</style></head><body><main>\n",
        kStatusStyle);
    page +=
        fmt::format("<h1>basehttpd {}</h1>\n<p>pid {}, up {}, {} workers of {}, {} started so far; as of {}{}</p>\n",
                    BASEHTTPD_VERSION, facts.pid, duration_in_words(facts.uptime_s), facts.workers.size(),
                    facts.configured_workers, facts.started_workers, local_time(facts.at_s),
                    facts.logger_hangs ? "; <span class=\"bad\">the logger has hung</span>" : "");
    page += tiles(facts) + sites(facts) + workers(facts) + limits(facts) + logs(facts) + reloads(facts);
    return page + fmt::format("</main><script>{}</script></body></html>\n", kStatusScript);
}

namespace {

const std::string kPolicy = fmt::format(
    "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'",
    kStatusStyleHash, kStatusScriptHash);

}  // namespace

const std::string_view kStatusPolicy = kPolicy;

}  // namespace basehttpd
