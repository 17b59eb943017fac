// ByteSource: the bytes of a log in order, uncompressed on the way where they are gzip or Zstandard: told by how the
// file begins, not by its name. Memory is bounded whatever the file says of itself. Lives in basehttpctl.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "basehttp/io/unique_fd.h"

namespace basehttpd {

class ByteSource {
  public:
    virtual ~ByteSource() = default;

    /// Fills the front of `out`; 0 at the end. The error is a clause that continues "FILE: "; what was read before it
    /// is good.
    virtual std::expected<std::size_t, std::string> read(std::span<char> out) = 0;
};

enum class Coding : std::uint8_t { plain, gzip, zstd, bzip2, xz, utf16 };

/// By a file's first bytes: four are enough.
Coding find_coding(std::string_view front);

/// Reads `fd` from where it stands, a file or a pipe, and of the file no more than `limit` bytes.
std::expected<std::unique_ptr<ByteSource>, std::string> open_byte_source(basehttp::UniqueFd fd,
                                                                         std::uint64_t limit = UINT64_MAX);

}  // namespace basehttpd
