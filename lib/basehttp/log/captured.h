// Captured: what log formats ask of a request beyond the usual: fields, cookies, notes by their names. Which ones is
// known once the formats are (CaptureList); a worker copies just those into its records, packed into one text that
// says itself what is what, since after a reload a logger reads records made for other formats.
//
//     captured = *( kind name-size value-size name value )      1, 1 and 2 bytes, in the machine's order
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basehttp {

enum class CaptureKind : std::uint8_t {
    request_field,
    response_field,
    cookie,
    note,             ///< said by a handler
    request_trailer,  ///< a field after chunked content
    file,             ///< the file that was sent; without a name
    handler,          ///< the kind of handler that answered; without a name
};

/// A name to capture. Field names match in any case, cookies and notes exactly.
struct Capture {
    CaptureKind kind = CaptureKind::request_field;
    std::string name;

    bool matches(CaptureKind other_kind, std::string_view other_name) const;
};

/// What all formats together ask for, each once.
class CaptureList {
  public:
    /// How many different names there may be.
    static constexpr std::size_t kMost = 64;

    /// Adds `capture` unless it is there already. False: there are too many.
    bool add(const Capture& capture);
    bool add(const CaptureList& other);

    bool empty() const { return captures_.empty(); }
    std::size_t size() const { return captures_.size(); }
    auto begin() const { return captures_.begin(); }
    auto end() const { return captures_.end(); }

    /// The entry that is as `kind` and `name` say, or nullptr.
    const Capture* find(CaptureKind kind, std::string_view name) const;

  private:
    std::vector<Capture> captures_;
};

class Captured {
  public:
    struct Entry {
        CaptureKind kind;
        std::string_view name;
        std::string_view value;
    };

    /// The most that one record holds, in bytes; what goes beyond is left out, and a value that is longer is cut.
    static constexpr std::size_t kMostBytes = 32 * 1024;
    static constexpr std::size_t kMostEntries = 256;
    static constexpr std::size_t kLongestValue = 8 * 1024;
    static constexpr std::size_t kLongestName = 255;

    Captured() = default;

    /// Nothing where the bytes are no such text: they are not trusted.
    static std::optional<Captured> read(std::string_view packed);

    /// Of a text that append() made.
    static Captured of(std::string_view packed) { return Captured(packed); }

    /// Adds an entry to `packed`.
    static void append(std::string& packed, CaptureKind kind, std::string_view name, std::string_view value);

    bool empty() const { return packed_.empty(); }
    std::string_view packed() const { return packed_; }

    /// The value of the first entry that is as `kind` and `name` say.
    std::optional<std::string_view> find(CaptureKind kind, std::string_view name) const;

    /// Calls `visit(entry)` for each.
    template <typename Visit>
    void for_each(Visit visit) const {
        for (std::string_view rest = packed_; !rest.empty();) {
            const auto entry = take(rest);
            if (!entry) return;
            visit(*entry);
        }
    }

  private:
    explicit Captured(std::string_view packed) : packed_(packed) {}
    static std::optional<Entry> take(std::string_view& rest);

    std::string_view packed_;
};

}  // namespace basehttp
