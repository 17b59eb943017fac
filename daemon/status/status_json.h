// StatusFacts as a JSON object, for programs. Pure.
#pragma once

#include "daemon/board/status_facts.h"
#include "daemon/config/document.h"

namespace basehttpd {

Document status_document(const StatusFacts& facts);

}  // namespace basehttpd
