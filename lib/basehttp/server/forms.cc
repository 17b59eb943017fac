#include "basehttp/server/forms.h"

#include <array>

#include "basehttp/protocol/parameters.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

using Kind = MultipartDecoder::Event::Kind;

Refusal refusal_for(MultipartError error) {
    switch (error) {
        case MultipartError::too_many_parts:
        case MultipartError::fields_too_large:
        case MultipartError::content_too_large:
            return Refusal::body_too_large;
        case MultipartError::bad_delimiter:
        case MultipartError::bad_fields:
        case MultipartError::no_name:
        case MultipartError::cut_short:
            break;
    }
    return Refusal::bad_form;
}

}  // namespace

FormPairs query_of(const Request& request) {
    return parse_urlencoded(request.target.query).value_or(FormPairs());
}

FormPairs cookies_of(const Request& request) {
    std::string all;
    request.fields.for_each(KnownField::cookie, [&all](std::string_view value) { (all += value) += ';'; });
    return parse_cookies(all).value_or(FormPairs());
}

Task<IoResult<FormPairs>> read_form(RequestHandler& handler, std::size_t limit) {
    const auto type = parse_parameters(handler.headers().find(KnownField::content_type).value_or(""));
    if (!type || !equals_ignoring_case(type->value, "application/x-www-form-urlencoded"))
        co_return handler.refuse_content(Refusal::not_a_form);
    const auto content = co_await handler.read_all(limit);
    if (!content) co_return std::unexpected(content.error());
    auto pairs = parse_urlencoded(*content);
    if (!pairs) co_return handler.refuse_content(Refusal::body_too_large);
    co_return std::move(*pairs);
}

MultipartReader::MultipartReader(RequestHandler& handler, MultipartLimits limits) : handler_(handler) {
    const auto boundary = multipart_boundary(handler.headers().find(KnownField::content_type).value_or(""));
    if (boundary) decoder_.emplace(*boundary, limits);
}

Task<IoResult<const MultipartPart*>> MultipartReader::next_part() {
    if (!decoder_) co_return handler_.refuse_content(Refusal::not_a_form);
    for (;;) {
        const auto event = co_await next_event();
        if (!event) co_return std::unexpected(event.error());
        in_part_ = event->kind == Kind::part || event->kind == Kind::content;
        if (event->kind == Kind::complete) co_return nullptr;
        if (event->kind == Kind::part) co_return &decoder_->part();
    }
}

Task<IoResult<std::string_view>> MultipartReader::read() {
    if (!in_part_) co_return std::string_view{};
    const auto event = co_await next_event();
    if (!event) co_return std::unexpected(event.error());
    in_part_ = event->kind == Kind::content;
    co_return event->content;
}

Task<IoResult<std::string>> MultipartReader::read_all(std::size_t limit) {
    std::string content;
    for (;;) {
        const auto some = co_await read();
        if (!some) co_return std::unexpected(some.error());
        if (some->empty()) co_return content;
        if (content.size() + some->size() > limit) co_return handler_.refuse_content(Refusal::body_too_large);
        content += *some;
    }
}

Task<IoResult<MultipartDecoder::Event>> MultipartReader::next_event() {
    std::array<char, 4096> piece;
    for (;;) {
        const auto event = decoder_->next();
        if (!event) co_return handler_.refuse_content(refusal_for(event.error()));
        if (event->kind != Kind::need_more) co_return *event;
        const auto got = co_await handler_.read(std::span(piece));
        if (!got) co_return std::unexpected(got.error());
        if (*got == 0) decoder_->finish();
        decoder_->feed({piece.data(), *got});
    }
}

}  // namespace basehttp
