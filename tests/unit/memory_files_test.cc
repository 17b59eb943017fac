#include "daemon/process/memory_files.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <string>

#include <boost/test/unit_test.hpp>

#include "daemon/process/anonymous_file.h"
#include "daemon/process/sealed_memory.h"

namespace basehttpd {
namespace {

using basehttp::UniqueFd;

constexpr std::size_t kSize = 4096;

// Plays the next instance's service manager: keeps copies.
struct Keeper {
    std::map<std::string, UniqueFd> kept;

    MemoryFiles::Keeper keeper() {
        return {.on_open = [this](const std::string& name, int file,
                                  bool) { kept[name] = UniqueFd(::fcntl(file, F_DUPFD_CLOEXEC, 3)); },
                .on_drop = [this](const std::string& name) { kept.erase(name); }};
    }
    MemoryFiles next() { return {std::move(kept), {}}; }
};

BOOST_FIXTURE_TEST_CASE(the_next_instance_finds_what_was_written, Keeper) {
    {
        MemoryFiles files({}, keeper());
        SealedMemory memory = SealedMemory::create(files, {"spam", kSize}).value();
        BOOST_TEST(!memory.left());
        memory.writable()[7] = std::byte{42};
    }
    MemoryFiles later = next();
    BOOST_TEST(later.has({{"spam", kSize}}));
    SealedMemory memory = SealedMemory::create(later, {"spam", kSize}).value();
    BOOST_TEST(memory.left());
    BOOST_TEST((memory.readable()[7] == std::byte{42}));
    memory.writable()[8] = std::byte{1};
    BOOST_TEST(later.left().empty());
}

BOOST_FIXTURE_TEST_CASE(all_or_none, Keeper) {
    MemoryFiles files({}, keeper());
    for (const char* name : {"eggs", "spam"})
        BOOST_TEST(files.open({name, kSize}).has_value());
    MemoryFiles later = next();
    BOOST_TEST(later.has({{"eggs", kSize}, {"spam", kSize}}));
    BOOST_TEST(!later.has({{"eggs", kSize}, {"spam", kSize}, {"ham", kSize}}));
    BOOST_TEST(!later.has({{"eggs", kSize}, {"spam", 2 * kSize}}));
}

BOOST_FIXTURE_TEST_CASE(a_file_of_another_size_is_replaced, Keeper) {
    MemoryFiles files({}, keeper());
    BOOST_TEST(files.open({"spam", kSize}).has_value());
    MemoryFiles later = next();
    const auto opened = later.open({"spam", 2 * kSize});
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(!opened->left);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_cannot_be_written_is_replaced, Keeper) {
    MemoryFiles files({}, keeper());
    const auto file = files.open({"spam", kSize}).value();
    BOOST_REQUIRE_EQUAL(::fcntl(file.file.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
    MemoryFiles later = next();
    BOOST_TEST(!later.has({{"spam", kSize}}));
    BOOST_TEST(SealedMemory::create(later, {"spam", kSize}).has_value());
}

BOOST_FIXTURE_TEST_CASE(what_is_dropped_is_kept_no_longer, Keeper) {
    MemoryFiles source({}, keeper());
    for (const char* name : {"eggs", "ham", "spam"})
        BOOST_TEST(source.open({name, kSize}).has_value());
    std::map<std::string, UniqueFd> passed;
    for (const auto& [name, file] : kept)
        passed.emplace(name, UniqueFd(::fcntl(file.get(), F_DUPFD_CLOEXEC, 3)));
    MemoryFiles later(std::move(passed), keeper());
    BOOST_TEST(later.open({"ham", kSize})->left);
    later.drop("eggs");
    BOOST_TEST(kept.size() == 2U);
    later.drop_left();
    BOOST_TEST(kept.size() == 1U);
    BOOST_TEST(kept.contains("ham"));
    later.drop_all();
    BOOST_TEST(kept.empty());
}

}  // namespace
}  // namespace basehttpd
