// The descriptors 0, 1 and 2, which a parent may have closed.
#pragma once

namespace basehttpd {

/// At the start of main(): opens /dev/null where one of them is closed, so that no socket or file takes its number
/// and is then sent what was to be printed.
void secure_standard_descriptors();

}  // namespace basehttpd
