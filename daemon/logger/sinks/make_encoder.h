// The encoder that a log needs: by the kind of its sink, and its format. Used by the logger.
#pragma once

#include <memory>

#include "daemon/config/config.h"
#include "daemon/logger/sinks/encoder.h"

namespace basehttpd {

std::unique_ptr<Encoder> make_encoder(const AccessSinkConfig& log);
std::unique_ptr<Encoder> make_encoder(const ErrorSinkConfig& log);

}  // namespace basehttpd
