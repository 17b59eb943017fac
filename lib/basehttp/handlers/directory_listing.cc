#include "basehttp/handlers/directory_listing.h"

#include "basehttp/handlers/listing_json.h"
#include "basehttp/handlers/listing_page.h"
#include "basehttp/protocol/negotiation.h"

namespace basehttp {
namespace {

// How long others wait while a folder is read, and how much of a page is made at once: some milliseconds each.
constexpr std::chrono::milliseconds kSlice{4};
constexpr std::size_t kPiece = 32 * 1024;

}  // namespace

DirectoryListing::DirectoryListing(RequestHandler& handler, DirectoryEntries entries, ListingOrder order)
    : handler_(handler), entries_(std::move(entries)), order_(order), as_json_(prefers_json(handler.headers())) {}

Task<> DirectoryListing::send() {
    begin();
    if (handler_.command() == "HEAD") {
        [[maybe_unused]] const auto sent = co_await handler_.flush();
        co_return;
    }
    co_await read();
    std::string piece;
    piece.reserve(kPiece + 1024);
    if (as_json_) {
        append_json_listing_start(piece, handler_.path());
    } else {
        append_listing_start(piece, handler_.path(), order_);
    }
    while (append_some(piece)) {
        const auto sent = co_await handler_.write(piece);
        if (!sent) co_return;
        piece.clear();
        const auto others = co_await handler_.give_way();
        if (!others) co_return;
    }
    if (as_json_) {
        append_json_listing_end(piece);
    } else {
        append_listing_end(piece, entries_);
    }
    [[maybe_unused]] const auto sent = co_await handler_.write(piece);
}

void DirectoryListing::begin() {
    handler_.send_response(200);
    handler_.send_header("Content-Type", as_json_ ? kListingJsonType : "text/html; charset=utf-8");
    handler_.send_header("Vary", "Accept");
    if (!as_json_) handler_.send_header("Content-Security-Policy", kListingPolicy);
    handler_.send_header("X-Content-Type-Options", "nosniff");
    handler_.end_headers();
}

Task<> DirectoryListing::read() {
    while (entries_.read_some(kSlice)) {
        const auto others = co_await handler_.give_way();
        if (!others) co_return;
    }
}

// Fills `piece` with entries. False: there are no more.
bool DirectoryListing::append_some(std::string& piece) {
    while (piece.size() < kPiece) {
        const auto entry = entries_.next();
        if (!entry) return false;
        if (as_json_) {
            append_json_listing_entry(piece, *entry, first_);
        } else {
            append_listing_row(piece, *entry);
        }
        first_ = false;
    }
    return true;
}

}  // namespace basehttp
