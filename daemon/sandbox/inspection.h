// Inspection: whether others of the same user may look into this process. Runs in workers and in the logger.
#pragma once

#include "basehttp/io/io_result.h"

namespace basehttpd {

/// From now on no process of the same user can attach to this one (ptrace(2)), read its memory or its descriptors
/// (proc(5)), and it leaves no core: what it knows of its clients is nobody else's.
basehttp::IoResult<void> forbid_inspection();

}  // namespace basehttpd
