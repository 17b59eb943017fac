// The keys below `log`, of the server and of a site.
#pragma once

#include "daemon/config/config.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

/// Those of the server.
KeyTable<LoggingConfig> logging_keys();

/// Reports what contradicts itself among them.
void check_logging(ConfigMap& map, LoggingConfig& log);

/// Those of a site.
KeyTable<SiteLogConfig> site_log_keys();

/// An item of `access`, and one of `error`.
KeyTable<AccessSinkConfig> access_sink_keys();
KeyTable<ErrorSinkConfig> error_sink_keys();

KeyTable<PrivacyConfig> privacy_keys();

}  // namespace basehttpd
