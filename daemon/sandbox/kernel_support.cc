#include "daemon/sandbox/kernel_support.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/process/privileges.h"
#include "daemon/sandbox/call_filter.h"
#include "daemon/sandbox/file_rules.h"

namespace basehttpd {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kInstrumented = true;
#else
constexpr bool kInstrumented = false;
#endif

}  // namespace

KernelSupport KernelSupport::find() {
    return {.instrumented = kInstrumented,
            .call_filters = call_filters_work(),
            .landlock = landlock_version(),
            .capabilities_stay = basehttpd::capabilities_stay()};
}

std::string KernelSupport::lacking() const {
    std::vector<std::string> parts;
    if (instrumented) parts.emplace_back("this build has sanitizers, which no sandbox would let work");
    if (!call_filters) parts.emplace_back("system calls are not filtered, since seccomp(2) is missing or refused");
    if (landlock == 0)
        parts.emplace_back(
            "files are not restricted, since the kernel has no Landlock, or it is switched off or refused");
    if (capabilities_stay) parts.emplace_back("capset(2) is refused, so that processes keep their capabilities");
    return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace basehttpd
