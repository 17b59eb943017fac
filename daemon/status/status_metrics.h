// StatusFacts as the text that Prometheus reads: its own format 0.0.4, or OpenMetrics 1.0. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/board/status_facts.h"

namespace basehttpd {

enum class MetricsForm : std::uint8_t { prometheus, openmetrics };

std::string status_metrics(const StatusFacts& facts, MetricsForm form);

}  // namespace basehttpd
