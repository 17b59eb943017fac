// Hashes of passwords, the files that hold them, and what is remembered of those that were right.
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/passwords/apr1.h"
#include "daemon/passwords/keyed_digest.h"
#include "daemon/passwords/md5.h"
#include "daemon/passwords/password_file.h"
#include "daemon/passwords/password_hash.h"
#include "daemon/worker/remembered_logins.h"

namespace basehttpd {
namespace {

using namespace std::string_literals;

std::string hex(const Md5& digest) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xfU];
    }
    return text;
}

// RFC 1321, appendix A.5, and the lengths around a block's.
BOOST_AUTO_TEST_CASE(md5_of_texts) {
    BOOST_TEST(hex(md5("")) == "d41d8cd98f00b204e9800998ecf8427e");
    BOOST_TEST(hex(md5("abc")) == "900150983cd24fb0d6963f7d28e17f72");
    BOOST_TEST(hex(md5("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")) ==
               "d174ab98d277d9f5a5611c2c9f419d9f");
    BOOST_TEST(hex(md5("1234567890123456789012345678901234567890123456789012345678901234567890123456789"
                       "0")) == "57edf4a22be3c955ac49da2e2107b67a");
    BOOST_TEST(hex(md5(std::string(55, 'a'))) == "ef1772b6dff9a122358552954ad0df65");
    BOOST_TEST(hex(md5(std::string(56, 'a'))) == "3b0c8ac703f828b04c6c197006d17218");
    BOOST_TEST(hex(md5(std::string(64, 'a'))) == "014842d480b571495a4a0363793f7367");
}

// By openssl passwd -apr1.
BOOST_AUTO_TEST_CASE(apr1) {
    for (const auto& [password, hash] : std::vector<std::pair<std::string, std::string>>{
             {"myPassword", "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/"},
             {"", "$apr1$abcdefgh$L.PT565ESX4Tp2bqNs7Ie."},
             {std::string(100, 'a'), "$apr1$xy$rv9nfFET.YDGjBMhaG40z/"},
             {"p\xc3\xa4ssw\xc3\xb6rd", "$apr1$12345678$0NJU6izOW5MGH4BL2C/sK/"}}) {
        BOOST_TEST(apr1_hash(password, hash) == hash);
        BOOST_TEST(is_password_of(password, hash));
        BOOST_TEST(!is_password_of(password + "x", hash));
    }
}

const std::vector<std::string> kOfSpam{
    "$apr1$r31.....$PlaceForTheHashOfSpam.",  // made below
    "$y$j75$saltsalt$4MI6XNRjLdJ1DhGM9RS15UU960OKtYlNoL8YSGDtj35",
    "$2b$04$abcdefghijklmnopqrstuu/uVliu/HpJmFl/OvSzmm7Eth.TrIxjm",
    "$2y$04$abcdefghijklmnopqrstuu/uVliu/HpJmFl/OvSzmm7Eth.TrIxjm",
    "$6$rounds=1000$salt$Ml03lHAiteYoj6h9g9uNpd8hk2qOWAo8Mc.nBrmIzvB8Tc327NL43r2MZha68DLqo/MAeX1EQkszgA8CqUBsh1",
    "$5$rounds=1000$salt$eFCS2nKJb8NXTDq34m6uiQHRTrdye47qd149joyyun7",
};

BOOST_AUTO_TEST_CASE(hashes_that_are_understood) {
    for (std::string hash : kOfSpam) {
        if (hash.starts_with(kApr1)) hash = apr1_hash("spam", hash);
        BOOST_TEST(is_understood_hash(hash), hash);
        BOOST_TEST(is_password_of("spam", hash), hash);
        BOOST_TEST(!is_password_of("eggs", hash), hash);
        BOOST_TEST(!is_password_of("", hash), hash);
        BOOST_TEST(!is_password_of("spam", hash.substr(0, hash.size() - 1)), hash);
    }
    for (const std::string hash :
         {"", "spam", "*", "!", "x", "ab1234567890.", "$1$abc$aEFXr6p1rZtkadgLyfLTC0",
          "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "$apr1$x", "$apr1$123456789$0NJU6izOW5MGH4BL2C/sK/", "$6$", "$6$salt$",
          "$y$j75$saltsalt$", "$2y$04$", "$3$$8846f7eaee8fb117ad06bdd830b7586c"})
        BOOST_TEST(!is_understood_hash(hash), hash);
    const auto made = hash_password("spam");
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->starts_with("$y$"));
    BOOST_TEST(is_understood_hash(*made));
    BOOST_TEST(is_password_of("spam", *made));
    BOOST_TEST(*made != hash_password("spam").value());
    BOOST_TEST(!is_password_of(std::string(kLongestPassword + 1, 'a'), *made));
}

