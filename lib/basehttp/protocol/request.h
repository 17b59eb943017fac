// Request: one request as its head says it, taken apart. All views point into the connection's buffer and stay valid
// until the request has been answered.
#pragma once

#include <optional>
#include <string_view>

#include "basehttp/protocol/fields.h"
#include "basehttp/protocol/limits.h"
#include "basehttp/protocol/refusal.h"
#include "basehttp/protocol/target.h"
#include "basehttp/protocol/version.h"

namespace basehttp {

/// Something that not every reader takes. Sites differ in it, and which one is asked for is known only after parsing.
struct Leniency {
    Refusal refusal;      ///< what a stricter reader would have said
    Strictness taken_by;  ///< the strictest that takes it

    friend bool operator==(const Leniency&, const Leniency&) = default;
};

struct Request {
    std::string_view line;    ///< the request line as received, without its end
    std::string_view method;  ///< a case-sensitive token: the seed's `command`
    Target target;
    Version version = kHttp09;
    Fields fields;
    /// The host that is asked for, with its port if any: of the absolute form, else of Host (RFC 9112, 3.2.2).
    std::string_view host;

    /// What was tolerated about the head, of all such things the one that asks for the most leniency.
    std::optional<Leniency> leniency;

    /// The decoded, normalised path.
    std::string_view path() const { return target.path; }

    /// Forgets the request and keeps the memory.
    void clear() {
        line = method = host = {};
        target.clear();
        version = kHttp09;
        fields.clear();
        leniency.reset();
    }
};

}  // namespace basehttp
