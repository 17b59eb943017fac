// Severity: how grave a line of the error log is. Part of the log's format: values are those of syslog(3).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace basehttp {

enum class Severity : std::uint8_t { critical = 2, error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

struct SeverityName {
    Severity severity;
    std::string_view name;
};

inline constexpr std::array<SeverityName, 6> kSeverityNames{{{Severity::critical, "critical"},
                                                             {Severity::error, "error"},
                                                             {Severity::warning, "warning"},
                                                             {Severity::notice, "notice"},
                                                             {Severity::info, "info"},
                                                             {Severity::debug, "debug"}}};

/// The word for `severity` in log lines and in configuration.
constexpr std::string_view severity_name(Severity severity) {
    for (const auto& entry : kSeverityNames) {
        if (entry.severity == severity) return entry.name;
    }
    return "unknown";
}

/// The severity that `name` stands for, or nothing.
constexpr std::optional<Severity> severity_from_name(std::string_view name) {
    for (const auto& entry : kSeverityNames) {
        if (entry.name == name) return entry.severity;
    }
    return std::nullopt;
}

}  // namespace basehttp
