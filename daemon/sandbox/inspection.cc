#include "daemon/sandbox/inspection.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace basehttpd {

basehttp::IoResult<void> forbid_inspection() {
    const rlimit none{0, 0};
    if (::prlimit(0, RLIMIT_CORE, &none, nullptr) < 0) return basehttp::io_failure("prlimit");
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) return basehttp::io_failure("prctl(PR_SET_DUMPABLE)");
    return {};
}

}  // namespace basehttpd
