#include "basehttp/handlers/open_beneath.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "basehttp/io/unique_fd.h"
#include "unit/temporary_folder.h"

namespace {

struct Row {
    const char* path;
    int error;             // 0: it opens
    const char* contents;  // of the file that is opened
    std::uint64_t more = 0;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.path;
}

constexpr Row kRows[] = {
    {"file", 0, "a file"},
    {"./sub//deep", 0, "deep"},
    {"sub/../file", 0, "a file"},
    {".", 0, ""},
    {"sub/", 0, ""},
    {"sub/..", 0, ""},
    {"link-to-file", 0, "a file"},
    {"link-to-file", ELOOP, "", RESOLVE_NO_SYMLINKS},
    {"link-to-sub/deep", 0, "deep"},
    {"link-to-sub/deep", ELOOP, "", RESOLVE_NO_SYMLINKS},
    {"sub/link-up/file", 0, "a file"},
    {"link-to-link", 0, "a file"},
    {"absent", ENOENT, ""},
    {"absent/file", ENOENT, ""},
    {"dangling", ENOENT, ""},
    {"file/", ENOTDIR, ""},
    {"file/x", ENOTDIR, ""},
    {"link-to-file/", ENOTDIR, ""},
    {"..", EXDEV, ""},
    {"../secret", EXDEV, ""},
    {"sub/../../secret", EXDEV, ""},
    {"/etc/passwd", EXDEV, ""},
    {"link-out", EXDEV, ""},
    {"link-absolute", EXDEV, ""},
    {"link-folder-out/secret", EXDEV, ""},
    {"sub/link-out", EXDEV, ""},
    {"loop", ELOOP, ""},
    {"loop/x", ELOOP, ""},
    {"", ENOENT, ""},
};

class Tree {
  public:
    Tree() {
        folder_.write("secret", "secret");
        folder_.write("root/file", "a file");
        folder_.write("root/sub/deep", "deep");
        link("file", "link-to-file");
        link("link-to-file", "link-to-link");
        link("sub", "link-to-sub");
        link("..", "sub/link-up");
        link("nowhere", "dangling");
        link("../secret", "link-out");
        link("../../secret", "sub/link-out");
        link(folder_.path("root/file").c_str(), "link-absolute");
        link("..", "link-folder-out");
        link("loop", "loop");
        fd.reset(::open(folder_.path("root").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    }

    basehttp::UniqueFd fd;

  private:
    void link(const char* target, const std::string& name) {
        std::filesystem::create_symlink(target, folder_.path("root/" + name));
    }

    basehttpd_test::TemporaryFolder folder_;
};

template <typename Open>
void check(const Row& row, Open open) {
    const Tree tree;
    open_how how{};
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | row.more;
    const basehttp::UniqueFd fd(open(tree.fd.get(), row.path, how));
    const int error = fd ? 0 : errno;
    BOOST_TEST(error == row.error);
    if (!fd) return;
    std::array<char, 64> text{};
    const ssize_t size = ::read(fd.get(), text.data(), text.size());
    BOOST_TEST(std::string(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))) == row.contents);
}

// As one who looks does: what is at the path is found without being opened, and a link is not taken for it.
template <typename Open>
void look(const Row& row, Open open) {
    const Tree tree;
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | row.more;
    const basehttp::UniqueFd fd(open(tree.fd.get(), row.path, how));
    const int error = fd ? 0 : errno;
    BOOST_TEST(error == row.error);
    if (!fd) return;
    struct stat status {};
    BOOST_TEST(::fstat(fd.get(), &status) == 0);
    BOOST_TEST(S_ISDIR(status.st_mode) == (*row.contents == '\0'));
    BOOST_TEST(!S_ISLNK(status.st_mode));
}

}  // namespace

BOOST_DATA_TEST_CASE(looking_by_the_kernel, kRows) {
    look(sample, basehttp::open_beneath);
}

BOOST_DATA_TEST_CASE(looking_by_the_walk, kRows) {
    look(sample, basehttp::walk_beneath);
}

BOOST_DATA_TEST_CASE(by_the_kernel, kRows) {
    check(sample, basehttp::open_beneath);
}

BOOST_DATA_TEST_CASE(by_the_walk, kRows) {
    check(sample, basehttp::walk_beneath);
}
