// Fields: the field lines of one message, in order, as views into the buffer that holds the message. Whoever moves
// or drops that buffer invalidates them (for a request: the Connection, once the request is answered).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "basehttp/protocol/known_field.h"

namespace basehttp {

/// One field line: a name as received and a value without the white space around it.
struct FieldLine {
    std::string_view name;
    std::string_view value;
};

class Fields {
  public:
    void add(std::string_view name, std::string_view value) {
        if (const KnownField field = known_field(name); field != KnownField::other) note(field);
        lines_.push_back({name, value});
    }
    void clear() {
        lines_.clear();
        present_ = 0;
    }

    std::size_t size() const { return lines_.size(); }
    auto begin() const { return lines_.begin(); }
    auto end() const { return lines_.end(); }

    /// The value of the first line of `field`, or nothing. `field` is not KnownField::other, here and below.
    std::optional<std::string_view> find(KnownField field) const {
        if (!has(field)) return std::nullopt;
        return lines_[place_of(field).first].value;
    }

    /// How many lines `field` has.
    std::size_t count(KnownField field) const { return has(field) ? place_of(field).count : 0; }

    /// Whether any line of `field`, read as a comma-separated list, has the member `token`; case does not matter.
    bool lists(KnownField field, std::string_view token) const { return has(field) && lists(name_of(field), token); }

    /// Calls `visit(value)` for each line of `field`, in their order.
    template <typename Visit>
    void for_each(KnownField field, Visit visit) const {
        if (has(field)) visit_lines(place_of(field), name_of(field), visit);
    }

    /// The same by the field's name, in any case.
    std::optional<std::string_view> find(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    bool lists(std::string_view name, std::string_view token) const;
    template <typename Visit>
    void for_each(std::string_view name, Visit visit) const {
        visit_lines({.first = 0, .count = static_cast<std::uint32_t>(lines_.size())}, name, visit);
    }

  private:
    // Where a field's lines are: the first, and how many there are.
    struct Place {
        std::uint32_t first = 0;
        std::uint32_t count = 0;
    };

    static constexpr std::uint32_t bit_of(KnownField field) { return 1U << static_cast<unsigned>(field); }
    static_assert(kKnownFields <= 32);

    bool has(KnownField field) const { return (present_ & bit_of(field)) != 0; }
    const Place& place_of(KnownField field) const { return places_[static_cast<std::size_t>(field)]; }

    // The next line is one of `field`.
    void note(KnownField field) {
        Place& place = places_[static_cast<std::size_t>(field)];
        if (!has(field)) place = {.first = static_cast<std::uint32_t>(lines_.size()), .count = 0};
        ++place.count;
        present_ |= bit_of(field);
    }

    template <typename Visit>
    void visit_lines(Place place, std::string_view name, Visit& visit) const {
        for (std::size_t i = place.first; place.count > 0 && i < lines_.size(); ++i) {
            if (!equals_ignoring_case(lines_[i].name, name)) continue;
            visit(lines_[i].value);
            --place.count;
        }
    }

    std::vector<FieldLine> lines_;            // keeps its capacity from request to request
    std::uint32_t present_ = 0;               // a bit for each known field that has a line
    std::array<Place, kKnownFields> places_;  // of those alone
};

/// Calls `visit(member)` for each member of the comma-separated list `value` (RFC 9110, 5.6.1), without the white
/// space around it. Empty members are left out; commas in quoted strings do not separate.
template <typename Visit>
void for_each_member(std::string_view value, Visit visit);

/// Cuts the first member off `rest` and returns it, empty members included.
std::string_view next_member(std::string_view& rest);

template <typename Visit>
void for_each_member(std::string_view value, Visit visit) {
    while (!value.empty()) {
        const std::string_view member = next_member(value);
        if (!member.empty()) visit(member);
    }
}

}  // namespace basehttp
