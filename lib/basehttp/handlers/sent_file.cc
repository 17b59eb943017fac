#include "basehttp/handlers/sent_file.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <string_view>

#include "basehttp/io/read_at.h"

namespace basehttp {

SentFile::SentFile(int file, std::uint64_t size) : file_(file), size_(size), ends_(hash_of_ends()) {
    ::fstat(file, &status_);
}

bool SentFile::intact() const {
    struct stat now {};
    if (::fstat(file_, &now) < 0) return true;
    const bool same_time =
        now.st_mtim.tv_sec == status_.st_mtim.tv_sec && now.st_mtim.tv_nsec == status_.st_mtim.tv_nsec;
    if (now.st_size == status_.st_size) return same_time;
    return now.st_size > status_.st_size && hash_of_ends() == ends_;
}

std::size_t SentFile::hash_of_ends() const {
    constexpr std::uint64_t kEnd = 4096;
    std::array<char, 2 * kEnd> ends{};
    const std::uint64_t length = std::min(size_, kEnd);
    const auto first = read_at(file_, 0, std::span(ends).first(length));
    const auto last = read_at(file_, size_ - length, std::span(ends).last(length));
    return first && last ? std::hash<std::string_view>{}({ends.data(), ends.size()}) : 0;
}

}  // namespace basehttp
