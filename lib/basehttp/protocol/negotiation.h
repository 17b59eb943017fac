// Content negotiation (RFC 9110, section 12): what a client's Accept and Accept-Encoding say of one alternative.
// Pure.
#pragma once

#include <string_view>

#include "basehttp/protocol/fields.h"

namespace basehttp {

/// A quality in thousandths, as exact as the wire's: 0 not acceptable, 1000 best.
using Quality = unsigned;

/// How well `coding` (`br`, `gzip`, …, or `identity`) suits Accept-Encoding. Without the field only identity does:
/// who does not ask for a coding may not know it. Identity that is neither named nor excluded has the least quality
/// that is acceptable, so that any coding asked for wins over it.
Quality coding_quality(const Fields& fields, std::string_view coding);

/// How well a media type suits Accept, and how closely the range that says so names it.
struct MediaPreference {
    Quality quality = 0;
    enum class Closeness : unsigned char { none, any, type, exact } closeness = Closeness::none;

    auto operator<=>(const MediaPreference&) const = default;
};
MediaPreference media_preference(const Fields& fields, std::string_view media_type);

/// Whether a page that exists as HTML and as JSON (`application/json` or `json_type`) is to be sent as JSON: only
/// where the client prefers it; `*/*` alone does not say so.
bool prefers_json(const Fields& fields, std::string_view json_type = "application/json");

}  // namespace basehttp
