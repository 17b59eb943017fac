// MultipartDecoder: multipart/form-data (RFC 7578) taken apart as it arrives, without I/O and in bounded memory.
//
//     body       = [preamble CRLF] delimiter *(CRLF part CRLF delimiter) "--" [epilogue]      (RFC 2046, 5.1.1)
//     delimiter  = "--" boundary
//     part       = *(field-line CRLF) CRLF content
//
// A handler feeds it the content of the request in whatever pieces it reads them, and takes events until it needs
// more: a part begins, some of its content, it ends. States: preamble → fields → content → (fields … | complete).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace basehttp {

/// What stands in the fields of a part.
struct MultipartPart {
    std::string name;                     ///< of the form's field; needed by RFC 7578
    std::optional<std::string> filename;  ///< as the client gives it: never a path to trust
    std::string content_type;             ///< empty where it is not given: text/plain then
};

struct MultipartLimits {
    std::size_t parts = 1000;
    std::size_t part_fields = 8 * 1024;             ///< bytes of one part's field lines
    std::uint64_t part_content = 16 * 1024 * 1024;  ///< bytes of one part's content
};

enum class MultipartError : std::uint8_t {
    bad_delimiter,  ///< something other than a line end or `--` after a delimiter
    bad_fields,     ///< field lines of a part that are none
    no_name,        ///< no Content-Disposition: form-data with a name
    too_many_parts,
    fields_too_large,
    content_too_large,
    cut_short,  ///< the content ended before its last delimiter
};

/// The boundary that `content_type` names; nothing where it is not multipart/form-data with a good boundary.
std::optional<std::string> multipart_boundary(std::string_view content_type);

class MultipartDecoder {
  public:
    struct Event {
        enum class Kind : std::uint8_t { need_more, part, content, part_end, complete };
        Kind kind = Kind::need_more;
        std::string_view content;  ///< for `content`: some of it, valid until the next feed() or next()
    };

    /// `boundary`: from multipart_boundary().
    explicit MultipartDecoder(std::string_view boundary, MultipartLimits limits = {})
        : delimiter_("\r\n--" + std::string(boundary)), limits_(limits), buffer_("\r\n") {}

    /// Adds what has arrived. Only after an event `need_more`, so that no more than this and one delimiter are kept.
    void feed(std::string_view bytes);

    /// Says that nothing follows.
    void finish() { finished_ = true; }

    /// The next event. After an error it is of no more use.
    std::expected<Event, MultipartError> next();

    /// The part that an event `part` began.
    const MultipartPart& part() const { return part_; }

  private:
    enum class State : std::uint8_t { preamble, after_delimiter, fields, content, complete };
    using Result = std::expected<Event, MultipartError>;

    Result need_more() const;
    Result skip_preamble();
    Result pass_delimiter();
    Result take_fields();
    Result take_content();
    std::string_view unread() const { return std::string_view(buffer_).substr(taken_); }

    std::string delimiter_;
    MultipartLimits limits_;
    State state_ = State::preamble;
    std::string buffer_;  // a CRLF first, so that the first delimiter looks like the others
    std::size_t taken_ = 0;
    bool finished_ = false;
    std::size_t parts_ = 0;
    std::uint64_t part_size_ = 0;
    MultipartPart part_;
};

}  // namespace basehttp
