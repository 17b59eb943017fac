#include "basehttp/handlers/file_cache.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/unit/temporary_folder.h"
#include "tests/unit/until.h"

namespace basehttp {
namespace {

using basehttpd_test::TemporaryFolder;
using basehttpd_test::until;
using std::chrono::hours;
using std::chrono::milliseconds;

// A root with a cache over it. Files are given a time in the past.
struct Fixture {
    TemporaryFolder folder;
    MediaTypes types;
    FileSource source{FileRoot::open(folder.path()).value(), &types, "X-A: b\r\n", true};

    void write(const std::string& name, const std::string& text, std::time_t time = 1'000'000) const {
        folder.write(name, text);
        age(name, time);
    }
    void age(const std::string& name, std::time_t time) const {
        const timespec times[2] = {{time, 5}, {time, 5}};
        BOOST_TEST_REQUIRE(::utimensat(AT_FDCWD, folder.path(name).c_str(), times, 0) == 0);
    }
    // Until `name`, and what may stand for it, count as settled.
    void let_settle(const std::string& name) const {
        until([&] { return FileCache().find(source, name).value()->settled(); });
    }
};

FileCacheLimits with(milliseconds valid, std::size_t entries = 100, std::uint64_t bytes = 1 << 20) {
    return {.valid = valid, .entries = entries, .bytes = bytes, .descriptors = 100};
}

BOOST_FIXTURE_TEST_CASE(what_is_known_is_served_while_it_is_valid, Fixture) {
    write("a.txt", "one");
    FileCache cache(with(hours(1)));
    const auto first = cache.find(source, "a.txt").value();
    write("a.txt", "two!", 1'000'001);
    const auto second = cache.find(source, "a.txt").value();
    BOOST_TEST(first == second);
    BOOST_TEST(*second->plain.content() == "one");
    BOOST_TEST(cache.entries() == 1U);
}

BOOST_FIXTURE_TEST_CASE(past_that_it_is_looked_at_again, Fixture) {
    write("a.txt", "one");
    let_settle("a.txt");
    FileCache cache(with(milliseconds(0)));
    const auto first = cache.find(source, "a.txt").value();
    BOOST_TEST(cache.find(source, "a.txt").value() == first);  // the same state of the same file
    write("a.txt", "two", 1'000'001);
    const auto second = cache.find(source, "a.txt").value();
    BOOST_TEST(*second->plain.content() == "two");
    BOOST_TEST(first->plain.etag() != second->plain.etag());
    std::filesystem::remove(folder.path("a.txt"));
    BOOST_TEST(cache.find(source, "a.txt").error().code == ENOENT);
    BOOST_TEST(cache.entries() == 0U);
    BOOST_TEST(cache.bytes() == 0U);
    BOOST_TEST(*second->plain.content() == "two");  // for whoever is sending it still
}

BOOST_FIXTURE_TEST_CASE(a_file_changed_a_moment_ago_is_not_trusted, Fixture) {
    folder.write("a.txt", "one");
    FileCache cache(with(milliseconds(0)));
    const auto first = cache.find(source, "a.txt").value();
    const auto second = cache.find(source, "a.txt").value();
    BOOST_TEST(first != second);
}

// As tar and rsync leave it: nothing but its content and the time of its change tells of the second state.
BOOST_FIXTURE_TEST_CASE(neither_is_one_whose_time_was_set_back, Fixture) {
    write("a.txt", "one");
    FileCache cache(with(milliseconds(0)));
    const auto first = cache.find(source, "a.txt").value();
    write("a.txt", "two");
    const auto second = cache.find(source, "a.txt").value();
    BOOST_TEST(*second->plain.content() == "two");
    BOOST_TEST(first->plain.etag() != second->plain.etag());
}

BOOST_FIXTURE_TEST_CASE(a_file_replaced_by_a_link_that_leads_out, Fixture) {
    write("root/a.txt", "in");
    write("secret", "out");
    source.root = FileRoot::open(folder.path("root")).value();
    FileCache cache(with(milliseconds(0)));
    BOOST_TEST(cache.find(source, "a.txt").has_value());
    std::filesystem::remove(folder.path("root/a.txt"));
    std::filesystem::create_symlink("../secret", folder.path("root/a.txt"));
    BOOST_TEST(cache.find(source, "a.txt").error().code == EXDEV);
}

BOOST_FIXTURE_TEST_CASE(folders_and_others, Fixture) {
    write("sub/a.txt", "a");
    BOOST_TEST_REQUIRE(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);
    FileCache cache(with(hours(1)));
    BOOST_TEST(cache.find(source, "sub").error().code == EISDIR);
    BOOST_TEST(cache.find(source, "").error().code == EISDIR);
    BOOST_TEST(cache.find(source, "fifo").error().code == ENXIO);
    BOOST_TEST(cache.find(source, "none").error().code == ENOENT);
    BOOST_TEST(cache.find(source, "sub/", "a.txt").has_value());
    BOOST_TEST(cache.entries() == 1U);
}

BOOST_FIXTURE_TEST_CASE(without_descriptors_those_kept_are_given_up, Fixture) {
    for (int i = 0; i < 10; ++i)
        write("large" + std::to_string(i), std::string(140'000, 'x'));
    write("small", "x");
    folder.make_folder("sub");
    FileCache cache(with(hours(1)));
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(cache.find(source, "large", std::to_string(i)).has_value());
    rlimit before{};
    BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit none = before;
    none.rlim_cur = 0;
    BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    const auto refused = cache.find(source, "small");
    ::setrlimit(RLIMIT_NOFILE, &before);
    BOOST_TEST(refused.error().code == EMFILE);
    BOOST_TEST(cache.entries() == 0U);
    BOOST_TEST(cache.find(source, "large", "0").has_value());
    BOOST_TEST(cache.open_folder(source, "sub/").has_value());
    BOOST_TEST(cache.open_folder(source, "small").error().code == ENOTDIR);
}

BOOST_FIXTURE_TEST_CASE(bounded_in_entries, Fixture) {
    FileCache cache(with(hours(1), 2));
    for (const char* name : {"a", "b", "c"})
        write(name, name);
    const auto a = cache.find(source, "a").value();
    const auto b = cache.find(source, "b").value();
    BOOST_TEST(cache.find(source, "a").value() == a);
    BOOST_TEST(cache.find(source, "c").has_value());  // b was not asked for the longest
    BOOST_TEST(cache.entries() == 2U);
    BOOST_TEST(cache.find(source, "a").value() == a);
    BOOST_TEST(cache.find(source, "b").value() != b);
}

BOOST_FIXTURE_TEST_CASE(bounded_in_bytes_and_descriptors, Fixture) {
    FileCache cache({.valid = hours(1), .entries = 100, .bytes = 100'000, .descriptors = 2});
    for (int i = 0; i < 10; ++i) {
        write("small" + std::to_string(i), std::string(30'000, 'x'));
        write("large" + std::to_string(i), std::string(140'000, 'x'));
    }
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST(cache.find(source, "small", std::to_string(i)).has_value());
        BOOST_TEST(cache.bytes() <= 100'000U);
    }
    BOOST_TEST(cache.entries() == 3U);
    for (int i = 0; i < 10; ++i) {
        const auto large = cache.find(source, "large", std::to_string(i)).value();
        BOOST_TEST(!large->plain.content().has_value());
        BOOST_TEST(large->plain.descriptor() >= 0);
        BOOST_TEST(cache.descriptors() <= 2U);
    }
}

BOOST_FIXTURE_TEST_CASE(nothing_is_kept_where_nothing_may, Fixture) {
    write("a", "a");
    for (const FileCacheLimits& limits : {with(hours(1), 0), with(hours(1), 10, 0)}) {
        FileCache cache(limits);
        BOOST_TEST(*cache.find(source, "a").value()->plain.content() == "a");
        BOOST_TEST(cache.entries() == 0U);
    }
}

BOOST_FIXTURE_TEST_CASE(that_there_is_no_file_is_known_while_it_is_valid, Fixture) {
    folder.make_folder("sub");
    BOOST_TEST_REQUIRE(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);
    write("file", "x");
    FileCache cache(with(hours(1)));
    FileCache other(with(milliseconds(0)));
    struct Absence {
        const char* path;
        int code;
        bool known;
    };
    constexpr Absence kAbsences[]{
        {"none", ENOENT, true}, {"file/none", ENOTDIR, true}, {"sub", EISDIR, true}, {"fifo", ENXIO, false}};
    for (const auto& [path, code, known] : kAbsences) {
        BOOST_TEST(cache.find(source, path).error().code == code, path);
        BOOST_TEST(other.find(source, path).error().code == code, path);
    }
    BOOST_TEST(cache.absences() == 3U);
    BOOST_TEST(cache.entries() == 0U);
    BOOST_TEST(other.absences() == 0U);
    std::filesystem::remove(folder.path("file"));
    for (const auto& [path, code, known] : kAbsences) {
        std::filesystem::remove(folder.path(path));
        write(path, "now");
        BOOST_TEST(cache.find(source, path).has_value() == !known, path);
        BOOST_TEST(other.find(source, path).has_value(), path);
    }
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_gone_makes_room_for_its_absence, Fixture) {
    write("a", std::string(140'000, 'x'));
    FileCache cache(with(hours(1)));
    cache.find(source, "a").value()->stale = true;
    std::filesystem::remove(folder.path("a"));
    BOOST_TEST(cache.find(source, "a").error().code == ENOENT);
    BOOST_TEST(cache.entries() == 0U);
    BOOST_TEST(cache.absences() == 1U);
    BOOST_TEST(cache.descriptors() == 0U);
}

BOOST_FIXTURE_TEST_CASE(paths_without_a_file_take_little_room_from_files, Fixture) {
    constexpr std::size_t kEntries = 16;
    constexpr std::size_t kMostAbsences = 2;
    const std::string long_name(200, 'x');
    FileCache cache(with(hours(1), kEntries, 20'000));
    for (std::size_t i = 0; i < kEntries; ++i) {
        write(std::to_string(i), "x");
        BOOST_TEST(cache.find(source, std::to_string(i)).has_value());
    }
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(cache.find(source, long_name, std::to_string(i)).error().code == ENOENT);
        BOOST_TEST(cache.absences() <= kMostAbsences);
        BOOST_TEST(cache.bytes() <= 20'000U);
    }
    BOOST_TEST(cache.entries() == kEntries - kMostAbsences);
    write(long_name + "98", "x");
    BOOST_TEST(cache.find(source, long_name, "98").error().code == ENOENT);
    BOOST_TEST(cache.find(source, long_name, "97").error().code == ENOENT);  // looked for again, in the place of 99
    write(long_name + "99", "x");
    BOOST_TEST(cache.find(source, long_name, "99").has_value());
    for (const std::size_t entries : {0, 7}) {
        FileCache small(with(hours(1), entries));
        BOOST_TEST(small.find(source, "none").error().code == ENOENT);
        BOOST_TEST(small.absences() == 0U);
    }
}

BOOST_FIXTURE_TEST_CASE(sources_do_not_share, Fixture) {
    write("a", "a");
    MediaTypes other_types;
    const FileSource other{FileRoot::open(folder.path()).value(), &other_types, "", true};
    FileCache cache(with(hours(1)));
    BOOST_TEST(cache.find(source, "a").value() != cache.find(other, "a").value());
    BOOST_TEST(cache.entries() == 2U);
}

BOOST_FIXTURE_TEST_CASE(compressed_siblings, Fixture) {
    write("a.css", "plain");
    write("a.css.gz", "gzipped");
    write("a.css.zst", "zstandard");
    write("a.css.br", "too old", 999'999);
    let_settle("a.css");
    FileCache cache(with(milliseconds(0)));
    const auto file = cache.find(source, "a.css").value();
    BOOST_TEST_REQUIRE(file->encoded.size() == 2U);
    BOOST_TEST(file->encoded[0].coding() == "zstd");
    BOOST_TEST(file->encoded[1].coding() == "gzip");
    BOOST_TEST(*file->encoded[1].content() == "gzipped");
    BOOST_TEST(file->encoded[1].media_type() == "text/css; charset=utf-8");
    BOOST_TEST(file->encoded[1].etag() != file->plain.etag());
    BOOST_TEST(file->plain.whole_lines().contains("Vary: Accept-Encoding\r\n"));
    BOOST_TEST(!file->plain.whole_lines().contains("Content-Encoding"));
    BOOST_TEST(file->encoded[1].whole_lines().contains("Content-Encoding: gzip\r\n"));
    BOOST_TEST(cache.find(source, "a.css").value() == file);
    age("a.css.br", 1'000'000);
    BOOST_TEST(cache.find(source, "a.css").value()->encoded.size() == 3U);
    source.precompressed = false;
    BOOST_TEST(cache.find(source, "a.css").value()->encoded.empty());
}

BOOST_FIXTURE_TEST_CASE(field_lines, Fixture) {
    write("a.txt", "abc", 784'111'777);
    FileCache cache;
    const auto file = cache.find(source, "a.txt").value();
    const std::string etag(file->plain.etag());
    BOOST_TEST(etag.front() == '"');
    BOOST_TEST(file->plain.whole_lines() ==
               "Content-Type: text/plain; charset=utf-8\r\n"
               "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nAccept-Ranges: bytes\r\nETag: " +
                   etag + "\r\nX-A: b\r\nContent-Length: 3\r\n");
    BOOST_TEST(file->plain.not_modified_lines() == "ETag: " + etag + "\r\nX-A: b\r\n");
}

BOOST_FIXTURE_TEST_CASE(a_date_in_the_future_is_not_told, Fixture) {
    write("a.txt", "abc", 4'000'000'000);
    FileCache cache;
    const auto file = cache.find(source, "a.txt").value();
    BOOST_TEST(!file->plain.whole_lines().contains("Last-Modified"));
    BOOST_TEST(!file->plain.validators().last_modified.has_value());
}

}  // namespace
}  // namespace basehttp
