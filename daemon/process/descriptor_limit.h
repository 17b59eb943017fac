// How many descriptors this process may have open.
#pragma once

#include <sys/resource.h>

namespace basehttpd {

/// Raises the soft limit, which is usually 1024, to `wanted` where it is lower, as far as the hard one goes: within
/// that nobody has to be asked. Where it fails, what runs out of descriptors says so.
void raise_descriptor_limit(rlim_t wanted);

/// Before exec: the soft limit as it was before it was first raised. Programs that use select(2) fail with more.
/// Returns what it was until now, for an exec that fails.
rlim_t restore_descriptor_limit();

}  // namespace basehttpd
