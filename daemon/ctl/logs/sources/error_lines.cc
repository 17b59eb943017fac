#include "daemon/ctl/logs/sources/error_lines.h"

#include "basehttp/text/ascii.h"
#include "daemon/ctl/logs/sources/line_splitter.h"
#include "daemon/ctl/logs/sources/log_stream.h"

namespace basehttpd {
namespace {

constexpr std::size_t kMostLines = 10;

bool is_of_id(char c) {
    return basehttp::is_digit(c) || (basehttp::to_lower(c) >= 'a' && basehttp::to_lower(c) <= 'z') || c == '-';
}

// Whether the id stands in the line, and not as a part of a longer one.
bool names(std::string_view line, std::string_view id) {
    for (std::size_t at = line.find(id); at != std::string_view::npos; at = line.find(id, at + 1)) {
        const std::size_t end = at + id.size();
        if ((at == 0 || !is_of_id(line[at - 1])) && (end == line.size() || !is_of_id(line[end]))) return true;
    }
    return false;
}

void add_lines(std::vector<std::string>& lines, LogPiece& piece, std::string_view id) {
    auto fd = open_piece(piece);
    if (!fd) return;
    auto source = open_byte_source(std::move(*fd));
    if (!source) return;
    LineSplitter splitter(std::move(*source));
    SplitLine line;
    while (lines.size() < kMostLines && splitter.next(line)) {
        if (!line.too_long && names(line.text, id)) lines.emplace_back(line.text);
    }
}

}  // namespace

std::vector<std::string> find_error_lines(std::span<const std::string> paths, std::string_view request_id,
                                          std::int64_t since_us) {
    std::vector<std::string> lines;
    if (request_id.empty()) return lines;
    for (const std::string& path : paths) {
        for (LogPiece& piece : hold_pieces(path)) {
            if (piece.current || piece.changed_us >= since_us) add_lines(lines, piece, request_id);
        }
    }
    return lines;
}

}  // namespace basehttpd
