// A value with parameters, as Content-Type and Content-Disposition have it (RFC 9110, 5.6.6).
//
//     value *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basehttp {

struct ParameterizedValue {
    struct Parameter {
        std::string name;
        std::string value;  ///< without quotes
    };

    std::string_view value;  ///< what stands before the first semicolon; a view into what was parsed
    std::vector<Parameter> parameters;

    /// The first parameter named `name`; case does not matter. Or nullptr.
    const std::string* find(std::string_view name) const;
};

/// Nothing where a parameter does not keep to the grammar. A backslash in quotes escapes a quote or a backslash and
/// otherwise stands for itself, since browsers send file names with plain backslashes.
std::optional<ParameterizedValue> parse_parameters(std::string_view text);

}  // namespace basehttp
