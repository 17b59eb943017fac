// TryStep: one of the places where the file that a request means is looked for, as an operator writes it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace basehttp {

struct TryStep {
    enum class Kind : std::uint8_t {
        path,    ///< `$path`: the file at the path of the request, with `text` appended, like `.html`
        folder,  ///< `$path/`: the directory at the path of the request
        file,    ///< `/FILE`: the file `text`, relative to the root, whatever the path
    };

    /// Nothing where `written` is none of the three.
    static std::optional<TryStep> parse(std::string_view written);

    /// As parse() takes it.
    std::string written() const;

    bool operator==(const TryStep&) const = default;

    Kind kind = Kind::path;
    std::string text{};
};

/// Whether the last segment of `path` has a dot after its first byte: `/app.js`, but not `/about` nor `/.well-known`.
bool has_suffix(std::string_view path);

}  // namespace basehttp