BOOST_AUTO_TEST_CASE(files) {
    const std::string& hash = kOfSpam[3];
    const PasswordFile file("# staff\n\nanna:" + hash + "\r\nbert:" + hash + ":Bert\nanna:" + kOfSpam[4] +
                            "\nj\xc3\xbcrg:" + hash);
    BOOST_TEST(file.problems().empty());
    BOOST_TEST(*file.hash_of("anna") == hash);
    BOOST_TEST(*file.hash_of("bert") == hash);
    BOOST_TEST(*file.hash_of("j\xc3\xbcrg") == hash);
    for (const char* nobody : {"", "ann", "annab", "ANNA", "# staff"})
        BOOST_TEST(file.hash_of(nobody) == nullptr);
    BOOST_TEST(file.some_hash(0) != nullptr);
    BOOST_TEST(file.some_hash(7) == file.some_hash(7));
    BOOST_TEST(PasswordFile("").some_hash(1) == nullptr);
}

BOOST_AUTO_TEST_CASE(lines_that_are_wrong) {
    const PasswordFile file("anna\n:" + kOfSpam[3] +
                            "\nbert:secret\nfritz:$1$abc$aEFXr6p1rZtkadgLyfLTC0\na\x01:" + kOfSpam[3]);
    std::vector<int> lines;
    for (const PasswordProblem& problem : file.problems()) {
        lines.push_back(problem.line);
        BOOST_TEST(!problem.message.contains("secret"));
    }
    BOOST_TEST(lines == (std::vector<int>{1, 2, 3, 4, 5}), boost::test_tools::per_element());
    BOOST_TEST(file.problems()[2].message.contains("'bert'"));
    BOOST_TEST(file.hash_of("bert") == nullptr);
}

BOOST_AUTO_TEST_CASE(written_anew) {
    BOOST_TEST(with_password("", "anna", "H") == "anna:H\n");
    BOOST_TEST(with_password("# x\nanna:A:more\nbert:B", "anna", "H") == "# x\nanna:H\nbert:B\n");
    BOOST_TEST(with_password("anna:A\nbert:B\nanna:C\n", "anna", "H") == "anna:H\nbert:B\n");
    BOOST_TEST(with_password("annabel:A\n", "anna", "H") == "annabel:A\nanna:H\n");
    BOOST_TEST(with_password("anna:A\nbert:B\n", "anna", "") == "bert:B\n");
}

BOOST_AUTO_TEST_CASE(names) {
    for (const char* good : {"a", "anna@example.org", "J\xc3\xbcrg", "a b"})
        BOOST_TEST(is_user_name(good));
    for (const std::string& bad : {""s, "a:b"s, "#a"s, "a\n"s, "a\x7f"s, "\xff"s, std::string(256, 'a')})
        BOOST_TEST(!is_user_name(bad));
}

// The paper's own example, of 64 bits, has no 128; these are of the reference implementation's vectors_sip128.
BOOST_AUTO_TEST_CASE(digests) {
    const KeyedDigest digest({0x0706050403020100, 0x0f0e0d0c0b0a0908});
    std::string text;
    BOOST_TEST((digest(text) == KeyedDigest::Digest{0xe6a825ba047f81a3, 0x930255c71472f66d}));
    text = "\0"s;
    BOOST_TEST((digest(text) == KeyedDigest::Digest{0x44af996bd8c187da, 0x45fc229b11597634}));
    BOOST_TEST((KeyedDigest()("a") != KeyedDigest()("a")));
}

BOOST_AUTO_TEST_CASE(logins_are_remembered_for_a_while) {
    RememberedLogins logins;
    const RememberedLogins::Time start{};
    const auto anna = logins.digest_of("anna", "spam");
    BOOST_TEST(!logins.knows(anna, start));
    logins.add(anna, start);
    BOOST_TEST(logins.knows(anna, start + RememberedLogins::kTime - std::chrono::seconds(1)));
    BOOST_TEST(!logins.knows(anna, start + RememberedLogins::kTime));
    BOOST_TEST(!logins.knows(logins.digest_of("anna", "eggs"), start));
    BOOST_TEST(!logins.knows(logins.digest_of("ann", "aspam"), start));
    logins.clear();
    BOOST_TEST(!logins.knows(anna, start));
}

BOOST_AUTO_TEST_CASE(few_logins_are_remembered) {
    RememberedLogins logins;
    const auto of = [&logins](std::size_t number) { return logins.digest_of("anna", std::to_string(number)); };
    for (std::size_t i = 0; i < RememberedLogins::kMost; ++i)
        logins.add(of(i), {});
    logins.add(of(0), {});
    logins.add(of(RememberedLogins::kMost), {});
    BOOST_TEST(logins.knows(of(0), {}));
    BOOST_TEST(!logins.knows(of(1), {}));
    BOOST_TEST(logins.knows(of(2), {}));
}

}  // namespace
}  // namespace basehttpd
