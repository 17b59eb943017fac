// StderrLog: combined lines and error lines on standard error.
#pragma once

#include "basehttp/log/line_log.h"

namespace basehttp {

class StderrLog final : public LineLog {
  public:
    StderrLog();
};

}  // namespace basehttp
