#include "daemon/logger/sinks/syslog_encoder.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <limits.h>

#include "basehttp/io/wall_clock.h"
#include "daemon/logger/sinks/access_severity.h"

namespace basehttpd {
namespace {

using Form = SyslogConfig::Form;

void cut(std::string& out, std::size_t begin) {
    constexpr std::size_t kLongest = 8192;
    out.resize(std::min(out.size(), begin + kLongest));
}

}  // namespace

// HOSTNAME has printable ASCII without spaces, or is `-`.
SyslogOrigin SyslogOrigin::here() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    ::gethostname(name.data(), name.size() - 1);
    std::string host(name.data());
    const auto unusual = [](char c) { return c <= ' ' || c > '~'; };
    if (host.empty() || std::ranges::any_of(host, unusual)) host = "-";
    return {host, ::getppid()};
}

SyslogEncoder::SyslogEncoder(const SyslogConfig& config, basehttp::LogFormat text, const SyslogOrigin& origin)
    : text_(std::move(text)),
      form_(config.form),
      facility_(config.facility),
      origin_(form_ == Form::local ? fmt::format(" {}[{}]: ", config.tag, origin.pid)
                                   : fmt::format(" {} {} {} ", origin.host, config.tag, origin.pid)) {}

void SyslogEncoder::append(std::string& out, const basehttp::AccessRecord& record) {
    const std::size_t begin = out.size();
    append_head(out, access_severity(record), record.completion_ns(), "access");
    text_.append_line(out, record);
    out.pop_back();  // its line end
    cut(out, begin);
}

void SyslogEncoder::append(std::string& out, const ErrorLine& line) {
    const std::size_t begin = out.size();
    append_head(out, line.record.severity, line.record.time_ns, "error");
    basehttp::append_error_text(out, line.record, line.origin);
    cut(out, begin);
}

void SyslogEncoder::append_head(std::string& out, basehttp::Severity severity, std::int64_t time_ns,
                                std::string_view log) {
    const unsigned priority = facility_ * 8 + static_cast<unsigned>(severity);
    if (form_ == Form::local) {
        fmt::format_to(std::back_inserter(out), "<{}>", priority);
        local_time_.append(out, time_ns / basehttp::kNanosecondsPerSecond);
        out += origin_;
        return;
    }
    fmt::format_to(std::back_inserter(out), "<{}>1 ", priority);
    timestamp_.append(out, time_ns);
    out.append(origin_).append(log).append(" - ");
}

}  // namespace basehttpd
