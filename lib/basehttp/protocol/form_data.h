// Names and values as forms, queries and cookies carry them: application/x-www-form-urlencoded and the Cookie field.
// Pure functions; what they return owns its text.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basehttp {

/// One pair, decoded: any bytes may stand in it.
struct FormPair {
    std::string name;
    std::string value;

    friend bool operator==(const FormPair&, const FormPair&) = default;
};

class FormPairs {
  public:
    void add(std::string name, std::string value) { pairs_.push_back({std::move(name), std::move(value)}); }

    /// The value of the first pair named `name`, case and all, or nothing. Valid as long as the pairs are.
    std::optional<std::string_view> find(std::string_view name) const;

    /// All values for `name`, in order.
    std::vector<std::string_view> find_all(std::string_view name) const;

    std::size_t size() const { return pairs_.size(); }
    auto begin() const { return pairs_.begin(); }
    auto end() const { return pairs_.end(); }

  private:
    std::vector<FormPair> pairs_;
};

/// More pairs than this are no form but an attack on whoever looks through them.
inline constexpr std::size_t kMostFormPairs = 1000;

enum class FormError : std::uint8_t { too_many_pairs };

/// Reads `a=1&b=2`, the seed's companion parse_qs(): a query, or content of a form. `+` is a space; an escape that is
/// none stands for itself, as in browsers (WHATWG URL, 5.1). Empty pairs are left out.
std::expected<FormPairs, FormError> parse_urlencoded(std::string_view text, std::size_t most_pairs = kMostFormPairs);

/// Reads the value of a Cookie field (RFC 6265, 4.2.1): `a=1; b="2"`. Quotes around a value are taken off; a pair
/// without a name is left out. Nothing is decoded.
std::expected<FormPairs, FormError> parse_cookies(std::string_view value, std::size_t most_pairs = kMostFormPairs);

}  // namespace basehttp
