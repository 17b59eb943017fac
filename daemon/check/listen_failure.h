// Why a socket of `listen` cannot be had, in words for the person who wrote the address.
#pragma once

#include "basehttp/io/io_result.h"
#include "daemon/check/listen_plan.h"
#include "daemon/config/config_error.h"

namespace basehttpd {

/// `cannot listen on 127.0.0.1:80: bind: Address already in use`, and who holds it or what else to do.
ConfigError explain_listen_failure(const ListenPlan::Socket& socket, const basehttp::IoError& error);

/// Whether the machine, or what this process may do on it, lacks the address or its family. An optional address is
/// left out then.
bool is_beyond_machine(const basehttp::IoError& error);

}  // namespace basehttpd
