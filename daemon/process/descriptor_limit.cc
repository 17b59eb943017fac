#include "daemon/process/descriptor_limit.h"

#include <algorithm>

namespace basehttpd {

void raise_descriptor_limit(rlim_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
    const rlim_t raised = std::max(limit.rlim_cur, std::min(wanted, limit.rlim_max));
    if (raised == limit.rlim_cur) return;
    limit.rlim_cur = raised;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace basehttpd
