// StatusFacts as a page for people: complete as it is sent, and brought up to date by a script of a few lines. Pure.
#pragma once

#include <string>
#include <string_view>

#include "daemon/board/status_facts.h"

namespace basehttpd {

std::string status_page(const StatusFacts& facts);

/// The Content-Security-Policy of the page: it runs its own script, uses its own style, and loads nothing but itself.
extern const std::string_view kStatusPolicy;

}  // namespace basehttpd
