#include "daemon/ctl/logs/sources/byte_source.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <zlib.h>
#include <zstd.h>

#include "basehttp/text/ascii.h"

namespace basehttpd {
namespace {

constexpr std::size_t kInputSize = 128 * 1024;
constexpr const char* kCutShort = "the compressed data ends too soon: the file was cut short";

// A descriptor, of which the first bytes can be looked at before they are read.
class FileBytes final : public ByteSource {
  public:
    FileBytes(basehttp::UniqueFd fd, std::uint64_t limit) : fd_(std::move(fd)), left_(limit) {}

    std::expected<std::size_t, std::string> read(std::span<char> out) override {
        if (!front_.empty()) {
            const std::size_t size = std::min(out.size(), front_.size());
            std::copy_n(front_.begin(), size, out.begin());
            front_.erase(0, size);
            return size;
        }
        return read_descriptor(out);
    }

    std::expected<std::string, std::string> look_ahead(std::size_t count) {
        std::string bytes(count, '\0');
        std::size_t filled = 0;
        while (filled < count) {
            const auto got = read_descriptor(std::span(bytes).subspan(filled));
            if (!got) return std::unexpected(got.error());
            if (*got == 0) break;
            filled += *got;
        }
        bytes.resize(filled);
        front_ = bytes;
        return bytes;
    }

  private:
    std::expected<std::size_t, std::string> read_descriptor(std::span<char> out) {
        for (;;) {
            const ssize_t got = ::read(fd_.get(), out.data(), std::min<std::uint64_t>(out.size(), left_));
            if (got >= 0) {
                left_ -= static_cast<std::uint64_t>(got);
                return static_cast<std::size_t>(got);
            }
            if (errno != EINTR) return std::unexpected(std::generic_category().message(errno));
        }
    }

    basehttp::UniqueFd fd_;
    std::uint64_t left_;
    std::string front_;
};

// gzip, several members one after the other included (RFC 1952, section 2.2).
class GzipBytes final : public ByteSource {
  public:
    explicit GzipBytes(FileBytes&& file) : file_(std::move(file)), input_(kInputSize) {
        constexpr int kGzipWindow = 15 + 16;
        usable_ = ::inflateInit2(&stream_, kGzipWindow) == Z_OK;
    }
    ~GzipBytes() override { ::inflateEnd(&stream_); }
    GzipBytes(const GzipBytes&) = delete;
    GzipBytes& operator=(const GzipBytes&) = delete;

    std::expected<std::size_t, std::string> read(std::span<char> out) override {
        if (!usable_) return std::unexpected("out of memory");
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), 1U << 30U));
        const uInt wanted = stream_.avail_out;
        while (stream_.avail_out == wanted) {
            if (stream_.avail_in == 0) {
                const auto got = file_.read(input_);
                if (!got) return std::unexpected(got.error());
                if (*got == 0 && between_members_) return 0;
                if (*got == 0) return std::unexpected(kCutShort);
                stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
                stream_.avail_in = static_cast<uInt>(*got);
            }
            between_members_ = false;
            const int outcome = ::inflate(&stream_, Z_NO_FLUSH);
            if (outcome == Z_STREAM_END) {
                between_members_ = true;
                ::inflateReset(&stream_);
            } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
                if (stream_.avail_out != wanted) break;  // what lies before the damage is good; then it fails again
                return std::unexpected("the compressed data is damaged");
            }
        }
        return wanted - stream_.avail_out;
    }

  private:
    FileBytes file_;
    std::vector<char> input_;
    z_stream stream_{};
    bool usable_ = false;
    bool between_members_ = false;
};

class ZstdBytes final : public ByteSource {
  public:
    explicit ZstdBytes(FileBytes&& file)
        : file_(std::move(file)), input_(kInputSize), stream_(::ZSTD_createDStream()) {}

    std::expected<std::size_t, std::string> read(std::span<char> out) override {
        if (stream_ == nullptr) return std::unexpected("out of memory");
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        while (output.pos == 0) {
            if (position_ == filled_) {
                const auto got = file_.read(input_);
                if (!got) return std::unexpected(got.error());
                if (*got == 0 && between_frames_) return 0;
                if (*got == 0 && !flush(output)) return std::unexpected(kCutShort);
                if (*got == 0) continue;
                position_ = 0;
                filled_ = *got;
            }
            ZSTD_inBuffer input{input_.data(), filled_, position_};
            const std::size_t outcome = ::ZSTD_decompressStream(stream_.get(), &output, &input);
            if (::ZSTD_isError(outcome) != 0) {
                return std::unexpected(std::string("the compressed data is damaged: ") +
                                       ::ZSTD_getErrorName(outcome));
            }
            position_ = input.pos;
            between_frames_ = outcome == 0;
        }
        return output.pos;
    }

  private:
    struct Free {
        void operator()(ZSTD_DStream* stream) const { ::ZSTD_freeDStream(stream); }
    };

    // What the decoder still holds once the file has ended.
    bool flush(ZSTD_outBuffer& output) {
        ZSTD_inBuffer nothing{nullptr, 0, 0};
        const std::size_t outcome = ::ZSTD_decompressStream(stream_.get(), &output, &nothing);
        between_frames_ = outcome == 0;
        return ::ZSTD_isError(outcome) == 0 && output.pos > 0;
    }

    FileBytes file_;
    std::vector<char> input_;
    std::unique_ptr<ZSTD_DStream, Free> stream_;
    std::size_t position_ = 0;
    std::size_t filled_ = 0;
    bool between_frames_ = false;
};

}  // namespace

Coding find_coding(std::string_view front) {
    using namespace std::string_view_literals;
    if (front.starts_with("\x1f\x8b"sv)) return Coding::gzip;
    if (front.starts_with("\x28\xb5\x2f\xfd"sv)) return Coding::zstd;
    if (front.size() == 4 && front.starts_with("BZh"sv) && basehttp::is_digit(front[3])) return Coding::bzip2;
    if (front.starts_with("\xfd"
                          "7zX"sv))
        return Coding::xz;
    if (front.starts_with("\xff\xfe"sv) || front.starts_with("\xfe\xff"sv)) return Coding::utf16;
    return Coding::plain;
}

std::expected<std::unique_ptr<ByteSource>, std::string> open_byte_source(basehttp::UniqueFd fd, std::uint64_t limit) {
    FileBytes file(std::move(fd), limit);
    const auto front = file.look_ahead(4);
    if (!front) return std::unexpected(front.error());
    switch (find_coding(*front)) {
        case Coding::plain:
            return std::make_unique<FileBytes>(std::move(file));
        case Coding::gzip:
            return std::make_unique<GzipBytes>(std::move(file));
        case Coding::zstd:
            return std::make_unique<ZstdBytes>(std::move(file));
        case Coding::bzip2:
            return std::unexpected("it is compressed with bzip2: bzcat FILE | basehttpctl logs - reads it");
        case Coding::xz:
            return std::unexpected("it is compressed with xz: xzcat FILE | basehttpctl logs - reads it");
        case Coding::utf16:
            return std::unexpected("it is UTF-16 text: iconv -f UTF-16 -t UTF-8 FILE | basehttpctl logs - reads it");
    }
    return std::unexpected("it is of no known kind");
}

}  // namespace basehttpd
