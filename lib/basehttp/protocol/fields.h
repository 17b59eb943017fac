// Fields: the field lines of one message, in order, as views into the buffer that holds the message. Whoever moves
// or drops that buffer invalidates them (for a request: the Connection, once the request is answered).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace basehttp {

/// One field line: a name as received and a value without the white space around it.
struct FieldLine {
    std::string_view name;
    std::string_view value;
};

class Fields {
  public:
    void add(std::string_view name, std::string_view value) { lines_.push_back({name, value}); }
    void clear() { lines_.clear(); }

    std::size_t size() const { return lines_.size(); }
    auto begin() const { return lines_.begin(); }
    auto end() const { return lines_.end(); }

    /// The value of the first line named `name` (case does not matter), or nothing.
    std::optional<std::string_view> find(std::string_view name) const;

    /// How many lines are named `name`.
    std::size_t count(std::string_view name) const;

    /// Whether any line named `name`, read as a comma-separated list, has the member `token`; case does not matter.
    bool lists(std::string_view name, std::string_view token) const;

  private:
    std::vector<FieldLine> lines_;  // keeps its capacity from request to request
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
