#include "basehttp/handlers/listing_order.h"

#include <algorithm>

namespace basehttp {

ListingOrder ListingOrder::from_query(std::string_view query) {
    ListingOrder order;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        for (const Key key : {Key::name, Key::size, Key::date}) {
            if (pair.starts_with("sort=") && pair.substr(5) == name_of(key)) order.key = key;
        }
        if (pair == "order=desc") order.descending = true;
        if (pair == "order=asc") order.descending = false;
    }
    return order;
}

std::string_view name_of(ListingOrder::Key key) {
    switch (key) {
        case ListingOrder::Key::name:
            return "name";
        case ListingOrder::Key::size:
            return "size";
        case ListingOrder::Key::date:
            return "date";
    }
    return {};
}

}  // namespace basehttp
