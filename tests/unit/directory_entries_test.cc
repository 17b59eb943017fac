#include "basehttp/handlers/directory_entries.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/unit/temporary_folder.h"

namespace basehttp {
namespace {

using basehttpd_test::TemporaryFolder;
using Key = ListingOrder::Key;

MemoryBudget plenty(std::size_t{1} << 30);

DirectoryEntries open(const FileRoot& root, const std::string& path, DirectoryEntries::Options options = {},
                      MemoryBudget& budget = plenty) {
    auto folder = root.open_file(path);
    return DirectoryEntries::open(std::move(folder.value().fd), root, path, options, budget).value();
}

DirectoryEntries read(const FileRoot& root, const std::string& path, DirectoryEntries::Options options) {
    auto entries = open(root, path, options);
    while (entries.read_some(std::chrono::milliseconds(0)).value()) {
    }
    return entries;
}

std::string names(const FileRoot& root, const std::string& path, DirectoryEntries::Options options) {
    auto entries = read(root, path, options);
    std::string names;
    while (const auto entry = entries.next())
        names.append(entry->name).append(entry->is_directory ? "/ " : " ");
    return names;
}

void make(const TemporaryFolder& folder, const std::string& name, std::size_t size, std::time_t time) {
    folder.write(name, std::string(size, 'x'));
    const timespec times[2] = {{time, 0}, {time, 0}};
    BOOST_TEST_REQUIRE(::utimensat(AT_FDCWD, folder.path(name).c_str(), times, 0) == 0);
}

BOOST_AUTO_TEST_CASE(orders) {
    const TemporaryFolder folder;
    make(folder, "b", 5, 300);
    make(folder, "a", 7, 100);
    make(folder, "c", 5, 200);
    folder.make_folder("y");
    folder.make_folder("z");
    for (const char* name : {"y", "z"}) {
        const timespec times[2] = {{1, 0}, {1, 0}};
        BOOST_TEST_REQUIRE(::utimensat(AT_FDCWD, folder.path(name).c_str(), times, 0) == 0);
    }
    const FileRoot root = FileRoot::open(folder.path()).value();
    BOOST_TEST(names(root, "", {{Key::name, false}, false}) == "y/ z/ a b c ");
    BOOST_TEST(names(root, "", {{Key::name, true}, false}) == "z/ y/ c b a ");
    BOOST_TEST(names(root, "", {{Key::size, false}, false}) == "y/ z/ b c a ");
    BOOST_TEST(names(root, "", {{Key::size, true}, false}) == "y/ z/ a b c ");
    BOOST_TEST(names(root, "", {{Key::date, false}, false}) == "y/ z/ a c b ");
    BOOST_TEST(names(root, "", {{Key::date, true}, false}) == "y/ z/ b c a ");
}

BOOST_AUTO_TEST_CASE(numbers_in_names_count) {
    const TemporaryFolder folder;
    for (const char* name : {"page10", "page9", "page1", "page09"})
        make(folder, name, 1, 100);
    folder.make_folder("v1.10");
    folder.make_folder("v1.9");
    const FileRoot root = FileRoot::open(folder.path()).value();
    BOOST_TEST(names(root, "", {}) == "v1.9/ v1.10/ page1 page09 page9 page10 ");
    BOOST_TEST(names(root, "", {{Key::size, true}, false}) == "v1.9/ v1.10/ page1 page09 page9 page10 ");
}

BOOST_AUTO_TEST_CASE(what_is_left_out) {
    const TemporaryFolder folder;
    folder.write("root/sub/file", "x");
    folder.write("root/sub/.hidden", "x");
    folder.write("outside", "x");
    namespace fs = std::filesystem;
    fs::create_symlink("file", folder.path("root/sub/in"));
    fs::create_symlink("../sub", folder.path("root/sub/folder"));
    fs::create_symlink("../../outside", folder.path("root/sub/out"));
    fs::create_symlink("none", folder.path("root/sub/broken"));
    BOOST_TEST_REQUIRE(::mkfifo(folder.path("root/sub/fifo").c_str(), 0600) == 0);
    const auto listed = [&](Symlinks symlinks, bool hidden) {
        return names(FileRoot::open(folder.path("root"), symlinks).value(), "sub/", {{}, hidden});
    };
    BOOST_TEST(listed(Symlinks::within, false) == "folder/ file in ");
    BOOST_TEST(listed(Symlinks::within, true) == "folder/ .hidden file in ");
    BOOST_TEST(listed(Symlinks::never, false) == "file ");
    BOOST_TEST(listed(Symlinks::follow, false) == "folder/ file in out ");
}

// More entries than one run has, in an order that is nobody's.
BOOST_AUTO_TEST_CASE(many_are_in_order_and_counted) {
    constexpr int kCount = 10'000;
    const TemporaryFolder folder;
    for (int i = 0; i < kCount; ++i)
        folder.write(std::to_string(i * 7919 % kCount + kCount), "");
    const FileRoot root = FileRoot::open(folder.path()).value();
    auto entries = read(root, "", {});
    BOOST_TEST(entries.files() == static_cast<std::size_t>(kCount));
    BOOST_TEST(entries.folders() == 0U);
    BOOST_TEST(entries.memory() < 100U * kCount);
    int expected = kCount;
    bool in_order = true;
    while (const auto entry = entries.next())
        in_order = in_order && entry->name == std::to_string(expected++);
    BOOST_TEST(in_order);
    BOOST_TEST(expected == 2 * kCount);
}

std::chrono::nanoseconds cpu_time() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// By the time that this thread really ran: the machine may have others to serve.
BOOST_AUTO_TEST_CASE(no_step_takes_long) {
    constexpr int kCount = 30'000;
    const TemporaryFolder folder;
    for (int i = 0; i < kCount; ++i)
        folder.write("a-name-of-some-length-" + std::to_string(i * 7919 % kCount), "");
    const FileRoot root = FileRoot::open(folder.path()).value();
    auto entries = open(root, "");
    std::chrono::nanoseconds longest{};
    int steps = 0;
    for (bool more = true; more; ++steps) {
        const auto start = cpu_time();
        more = entries.read_some(std::chrono::milliseconds(4)).value();
        longest = std::max(longest, cpu_time() - start);
    }
    BOOST_TEST_MESSAGE(steps << " steps, the longest " << longest.count() / 1000 << " us");
    BOOST_TEST(steps > 1);
    BOOST_TEST((longest < std::chrono::milliseconds(20)), longest.count());
}

BOOST_AUTO_TEST_CASE(what_is_no_folder_is_an_error) {
    const TemporaryFolder folder;
    folder.write("file", "");
    const FileRoot root = FileRoot::open(folder.path()).value();
    auto opened = root.open_file("file");
    const auto entries = DirectoryEntries::open(std::move(opened.value().fd), root, "file", {}, plenty);
    BOOST_TEST(entries.error().code == ENOTDIR);
}

BOOST_AUTO_TEST_CASE(all_listings_share_a_budget) {
    constexpr int kCount = 3000;
    const TemporaryFolder folder;
    for (int i = 0; i < kCount; ++i)
        folder.write("a-name-of-some-length-" + std::to_string(i), "");
    const FileRoot root = FileRoot::open(folder.path()).value();
    MemoryBudget budget(500'000);
    const auto outcome = [](DirectoryEntries& entries) {
        for (;;) {
            const auto more = entries.read_some(std::chrono::milliseconds(0));
            if (!more) return more.error().code;
            if (!*more) return 0;
        }
    };
    {
        auto first = open(root, "", {}, budget);
        BOOST_TEST(outcome(first) == 0);
        BOOST_TEST(first.memory() <= budget.taken());
        auto second = open(root, "", {}, budget);
        auto third = open(root, "", {}, budget);
        BOOST_TEST(first.listings() == 3U);
        BOOST_TEST(outcome(second) == 0);
        BOOST_TEST(outcome(third) == ENOBUFS);
        BOOST_TEST(budget.taken() <= 500'000U);
    }
    BOOST_TEST(budget.taken() == 0U);
}

// The files can be listed, but nothing is known of them: as good as not readable.
BOOST_AUTO_TEST_CASE(a_folder_that_may_not_be_entered, *boost::unit_test::precondition([](auto) {
                         return boost::test_tools::assertion_result(::geteuid() != 0);
                     })) {
    const TemporaryFolder folder;
    folder.write("sub/file", "");
    const FileRoot root = FileRoot::open(folder.path()).value();
    auto entries = open(root, "sub/");
    std::filesystem::permissions(folder.path("sub"), std::filesystem::perms::owner_read);
    BOOST_TEST(entries.read_some(std::chrono::milliseconds(0)).error().code == EACCES);
    std::filesystem::permissions(folder.path("sub"), std::filesystem::perms::owner_all);
}

BOOST_AUTO_TEST_CASE(a_folder_that_goes_meanwhile) {
    const TemporaryFolder folder;
    folder.write("sub/file", "");
    const FileRoot root = FileRoot::open(folder.path()).value();
    auto entries = open(root, "sub/");
    std::filesystem::remove_all(folder.path("sub"));
    BOOST_TEST(entries.read_some(std::chrono::milliseconds(0)).value() == false);
    BOOST_TEST(!entries.next().has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_folder) {
    const TemporaryFolder folder;
    const FileRoot root = FileRoot::open(folder.path()).value();
    BOOST_TEST(names(root, "", {}).empty());
}

}  // namespace
}  // namespace basehttp
