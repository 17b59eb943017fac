// Log: where a server's records go. In a worker that is its ring, in an embedder's program standard error, in a test
// a vector.
#pragma once

#include <string_view>

#include "basehttp/log/access_record.h"
#include "basehttp/log/severity.h"

namespace basehttp {

class Log {
  public:
    virtual ~Log() = default;

    /// Takes note of an exchange that has ended. Copies what it keeps; does not wait for a disk.
    virtual void access(const AccessRecord& record) = 0;

    /// Takes note of `text`, which may hold bytes from clients.
    virtual void error(Severity severity, std::string_view text) = 0;
};

}  // namespace basehttp
