// Decoding of a record into one that is there already: for the logger, which makes lines of one after the other.
#pragma once

#include <cstddef>
#include <span>

#include "basehttp/log/access_record.h"

namespace basehttp {

/// As decode_record(); what is not part of the encoded record stays as it was. False where the bytes cannot be one:
/// `record` means nothing then.
bool decode_record_into(AccessRecord& record, std::span<const std::byte> bytes);

}  // namespace basehttp
