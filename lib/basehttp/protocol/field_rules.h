// FieldRules: what an operator changes in the field lines of responses. HeadEditor: the same, made ready to be
// applied to heads. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace basehttp {

struct FieldRules {
    using Pairs = std::vector<std::pair<std::string, std::string>>;

    bool empty() const { return set.empty() && add.empty() && remove.empty(); }

    Pairs set{};                        ///< in the place of all lines of the same name
    Pairs add{};                        ///< beside those
    std::vector<std::string> remove{};  ///< names
    bool always = false;                ///< also in responses from status 400 on

    bool operator==(const FieldRules&) const = default;
};

enum class FieldChange : std::uint8_t { set, add, remove };

/// Whether rules may change the field `name` so. The server alone frames messages, dates them, and says what content
/// is and whether it is still the same.
bool may_change(std::string_view name, FieldChange change);

class HeadEditor {
  public:
    /// Throws std::invalid_argument for a name that is no token, a value with a control byte, and for what
    /// may_change() forbids.
    HeadEditor(const FieldRules& rules);  // NOLINT(google-explicit-constructor): rules become ready by themselves

    /// Changes `head`, a status line and the field lines so far, of a response with this status.
    void apply(std::string& head, int status) const;

  private:
    bool drops(std::string_view name) const;
    void drop_lines(std::string& head) const;

    std::vector<std::string> dropped_;  // names
    std::string lines_;
    bool always_;
};

}  // namespace basehttp
