// The validators of a file, and which other files may stand for it.
#include "basehttp/handlers/served_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/handlers/file_cache.h"
#include "tests/unit/temporary_folder.h"
#include "tests/unit/until.h"

namespace basehttp {
namespace {

using basehttpd_test::TemporaryFolder;
using basehttpd_test::until;

const std::string kLarge(200'000, 'x');  // more than is kept in memory

struct Fixture {
    TemporaryFolder folder;
    MediaTypes types;
    FileSource source{FileRoot::open(folder.path()).value(), &types, "", true};

    void write(const std::string& name, const std::string& text, timespec time) const {
        folder.write(name, text);
        const timespec times[2] = {time, time};
        BOOST_TEST_REQUIRE(::utimensat(AT_FDCWD, folder.path(name).c_str(), times, 0) == 0);
    }
    FileCache::File find(const std::string& name) const { return FileCache().find(source, name).value(); }
    std::string etag(const std::string& name) const { return std::string(find(name)->plain.etag()); }
};

timespec now_and(std::chrono::milliseconds offset) {
    const auto time = std::chrono::system_clock::now().time_since_epoch() + offset;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    return {seconds.count(), std::chrono::nanoseconds(time - seconds).count()};
}

BOOST_FIXTURE_TEST_CASE(replicas_have_the_same_etag, Fixture) {
    for (const std::string& content : {std::string("same bytes"), std::string(), kLarge}) {
        write("one", content, {1'700'000'000, 5});
        write("two", content, {1'700'000'000, 5});
        BOOST_TEST(etag("one") == etag("two"));
        write("two", content, {1'700'000'000, 6});
        BOOST_TEST(etag("one") != etag("two"));
        write("two", content + "y", {1'700'000'000, 5});
        BOOST_TEST(etag("one") != etag("two"));
    }
    write("one", "same size", {1'700'000'000, 5});
    write("two", "size same", {1'700'000'000, 5});
    BOOST_TEST(etag("one") != etag("two"));
}

BOOST_FIXTURE_TEST_CASE(a_young_large_file_has_its_inode_in_it, Fixture) {
    const timespec young = now_and(std::chrono::milliseconds(-500));
    write("one", kLarge, young);
    write("two", kLarge, young);
    BOOST_TEST(etag("one") != etag("two"));
    BOOST_TEST(etag("one").starts_with('"'));
    write("one", "small", young);
    write("two", "small", young);
    BOOST_TEST(etag("one") == etag("two"));  // its content says all
}

BOOST_FIXTURE_TEST_CASE(in_the_very_instant_it_is_weak, Fixture) {
    write("ahead", kLarge, now_and(std::chrono::milliseconds(10)));
    BOOST_TEST(etag("ahead").starts_with("W/\""));
    write("ahead", "small", now_and(std::chrono::milliseconds(10)));
    BOOST_TEST(etag("ahead").starts_with('"'));
}

BOOST_FIXTURE_TEST_CASE(the_tag_settles_however_long_a_cached_file_is_valid, Fixture) {
    FileCache cache({.valid = std::chrono::hours(1)});
    write("young", kLarge, now_and(std::chrono::milliseconds(-1000)));
    const auto first = cache.find(source, "young").value();
    BOOST_TEST(!first->settled());
    BOOST_TEST((cache.find(source, "young").value() == first));
    until([&] { return cache.find(source, "young").value()->settled(); });
    BOOST_TEST(cache.find(source, "young").value()->plain.etag() != first->plain.etag());
}

BOOST_FIXTURE_TEST_CASE(a_sibling_of_the_same_second_is_no_older, Fixture) {
    write("a.css", "plain", {1'700'000'000, 654'321'000});
    for (const char* name : {"a.css.br", "a.css.gz", "a.css.zst"})
        write(name, "coded", {1'700'000'000, 0});
    const auto file = find("a.css");
    BOOST_TEST(file->encoded.size() == 3U);
    BOOST_TEST(file->left_out.empty());
}

BOOST_FIXTURE_TEST_CASE(a_sibling_that_is_left_out_has_a_reason, Fixture) {
    write("a.css", "plain", {1'700'000'000, 0});
    write("a.css.br", "coded", {1'699'999'999, 999'999'999});
    folder.make_folder("a.css.zst");
    folder.link("a.css.gz", "/etc/hostname");
    const auto file = find("a.css");
    BOOST_TEST(file->encoded.empty());
    BOOST_TEST_REQUIRE(file->left_out.size() == 3U);
    BOOST_TEST(file->left_out[0] == "a.css.br is not served in place of a.css: it is older");
    BOOST_TEST(file->left_out[1] == "a.css.zst is not served in place of a.css: it is not a regular file");
    BOOST_TEST(file->left_out[2].starts_with("a.css.gz is not served in place of a.css: openat2: "));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_coded_by_its_nature, Fixture) {
    write("a.svgz", "gzipped", {1'700'000'000, 0});
    write("a.svgz.br", "both", {1'700'000'000, 0});
    const auto file = find("a.svgz");
    BOOST_TEST(file->plain.coding() == "gzip");
    BOOST_TEST(file->plain.whole_lines().contains("Content-Type: image/svg+xml\r\n"));
    BOOST_TEST(file->plain.common_lines().contains("Content-Encoding: gzip\r\n"));
    BOOST_TEST(file->encoded.empty());
    BOOST_TEST(file->left_out.empty());
}

}  // namespace
}  // namespace basehttp
