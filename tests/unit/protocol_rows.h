// What the tables of the protocol's tests share: refusals that print as their message, and requests from text.
#pragma once

#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "basehttp/protocol/refusal.h"
#include "basehttp/protocol/request_parser.h"

namespace basehttp {

inline std::ostream& operator<<(std::ostream& out, Refusal refusal) {
    return out << describe(refusal).status << ' ' << describe(refusal).message;
}

/// A request whose head is known to be good, together with the bytes that its views point to.
struct ParsedRequest {
    explicit ParsedRequest(std::string_view request_line, std::string_view field_lines = {})
        : head(std::string(request_line) + "\r\n" + std::string(field_lines) + "\r\n") {
        const Limits limits;
        RequestParser parser(limits);
        const auto progress = parser.parse(head, request);
        if (!progress || *progress != ParseProgress::complete)
            throw std::logic_error("the row is no request: " + head);
    }
    ParsedRequest(const ParsedRequest&) = delete;
    ParsedRequest& operator=(const ParsedRequest&) = delete;

    std::string head;
    Request request;
};

}  // namespace basehttp
