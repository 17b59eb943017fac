#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/handlers/file_root.h"
#include "tests/unit/temporary_folder.h"

namespace basehttp {
namespace {

using basehttpd_test::TemporaryFolder;

struct Row {
    const char* path;
    int within;  // errno, or 0
    int never;
    int follow;
};

// A root with files, links and what is no file, beside a folder `out` that is not served.
const std::vector<Row> kPaths{
    {"", 0, 0, 0},
    {"a.txt", 0, 0, 0},
    {"sub/b.txt", 0, 0, 0},
    {"sub/", 0, 0, 0},
    {"none", ENOENT, ENOENT, ENOENT},
    {"a.txt/", ENOTDIR, ENOTDIR, ENOTDIR},
    {"a.txt/b", ENOTDIR, ENOTDIR, ENOTDIR},
    {"link-in", 0, ELOOP, 0},
    {"sub/link-up-and-in", 0, ELOOP, 0},
    {"link-out", EXDEV, ELOOP, 0},
    {"folder-out/secret", EXDEV, ELOOP, 0},
    {"link-absolute-in", EXDEV, ELOOP, 0},
    {"link-proc", EXDEV, ELOOP, ENOENT},
    {"loop", ELOOP, ELOOP, ELOOP},
    {"../out/secret", EXDEV, EXDEV, 0},
    {"/etc/passwd", EXDEV, EXDEV, 0},
    {"fifo", ENXIO, ENXIO, ENXIO},
    {"socket", ENXIO, ENXIO, ENXIO},
};

void make_socket(const std::string& path) {
    const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    BOOST_TEST_REQUIRE(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    BOOST_TEST_REQUIRE(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

BOOST_AUTO_TEST_CASE(what_can_be_opened) {
    const TemporaryFolder folder;
    folder.write("root/a.txt", "a");
    folder.write("root/sub/b.txt", "b");
    folder.write("out/secret", "s");
    namespace fs = std::filesystem;
    fs::create_symlink("a.txt", folder.path("root/link-in"));
    fs::create_symlink("../a.txt", folder.path("root/sub/link-up-and-in"));
    fs::create_symlink("../out/secret", folder.path("root/link-out"));
    fs::create_symlink("../out", folder.path("root/folder-out"));
    fs::create_symlink(folder.path("root/a.txt"), folder.path("root/link-absolute-in"));
    fs::create_symlink("/proc/none", folder.path("root/link-proc"));
    fs::create_symlink("loop", folder.path("root/loop"));
    BOOST_TEST_REQUIRE(::mkfifo(folder.path("root/fifo").c_str(), 0600) == 0);
    make_socket(folder.path("root/socket"));
    const auto outcome = [&](Symlinks symlinks, const char* path) {
        const auto root = FileRoot::open(folder.path("root"), symlinks);
        BOOST_TEST_REQUIRE(root.has_value());
        const auto file = root->open_file(path);
        return file ? 0 : file.error().code;
    };
    for (const Row& row : kPaths) {
        BOOST_TEST_CONTEXT(row.path) {
            BOOST_TEST(outcome(Symlinks::within, row.path) == row.within);
            BOOST_TEST(outcome(Symlinks::never, row.path) == row.never);
            BOOST_TEST(outcome(Symlinks::follow, row.path) == row.follow);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_a_file_is) {
    const TemporaryFolder folder;
    folder.write("a.txt", "abc");
    BOOST_TEST_REQUIRE(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);
    const auto root = FileRoot::open(folder.path());
    BOOST_TEST_REQUIRE(root.has_value());
    BOOST_TEST(root->open_file("a.txt")->is_regular());
    BOOST_TEST(root->open_file("a.txt")->status.st_size == 3);
    BOOST_TEST(root->open_file("")->is_directory());
    BOOST_TEST(S_ISFIFO(root->status_of("fifo")->st_mode));
}

BOOST_AUTO_TEST_CASE(a_root_that_is_no_folder) {
    const TemporaryFolder folder;
    BOOST_TEST(FileRoot::open(folder.path("none")).error().code == ENOENT);
    BOOST_TEST(FileRoot::open(folder.write("a.txt", "")).error().code == ENOTDIR);
}

}  // namespace
}  // namespace basehttp
