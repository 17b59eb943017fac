// What log formats ask of an exchange by name, found in it once its response has ended.
#pragma once

#include "basehttp/log/captured.h"
#include "basehttp/server/exchange.h"
#include "basehttp/server/request_handler.h"

namespace basehttp {

/// Adds to `exchange.captured` what is there of `wanted`. `handler` is the one that answered, or nullptr.
void capture(const CaptureList& wanted, Exchange& exchange, const RequestHandler* handler);

}  // namespace basehttp
