#include "daemon/config/client_keys.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::AddressRange;
using basehttp::ClientRules;

constexpr std::array kClients{
    key<&ClientRules::allow, AddressRanges{}>(
        "allow", "The clients that are answered; others get 403. The longest prefix among these and 'deny' decides.")
        .unless_set("all"),
    key<&ClientRules::deny, AddressRanges{}>("deny", "The clients that get 403.").unless_set("none"),
};

// `10.0.0.1/8`: either the address or the length is not what was meant.
bool has_bits_beyond_its_prefix(const AddressRange& range) {
    return !(range.first() == range.address());
}

}  // namespace

KeyTable<ClientRules> client_keys() {
    return kClients;
}

std::optional<Document> AddressRanges::write(const std::vector<AddressRange>& ranges) {
    return row_of(ranges, &AddressRange::text);
}

const ConfigNode* AddressRanges::read(ConfigMap& map, std::string_view key, std::vector<AddressRange>& ranges) {
    std::vector<AddressRange> read;
    const ConfigNode* list = map.for_each_text(key, [&](const std::string& text, const ConfigNode& node) {
        if (const auto range = read_item(map, key, text, node)) read.push_back(*range);
    });
    if (list != nullptr) ranges = std::move(read);
    return list;
}

std::optional<AddressRange> AddressRanges::read_item(ConfigMap& map, std::string_view key, const std::string& text,
                                                     const ConfigNode& node) {
    const auto range = AddressRange::parse(text);
    if (!range) {
        map.report(node, key, text, {range.error(), "write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"});
        return std::nullopt;
    }
    if (has_bits_beyond_its_prefix(*range)) {
        map.report(node, key, text,
                   {"is an address within a network",
                    fmt::format("write {}/{} for the network, or {} for the address", range->first().text(),
                                range->bits(), range->address().text())});
        return std::nullopt;
    }
    return *range;
}

}  // namespace basehttpd
