// An operator new that counts, for the program it is linked into.
#pragma once

#include <cstddef>

namespace wire {

/// Calls of operator new until now.
std::size_t allocations();

}  // namespace wire
