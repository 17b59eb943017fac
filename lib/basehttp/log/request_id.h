// RequestId: what error pages, the error log and the access log call one request. Numbers that are known when the
// request begins; they become text only where somebody reads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace basehttp {

struct RequestId {
    std::uint32_t instance = 0;    ///< drawn by each process that serves
    std::uint64_t connection = 0;  ///< its serial within that process
    std::uint32_t request = 0;     ///< its number on that connection, from 1

    /// False: of no request.
    bool is_set() const { return request != 0; }

    /// `5e8a01c7-1f-2`: the three in hexadecimal digits.
    std::string text() const;
    void append_to(std::string& out) const;

    /// Writes it to `out`, which has room for kLongestText bytes; where it ends.
    char* write(char* out) const;
    static constexpr std::size_t kLongestText = 40;

    friend bool operator==(const RequestId&, const RequestId&) = default;
};

}  // namespace basehttp
