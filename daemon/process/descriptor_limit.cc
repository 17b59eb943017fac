#include "daemon/process/descriptor_limit.h"

#include <algorithm>
#include <optional>

namespace basehttpd {

namespace {

std::optional<rlim_t> first_soft_limit;

}  // namespace

void raise_descriptor_limit(rlim_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
    const rlim_t raised = std::max(limit.rlim_cur, std::min(wanted, limit.rlim_max));
    if (raised == limit.rlim_cur) return;
    if (!first_soft_limit) first_soft_limit = limit.rlim_cur;
    limit.rlim_cur = raised;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

rlim_t restore_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) return 0;
    const rlim_t present = limit.rlim_cur;
    limit.rlim_cur = first_soft_limit.value_or(present);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return present;
}

}  // namespace basehttpd
