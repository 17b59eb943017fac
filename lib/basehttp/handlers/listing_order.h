// ListingOrder: in which order a listing shows its entries, as the query of its address says:
// `?sort=size&order=desc`.
#pragma once

#include <cstdint>
#include <string_view>

namespace basehttp {

struct ListingOrder {
    enum class Key : std::uint8_t { name, size, date };
    Key key = Key::name;
    bool descending = false;

    bool operator==(const ListingOrder&) const = default;

    /// What `query` says; what it does not say, or says in a way that is not understood, is as by default.
    static ListingOrder from_query(std::string_view query);
};

std::string_view name_of(ListingOrder::Key key);

}  // namespace basehttp
