// StatusFacts as text for people: what `basehttpctl status` prints, and the service manager's one line. Pure.
#pragma once

#include <string>

#include "daemon/board/status_facts.h"

namespace basehttpd {

/// `12 connections, 3 busy, 1234 requests (56.0/s), 2 answered 5xx (0.0/s)`, and how many connections were refused,
/// if any.
std::string traffic_summary(const StatusFacts& facts);

/// A line for each worker below a line of titles, none wider than 80 columns; empty where there is none.
std::string worker_table(const StatusFacts& facts);

/// How long requests took, and how they were answered; empty before the first one.
std::string answers_text(const StatusFacts& facts);

/// A line for each site, where there are several that have answered.
std::string site_table(const StatusFacts& facts);

/// A line for each log.
std::string sink_lines(const StatusFacts& facts);

/// `12 s`, `5 min`, `3 h 12 min`, `2 d 4 h`.
std::string duration_in_words(std::int64_t seconds);

/// `0.13 ms`, `12 ms`, `1.2 s`.
std::string time_in_words(double seconds);

/// `2026-11-23T06:20:00+0000`, local time.
std::string local_time(std::int64_t seconds_since_1970);

}  // namespace basehttpd
