#include "daemon/ctl/logs/shows/summary_json.h"

#include <iterator>

#include <fmt/format.h>

#include "basehttp/text/json.h"
#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {
namespace {

constexpr std::size_t kMostRows = 1000;

void append_time(std::string& out, std::int64_t time_us) {
    std::string text;
    append_iso_time(text, time_us);
    basehttp::append_json_string(out, text);
}

void append_hits(std::string& out, std::string_view key, const HeavyHitters& hits, std::size_t top) {
    fmt::format_to(std::back_inserter(out), ",\"{}\":{{\"distinct\":{},\"error\":{},\"top\":[", key, hits.distinct(),
                   hits.error());
    for (const HeavyHitters::Hit& hit : hits.top(top)) {
        if (out.back() != '[') out += ',';
        out += "{\"name\":";
        basehttp::append_json_string(out, hit.text);
        fmt::format_to(std::back_inserter(out), ",\"requests\":{},\"bytes\":{}}}", hit.count, hit.bytes);
    }
    out += "]}";
}

void append_durations(std::string& out, const ValueHistogram& durations) {
    if (durations.count() == 0) {
        out += ",\"duration_us\":null";
        return;
    }
    fmt::format_to(std::back_inserter(out),
                   ",\"duration_us\":{{\"p50\":{},\"p90\":{},\"p99\":{},\"p99.9\":{},\"max\":{}}}",
                   durations.percentile(0.5), durations.percentile(0.9), durations.percentile(0.99),
                   durations.percentile(0.999), durations.largest());
}

}  // namespace

std::string summary_json(const Summary& summary, std::size_t top) {
    std::string out = fmt::format("{{\"requests\":{},\"bytes\":{},\"cut_short\":{},\"first\":", summary.requests,
                                  summary.bytes, summary.cut_short);
    if (summary.first_us > summary.last_us) {
        out += "null,\"last\":null";
    } else {
        append_time(out, summary.first_us);
        out += ",\"last\":";
        append_time(out, summary.last_us);
    }
    out += ",\"statuses\":{";
    for (std::size_t status = 0; status < summary.statuses.size(); ++status) {
        if (summary.statuses[status] == 0) continue;
        if (out.back() != '{') out += ',';
        fmt::format_to(std::back_inserter(out), "\"{}\":{}", status == 0 ? "none" : fmt::to_string(status),
                       summary.statuses[status]);
    }
    out += '}';
    append_durations(out, summary.durations);
    append_hits(out, "paths", summary.paths, top);
    append_hits(out, "not_found", summary.missing, top);
    append_hits(out, "clients", summary.clients, top);
    append_hits(out, "agents", summary.agents, top);
    append_hits(out, "referers", summary.referers, top);
    append_hits(out, "hosts", summary.hosts, top);
    out += ",\"over_time\":[";
    for (const TimeHistogram::Row& row : summary.times.rows(kMostRows)) {
        if (out.back() != '[') out += ',';
        out += "{\"from\":";
        append_time(out, row.start * kMicrosecondsPerSecond);
        out += ",\"to\":";
        append_time(out, row.end * kMicrosecondsPerSecond);
        fmt::format_to(std::back_inserter(out), ",\"requests\":{},\"failed\":{}}}", row.requests, row.errors);
    }
    out += "]}";
    return out;
}

}  // namespace basehttpd
