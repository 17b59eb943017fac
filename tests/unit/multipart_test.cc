#include "basehttp/protocol/multipart.h"

#include <optional>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace basehttp;
using namespace std::literals;

namespace {

struct Outcome {
    std::string events;  // `[name|filename|type]content.` for each part, `!` at the end
    std::optional<MultipartError> error;

    bool operator==(const Outcome&) const = default;
};

std::string describe_part(const MultipartPart& part) {
    return '[' + part.name + (part.filename ? '|' + *part.filename : "") +
           (part.content_type.empty() ? "" : "|" + part.content_type) + ']';
}

Outcome decode(const std::vector<std::string_view>& pieces, MultipartLimits limits) {
    MultipartDecoder decoder("XX", limits);
    Outcome outcome;
    using Kind = MultipartDecoder::Event::Kind;
    for (std::size_t fed = 0;;) {
        const auto event = decoder.next();
        if (!event) {
            outcome.error = event.error();
            return outcome;
        }
        if (event->kind == Kind::part) outcome.events += describe_part(decoder.part());
        outcome.events += event->content;
        if (event->kind == Kind::part_end) outcome.events += '.';
        if (event->kind == Kind::complete) {
            outcome.events += '!';
            return outcome;
        }
        if (event->kind != Kind::need_more) continue;
        if (fed == pieces.size()) decoder.finish();
        decoder.feed(fed == pieces.size() ? std::string_view{} : pieces[fed++]);
    }
}

struct Row {
    std::string_view name, bytes, events;
    std::optional<MultipartError> error = {};
    MultipartLimits limits = {};
};

#define FIELD "Content-Disposition: form-data; name=\"a\"\r\n\r\n"

const Row kRows[] = {
    {"one part", "--XX\r\n" FIELD "1\r\n--XX--\r\n", "[a]1.!"},
    {"two parts", "--XX\r\n" FIELD "1\r\n--XX\r\n" FIELD "2\r\n--XX--", "[a]1.[a]2.!"},
    {"a file",
     "--XX\r\nContent-Type: image/png\r\ncontent-disposition: Form-Data; Filename=\"b.png\"; name=a\r\nX: y\r\n\r\n\0\xff\r\n--XX--"sv,
     "[a|b.png|image/png]\0\xff.!"sv},
    {"an empty part", "--XX\r\n" FIELD "\r\n--XX--", "[a].!"},
    {"no part", "--XX--", "!"},
    {"a preamble and an epilogue", "hello\r\n--XX\r\n" FIELD "1\r\n--XX--\r\n--XX\r\nmore", "[a]1.!"},
    {"white space after a delimiter", "--XX \t\r\n" FIELD "1\r\n--XX --", "[a]1.!"},
    {"what looks like a delimiter", "--XX\r\n" FIELD "--XX\n--XX\r--XX\r\n-XX\r\n--X\r\n\r\n--XX--",
     "[a]--XX\n--XX\r--XX\r\n-XX\r\n--X\r\n.!"},
    {"an empty file name", "--XX\r\nContent-Disposition: form-data; name=\"\"; filename=\"\"\r\n\r\n1\r\n--XX--",
     "[|]1.!"},
    {"a longer boundary in the content", "--XX\r\n" FIELD "1\r\n--XXY\r\n--XX--", "[a]1.",
     MultipartError::bad_delimiter},
    {"nothing", "", "", MultipartError::cut_short},
    {"no delimiter", "a=1", "", MultipartError::cut_short},
    {"cut in the content", "--XX\r\n" FIELD "1\r\n--XX", "[a]1.", MultipartError::cut_short},
    {"cut in the fields", "--XX\r\nContent-Disp", "", MultipartError::cut_short},
    {"one hyphen at the end", "--XX-", "", MultipartError::cut_short},
    {"text after a delimiter", "--XX\r\n" FIELD "1\r\n--XX-x", "[a]1.", MultipartError::bad_delimiter},
    {"no fields", "--XX\r\n\r\n1\r\n--XX--", "", MultipartError::no_name},
    {"no name", "--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--", "", MultipartError::no_name},
    {"not form-data", "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XX--", "",
     MultipartError::no_name},
    {"bad parameters", "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XX--", "",
     MultipartError::no_name},
    {"two dispositions", "--XX\r\nContent-Disposition: form-data; name=a\r\n" FIELD "1\r\n--XX--", "",
     MultipartError::bad_fields},
    {"no colon", "--XX\r\nContent-Disposition\r\n\r\n1\r\n--XX--", "", MultipartError::bad_fields},
    {"a space before the colon", "--XX\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n--XX--", "",
     MultipartError::bad_fields},
    {"a control byte in a field", "--XX\r\nContent-Disposition: form-data; name=\"\x01\"\r\n\r\n1\r\n--XX--", "",
     MultipartError::bad_fields},
    {"as many parts as there may be", "--XX\r\n" FIELD "1\r\n--XX--", "[a]1.!", {}, {.parts = 1}},
    {"too many parts",
     "--XX\r\n" FIELD "1\r\n--XX\r\n" FIELD "2\r\n--XX--",
     "[a]1.",
     MultipartError::too_many_parts,
     {.parts = 1}},
    {"fields too large", "--XX\r\n" FIELD "1\r\n--XX--", "", MultipartError::fields_too_large, {.part_fields = 20}},
    {"fields that never end",
     "--XX\r\nX: yyyyyyyyyyyyyyyyyyyyyy",
     "",
     MultipartError::fields_too_large,
     {.part_fields = 20}},
};

}  // namespace

BOOST_AUTO_TEST_CASE(bodies_whole_split_at_each_byte_and_byte_by_byte) {
    for (const Row& row : kRows) {
        BOOST_TEST_CONTEXT(row.name) {
            const Outcome expected{std::string(row.events), row.error};
            const auto check = [&](const Outcome& outcome) {
                BOOST_TEST(outcome.events == expected.events);
                BOOST_TEST((outcome.error == expected.error));
            };
            check(decode({row.bytes}, row.limits));
            std::vector<std::string_view> bytes;
            for (std::size_t at = 0; at < row.bytes.size(); ++at) {
                check(decode({row.bytes.substr(0, at), row.bytes.substr(at)}, row.limits));
                bytes.push_back(row.bytes.substr(at, 1));
            }
            check(decode(bytes, row.limits));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_content_of_a_part_is_bounded) {
    const std::string body = "--XX\r\n" FIELD + std::string(100, 'c') + "\r\n--XX--";
    BOOST_TEST(!decode({body}, {.part_content = 100}).error.has_value());
    BOOST_TEST((decode({body}, {.part_content = 99}).error == MultipartError::content_too_large));
}

BOOST_AUTO_TEST_CASE(boundaries) {
    struct {
        std::string_view type;
        std::optional<std::string> boundary;
    } rows[]{
        {"multipart/form-data; boundary=abc", "abc"},
        {"Multipart/Form-Data; charset=utf-8; Boundary=\"a b?\"", "a b?"},
        {"multipart/form-data", {}},
        {"multipart/form-data; boundary=\"\"", {}},
        {"multipart/form-data; boundary=\"a \"", {}},
        {"multipart/form-data; boundary=\"a\xc3\xa9\"", {}},
        {"multipart/mixed; boundary=abc", {}},
        {"", {}},
    };
    for (const auto& row : rows)
        BOOST_TEST((multipart_boundary(row.type) == row.boundary), row.type);
    BOOST_TEST(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'x')).has_value());
    BOOST_TEST(!multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')).has_value());
}
