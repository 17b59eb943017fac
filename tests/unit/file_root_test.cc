#include "basehttp/handlers/file_root.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/unit/temporary_folder.h"

namespace {

using basehttp::FileRoot;
using basehttpd_test::TemporaryFolder;

// root/ is served; secret lies beside it.
struct Tree {
    Tree() {
        folder.make_folder("root/sub");
        folder.write("secret", "secret");
        folder.write("root/file", "content");
        folder.write("root/sub/file", "below");
        folder.link("root/inside", "sub/file");
        folder.link("root/sub/up", "../file");
        folder.link("root/outside", "../secret");
        folder.link("root/absolute", folder.path("secret"));
        folder.link("root/absolute-inside", folder.path("root/file"));
        folder.link("root/parent", "..");
        folder.link("root/self", "self");
        folder.link("root/proc", "/proc/self/root");
        ::mkfifo(folder.path("root/fifo").c_str(), 0600);
    }
    TemporaryFolder folder;
};

int open_error(const FileRoot& root, std::string_view path) {
    const auto file = root.open_file(path);
    return file ? 0 : file.error().code;
}

BOOST_AUTO_TEST_CASE(nothing_outside_can_be_opened) {
    const Tree tree;
    const auto root = FileRoot::open(tree.folder.path("root")).value();
    const struct {
        std::string path;
        int error;
    } rows[]{
        {"", 0},
        {".", 0},
        {"file", 0},
        {"sub", 0},
        {"sub/", 0},
        {"sub/file", 0},
        {"inside", 0},
        {"sub/up", 0},
        {"sub/../file", 0},
        {"fifo", ENXIO},
        {"..", EXDEV},
        {"../secret", EXDEV},
        {"sub/../../secret", EXDEV},
        {"/etc/passwd", EXDEV},
        {"outside", EXDEV},
        {"absolute", EXDEV},
        {"absolute-inside", EXDEV},
        {"parent", EXDEV},
        {"parent/secret", EXDEV},
        {"proc/etc/passwd", EXDEV},
        {"self", ELOOP},
        {"no", ENOENT},
        {"file/", ENOTDIR},
        {"file/x", ENOTDIR},
        {std::string(300, 'x'), ENAMETOOLONG},
        {std::string(5000, 'x'), ENAMETOOLONG},
        {std::string(4095, '/') + "x", ENAMETOOLONG},
        {std::string("file\0x", 6), ENOENT},
    };
    for (const auto& row : rows)
        BOOST_TEST(open_error(root, row.path) == row.error, row.path);
}

BOOST_AUTO_TEST_CASE(a_name_is_appended) {
    const Tree tree;
    const auto root = FileRoot::open(tree.folder.path("root")).value();
    BOOST_TEST(root.open_file("sub/", "file").value().status.st_size == 5);
    BOOST_TEST(root.open_file("", "file").value().status.st_size == 7);
}

BOOST_AUTO_TEST_CASE(kinds_of_files) {
    const Tree tree;
    const auto root = FileRoot::open(tree.folder.path("root")).value();
    BOOST_TEST(root.open_file("file").value().is_regular());
    BOOST_TEST(root.open_file("sub").value().is_directory());
}

// Who waits to write into a FIFO would go on, and find nobody to read; a tape would be wound.
BOOST_AUTO_TEST_CASE(what_is_no_file_is_not_opened) {
    const Tree tree;
    const auto root = FileRoot::open(tree.folder.path("root")).value();
    const basehttp::UniqueFd events(::inotify_init1(IN_NONBLOCK));
    for (const char* name : {"fifo", "file"}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST_REQUIRE(::inotify_add_watch(events.get(),
                                                   tree.folder.path("root/" + std::string(name)).c_str(),
                                                   IN_OPEN) >= 0);
            const auto opened = root.open_file(name);
            std::array<char, 1024> event;
            const bool touched = ::read(events.get(), event.data(), event.size()) > 0;
            BOOST_TEST(touched == opened.has_value());
            BOOST_TEST(opened.has_value() == (std::string_view(name) == "file"));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_folder_itself_must_be_one) {
    const Tree tree;
    BOOST_TEST(FileRoot::open(tree.folder.path("root/file")).error().code == ENOTDIR);
    BOOST_TEST(FileRoot::open(tree.folder.path("no")).error().code == ENOENT);
}

BOOST_AUTO_TEST_CASE(one_that_is_missing_has_nothing_in_it) {
    for (const int reason : {ENOENT, EACCES}) {
        const FileRoot root = FileRoot::missing({reason, "open"});
        BOOST_TEST(root.open_file("").error().code == reason);
        BOOST_TEST(root.open_file("file").error().code == reason);
        BOOST_TEST(root.status_of("file").error().code == reason);
    }
}

// A rename anywhere makes the kernel give up a path with "..": that is tried again. There are at most two pairs of
// renames for each attempt, however slow it is, so that it must succeed before its tries are used up.
BOOST_AUTO_TEST_CASE(renames_meanwhile_do_no_harm) {
    const Tree tree;
    const auto root = FileRoot::open(tree.folder.path("root")).value();
    constexpr int kAttempts = 20'000;
    std::atomic<int> attempt = 0;
    std::thread renamer([&] {
        const std::string a = tree.folder.path("a");
        const std::string b = tree.folder.path("b");
        tree.folder.make_folder("a");
        for (int renamed_for = 0; renamed_for < kAttempts;) {
            const int now = attempt;
            if (now == renamed_for) {
                std::this_thread::yield();
                continue;
            }
            renamed_for = now;
            std::filesystem::rename(a, b);
            std::filesystem::rename(b, a);
        }
    });
    std::string path;
    for (int i = 0; i < 30; ++i)
        path += "sub/../";
    path += "file";
    int failures = 0;
    while (attempt < kAttempts) {
        ++attempt;
        if (open_error(root, path) != 0) ++failures;
    }
    renamer.join();
    BOOST_TEST(failures == 0);
}

}  // namespace
