// The keys below `when` of an access log: which requests it is for.
#pragma once

#include "daemon/config/config.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

KeyTable<LogCondition> condition_keys();

}  // namespace basehttpd
