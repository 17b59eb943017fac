// Timestamp: moments as RFC 3339 has them, with microseconds and zone. It keeps texts from line to line: for one
// thread at a time.
#pragma once

#include <cstdint>
#include <string>

#include "basehttp/log/time_text.h"

namespace basehttp {

class Timestamp {
  public:
    /// Appends `2026-11-23T06:20:00.123456+01:00`; `time_ns` is since 1970.
    void append(std::string& out, std::int64_t time_ns);

  private:
    TimeText seconds_{"%Y-%m-%dT%H:%M:%S"};
    TimeText zone_{"%z"};
};

}  // namespace basehttp
