#include "basehttp/handlers/directory_listing.h"

#include <algorithm>

#include "basehttp/handlers/listing_json.h"
#include "basehttp/handlers/listing_page.h"
#include "basehttp/protocol/negotiation.h"

namespace basehttp {
namespace {

using std::chrono::microseconds;

// How long others wait for all listings together, and the least that one does before it lets others go on.
constexpr microseconds kTurn{4000};
constexpr microseconds kLeast{50};

// How much of a page is sent at once, and how many entries are written between two looks at the clock.
constexpr std::size_t kPiece = 32 * 1024;
constexpr int kAtOnce = 32;

}  // namespace

DirectoryListing::DirectoryListing(RequestHandler& handler, DirectoryEntries entries, ListingOrder order,
                                   const ListingTemplate* page)
    : handler_(handler),
      entries_(std::move(entries)),
      order_(order),
      own_page_(page),
      form_(prefers_json(handler.headers()) ? Form::json
            : page != nullptr               ? Form::own_page
                                            : Form::page) {}

microseconds DirectoryListing::slice() const {
    return std::max(kLeast, kTurn / static_cast<microseconds::rep>(entries_.listings()));
}

Task<IoResult<void>> DirectoryListing::read() {
    for (;;) {
        const auto more = entries_.read_some(slice());
        if (!more) co_return std::unexpected(more.error());
        if (!*more) co_return IoResult<void>{};
        const auto others = co_await handler_.give_way();
        if (!others) co_return IoResult<void>{};  // writing will fail in the same way
    }
}

// What the operator's page loads and runs is the operator's affair, and so is its policy.
void DirectoryListing::send_headers() {
    handler_.send_header("Content-Type", form_ == Form::json ? kListingJsonType : "text/html; charset=utf-8");
    handler_.send_header("Vary", "Accept");
    if (form_ == Form::page) handler_.send_header("Content-Security-Policy", kListingPolicy);
    handler_.send_header("X-Content-Type-Options", "nosniff");
}

Task<> DirectoryListing::send_content() {
    std::string piece;
    piece.reserve(kPiece + 1024);
    append_start(piece);
    while (append_some(piece)) {
        const auto sent = co_await handler_.write(piece);
        if (!sent) co_return;
        piece.clear();
        const auto others = co_await handler_.give_way();
        if (!others) co_return;
    }
    append_end(piece);
    [[maybe_unused]] const auto sent = co_await handler_.write(piece);
}

void DirectoryListing::append_start(std::string& piece) {
    switch (form_) {
        case Form::page:
            append_listing_start(piece, handler_.path(), order_);
            break;
        case Form::own_page:
            values_ = ListingTemplate::values(handler_.path(), order_, entries_);
            own_page_->append_start(piece, values_);
            break;
        case Form::json:
            append_json_listing_start(piece, handler_.path());
            break;
    }
}

void DirectoryListing::append_entry(std::string& piece, const DirectoryEntry& entry) {
    switch (form_) {
        case Form::page:
            append_listing_row(piece, entry);
            break;
        case Form::own_page:
            own_page_->append_entry(piece, values_, entry);
            break;
        case Form::json:
            append_json_listing_entry(piece, entry, first_);
            break;
    }
    first_ = false;
}

void DirectoryListing::append_end(std::string& piece) {
    switch (form_) {
        case Form::page:
            append_listing_end(piece, entries_);
            break;
        case Form::own_page:
            own_page_->append_end(piece, values_);
            break;
        case Form::json:
            append_json_listing_end(piece);
            break;
    }
}

// Fills `piece` with entries. False: there are no more.
bool DirectoryListing::append_some(std::string& piece) {
    const auto end = std::chrono::steady_clock::now() + slice();
    do {
        for (int i = 0; i < kAtOnce; ++i) {
            const auto entry = entries_.next();
            if (!entry) return false;
            append_entry(piece, *entry);
        }
    } while (piece.size() < kPiece && std::chrono::steady_clock::now() < end);
    return true;
}

}  // namespace basehttp
