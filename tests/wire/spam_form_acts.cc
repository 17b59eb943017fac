// Handlers that read forms.
#include <string>

#include "basehttp/server/forms.h"
#include "tests/wire/spam_acts.h"

namespace wire {
namespace {

using basehttp::Task;

std::string text_of(const basehttp::FormPairs& pairs) {
    std::string text;
    for (const basehttp::FormPair& pair : pairs)
        ((text += pair.name) += '=').append(pair.value).append(";");
    return text;
}

Task<> form(Spam& h) {
    const auto pairs = co_await basehttp::read_form(h, 100);
    if (pairs) co_await answer(h, text_of(*pairs));
}

Task<> query_and_cookies(Spam& h) {
    co_await answer(h, text_of(basehttp::query_of(h.request())) + '|' + text_of(basehttp::cookies_of(h.request())));
}

Task<> upload(Spam& h) {
    basehttp::MultipartReader reader(h, {.parts = 3});
    std::string text;
    for (;;) {
        const auto part = co_await reader.next_part();
        if (!part) co_return;
        if (*part == nullptr) break;
        text += (*part)->name + '=';
        if ((*part)->name == "skipped") continue;
        const auto content = co_await reader.read_all(20);
        if (!content) co_return;
        text += *content + ';';
    }
    co_await answer(h, text);
}

}  // namespace

std::span<const Act> form_acts() {
    static constexpr auto kActs = std::to_array<Act>({
        {"/form", form},
        {"/query-and-cookies", query_and_cookies},
        {"/upload", upload},
    });
    return kActs;
}

}  // namespace wire
