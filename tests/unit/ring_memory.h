// RingMemory: a ring and both parts of its memory in one, for tests.
#pragma once

#include "basehttp/log/log_ring.h"

namespace basehttp_test {

struct RingMemory {
    basehttp::LogRing::Written written;
    basehttp::LogRing::Taken taken;
    basehttp::LogRing ring{written, taken};
};

}  // namespace basehttp_test
