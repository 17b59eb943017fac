#include "daemon/config/config_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "basehttp/io/unique_fd.h"
#include "basehttp/text/utf8.h"

namespace basehttpd {
namespace {

constexpr std::size_t kLargestFile = 1024 * 1024;

std::string system_text(int error) {
    return std::strerror(error);
}

// Regular files, and the pipe of a shell's `<(command)`. Devices may never end.
std::expected<void, std::string> require_readable_kind(int fd) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return std::unexpected(system_text(errno));
    if (S_ISDIR(info.st_mode)) return std::unexpected("it is a directory");
    if (S_ISREG(info.st_mode)) return {};
    if (!S_ISFIFO(info.st_mode)) return std::unexpected("it is not a file");
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) != 0) return std::unexpected(system_text(errno));
    return {};
}

std::expected<std::string, std::string> read_all(int fd) {
    std::string text;
    std::array<char, 65536> buffer;
    while (true) {
        const ssize_t count = ::read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::unexpected(system_text(errno));
        if (count == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > kLargestFile) return std::unexpected("it is larger than 1M");
    }
}

std::expected<std::string, std::string> read_file(const std::string& name) {
    // O_NONBLOCK: a FIFO that nobody writes to must not hold the program up.
    const basehttp::UniqueFd file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return std::unexpected(system_text(errno));
    if (auto kind = require_readable_kind(file.get()); !kind) return std::unexpected(std::move(kind.error()));
    return read_all(file.get());
}

bool is_allowed_in_text(char32_t code) {
    return code >= 0x20 ? code != 0x7F : code == '\n' || code == '\r' || code == '\t';
}

}  // namespace

std::expected<ConfigSource, ConfigError> ConfigSource::load(const std::string& name, std::string_view what) {
    auto text = read_file(name);
    if (!text) {
        return std::unexpected(ConfigError{{name, 0, 0}, fmt::format("cannot read {}: {}", what, text.error())});
    }
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text->starts_with(kByteOrderMark)) text->erase(0, kByteOrderMark.size());
    ConfigSource source(name, std::move(*text));
    if (auto checked = source.check_text(); !checked) return std::unexpected(std::move(checked.error()));
    return source;
}

ConfigSource::ConfigSource(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') line_starts_.push_back(i + 1);
    }
}

std::string_view ConfigSource::line(int number) const {
    if (number < 1 || static_cast<std::size_t>(number) > line_starts_.size()) return {};
    const std::size_t begin = line_starts_[static_cast<std::size_t>(number) - 1];
    const std::size_t end = std::min(text_.find('\n', begin), text_.size());
    std::string_view line = std::string_view(text_).substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::pair<int, int> ConfigSource::position(std::size_t offset) const {
    const auto next = std::ranges::upper_bound(line_starts_, offset);
    return {static_cast<int>(next - line_starts_.begin()), static_cast<int>(offset - *std::prev(next)) + 1};
}

std::size_t ConfigSource::offset(int line, int column) const {
    const std::size_t begin = line_starts_.at(static_cast<std::size_t>(line) - 1);
    return begin + static_cast<std::size_t>(column) - 1;
}

std::string ConfigSource::resolve(std::string_view path) const {
    while (path.starts_with("./"))
        path.remove_prefix(2);
    // Symbolic links make "a/.." something else than nothing, so ".." is left for the kernel to follow.
    std::error_code error;
    const std::filesystem::path own = std::filesystem::absolute(name_, error);
    if (error) return std::string(path);
    const std::filesystem::path folder = own.parent_path();
    return path == "." ? folder.string() : (folder / path).string();
}

ConfigError ConfigSource::error_at(int line, int column, std::string message, std::string hint) const {
    const std::size_t byte = column > 0 ? static_cast<std::size_t>(column) - 1 : 0;
    return {{name_, line, column}, std::move(message), std::move(hint), make_excerpt(this->line(line), byte)};
}

// One error is enough: what is not text at one place is seldom text at the others.
std::expected<void, ConfigError> ConfigSource::check_text() const {
    for (std::size_t offset = 0; offset < text_.size();) {
        const basehttp::Utf8Character character = basehttp::decode_utf8(std::string_view(text_).substr(offset, 4));
        if (character.length == 0 || !is_allowed_in_text(character.code)) {
            const auto [number, column] = position(offset);
            const unsigned byte = static_cast<unsigned char>(text_[offset]);
            return std::unexpected(error_at(number, column, fmt::format("byte 0x{:02x} is not UTF-8 text", byte),
                                            "a configuration is a YAML text file"));
        }
        offset += character.length;
    }
    return {};
}

SourceExcerpt read_excerpt(const ConfigPosition& where) {
    struct stat info {};
    const bool regular = ::stat(where.file.c_str(), &info) == 0 && S_ISREG(info.st_mode);
    if (where.line == 0 || !regular) return {};
    const auto source = ConfigSource::load(where.file);
    return source ? source->error_at(where.line, where.column, {}).source : SourceExcerpt{};
}

}  // namespace basehttpd
