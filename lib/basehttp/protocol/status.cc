#include "basehttp/protocol/status.h"

#include <algorithm>
#include <array>

namespace basehttp {
namespace {

// IANA "HTTP Status Code Registry"; phrases as in RFC 9110, section 15, and the RFCs of the extensions.
constexpr auto kStatuses = std::to_array<StatusInfo>({
    {100, "Continue", "The head was accepted; send the content now"},
    {101, "Switching Protocols", "The connection goes on in the protocol named by Upgrade"},
    {102, "Processing", "The request is being worked on; no answer yet"},
    {103, "Early Hints", "Fields that the final response is likely to have"},
    {200, "OK", "The request succeeded; the content follows"},
    {201, "Created", "A new resource was made; its address follows"},
    {202, "Accepted", "The request was taken and will be worked on later"},
    {203, "Non-Authoritative Information", "The content was changed on its way by a proxy"},
    {204, "No Content", "The request succeeded; there is nothing to send"},
    {205, "Reset Content", "The request succeeded; clear the form it came from"},
    {206, "Partial Content", "Only the part that was asked for follows"},
    {207, "Multi-Status", "Several results follow, each with its own status"},
    {208, "Already Reported", "These members were listed before"},
    {226, "IM Used", "The content is the result of the changes asked for"},
    {300, "Multiple Choices", "There are several versions; choose one of those listed"},
    {301, "Moved Permanently", "The resource has a new address for good; see Location"},
    {302, "Found", "The resource is at another address for now; see Location"},
    {303, "See Other", "The answer is at another address, to be had with GET; see Location"},
    {304, "Not Modified", "The copy that the client has is still good"},
    {305, "Use Proxy", "The resource is to be asked for through a proxy; see Location"},
    {307, "Temporary Redirect", "The resource is at another address for now, same method; see Location"},
    {308, "Permanent Redirect", "The resource has a new address for good, same method; see Location"},
    {400, "Bad Request", "The request breaks the grammar of HTTP, so that the server will not guess its meaning"},
    {401, "Unauthorized", "This needs credentials; WWW-Authenticate says of which kind"},
    {402, "Payment Required", "This is not free of charge"},
    {403, "Forbidden", "The server knows what is asked for and will not give it; credentials do not change that"},
    {404, "Not Found", "There is nothing at this address"},
    {405, "Method Not Allowed",
     "The resource exists, but this method does not work on it; Allow lists those that do"},
    {406, "Not Acceptable", "There is no version of this that the client accepts"},
    {407, "Proxy Authentication Required", "The proxy needs credentials first"},
    {408, "Request Timeout", "The request did not arrive in full within the time that the server waits"},
    {409, "Conflict", "The request does not fit the state that the resource is in"},
    {410, "Gone", "The resource was removed for good"},
    {411, "Length Required", "The request must say how long its content is, with Content-Length"},
    {412, "Precondition Failed", "A condition in the request's fields does not hold"},
    {413, "Content Too Large", "The content of the request is larger than the server takes"},
    {414, "URI Too Long", "The request line is longer than the server takes"},
    {415, "Unsupported Media Type", "The content is in a form that this resource does not take"},
    {416, "Range Not Satisfiable", "None of the ranges asked for lies within the resource"},
    {417, "Expectation Failed", "The server does not do what the Expect field asks for"},
    {418, "(Unused)", "This code is reserved and has no meaning"},
    {421, "Misdirected Request", "This server does not answer for the host that was asked for"},
    {422, "Unprocessable Content", "The content was understood, but what it asks for cannot be done"},
    {423, "Locked", "The resource is locked"},
    {424, "Failed Dependency", "Another action that this one needed has failed"},
    {425, "Too Early", "The request might be a replay; send it again once the handshake is done"},
    {426, "Upgrade Required", "The server takes this request only in the protocol named by Upgrade"},
    {428, "Precondition Required", "The request must be conditional, so that no change of others is lost"},
    {429, "Too Many Requests", "This client has sent too many requests in a short time"},
    {431, "Request Header Fields Too Large",
     "The field lines of the request are more or longer than the server takes"},
    {451, "Unavailable For Legal Reasons", "The law keeps the server from giving this"},
    {500, "Internal Server Error", "The server failed at this request; its error log says why"},
    {501, "Not Implemented", "The server does not know this method or coding"},
    {502, "Bad Gateway", "The program behind the server gave an answer that makes no sense"},
    {503, "Service Unavailable", "The server cannot do this now; try again later"},
    {504, "Gateway Timeout", "The program behind the server did not answer in time"},
    {505, "HTTP Version Not Supported", "The server speaks HTTP/1.0 and HTTP/1.1"},
    {506, "Variant Also Negotiates", "The server's choice of versions goes round in a circle"},
    {507, "Insufficient Storage", "There is no room to store what the request needs"},
    {508, "Loop Detected", "The request leads into an endless loop"},
    {510, "Not Extended", "The request lacks an extension that the server needs"},
    {511, "Network Authentication Required", "The network wants a login before it lets requests through"},
});

static_assert(std::ranges::is_sorted(kStatuses, {}, &StatusInfo::code));

}  // namespace

const StatusInfo* find_status(int code) {
    const auto* row = std::ranges::lower_bound(kStatuses, code, {}, &StatusInfo::code);
    return row != kStatuses.end() && row->code == code ? row : nullptr;
}

std::span<const StatusInfo> all_statuses() {
    return kStatuses;
}

}  // namespace basehttp
