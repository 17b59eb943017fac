// Log: where a server's records go. In a worker that is its ring, in an embedder's program standard error, in a test
// a vector.
#pragma once

#include <cstdint>
#include <string_view>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/access_record.h"
#include "basehttp/log/error_record.h"
#include "basehttp/log/severity.h"

namespace basehttp {

class Log {
  public:
    virtual ~Log() = default;

    /// Takes note of an exchange that has ended. Copies what it keeps; does not wait for a disk.
    virtual void access(const AccessRecord& record) = 0;

    /// Takes note of a message; copies what it keeps.
    virtual void error(const ErrorRecord& record) = 0;

    /// The same for one of this moment that is about no request. `text` may hold bytes from clients.
    void error(Severity severity, std::string_view text) { error(ErrorRecord{wall_clock_ns(), severity, text}); }

    /// What records must hold beyond the usual for this log.
    virtual CaptureList captures() const { return {}; }

    /// How far it has come: grows with each record that is safe, even if this process dies now. 0: it cannot tell.
    virtual std::uint64_t position() const { return 0; }
};

}  // namespace basehttp
