// MediaTypes: which Content-Type a file has by its name's ending, and which Content-Encoding where its format is a
// coded form of that type, like .svgz: what the operator says, else what the machine's mime.types says, else a
// built-in table. Made at start, only read after that.
//
// `.gz` and its like have no coding of their own: whoever asks for an archive by its name wants the archive.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace basehttp {

/// The type of `name` by the built-in table alone; application/octet-stream where its ending is not in it. Case does
/// not matter, and text comes with charset=utf-8.
std::string_view media_type_of(std::string_view name);

class MediaTypes {
  public:
    /// The built-in table alone.
    MediaTypes() = default;

    /// The built-in table and, over it, `file` where it can be read: Debian's package media-types brings it.
    static MediaTypes of_system(const std::string& file = "/etc/mime.types");

    /// Adds lines like `image/jpeg jpeg jpg`, in the form of mime.types; `#` starts a comment.
    void add_table(std::string_view table);

    /// Gives `ending`, without its dot, the type `type`. Text without a charset gets utf-8. An ending may have two
    /// parts, like `wasm.gz`, and then goes before that of its last part.
    void set(std::string_view ending, std::string_view type);

    /// Says that files with `ending` are in `coding`; empty: in none.
    void set_coding(std::string_view ending, std::string_view coding);

    /// The Content-Type for a file named `name`; valid while this object is not changed.
    std::string_view type_of(std::string_view name) const;

    /// The Content-Encoding that a file named `name` is in by its nature, or nothing; valid likewise.
    std::string_view coding_of(std::string_view name) const;

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    using Table = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;  // by ending in lower case

    static const std::string* find(const Table& table, std::string_view name);

    Table types_;
    Table codings_{{"svgz", "gzip"}};
};

}  // namespace basehttp
