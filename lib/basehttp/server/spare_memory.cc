#include "basehttp/server/spare_memory.h"

#include <algorithm>

#include <malloc.h>

#include "basehttp/io/frame_pool.h"

namespace basehttp {

void SpareMemory::note(std::size_t connections) {
    constexpr std::chrono::milliseconds kUntilGivenBack{5'000};
    now_ = connections;
    most_ = std::max(most_, now_);
    if (crowd_has_left() && !armed()) loop_.arm(*this, kUntilGivenBack);
}

void SpareMemory::on_deadline() {
    if (!crowd_has_left()) return;
    most_ = now_;
    exchanges_.drop_spare();
    FramePool::drop_spare();
    ::malloc_trim(0);
}

}  // namespace basehttp
