// What StaticFiles answers for a directory: its index, its listing, or another address. See static_files.h.
#include "basehttp/handlers/directory_listing.h"
#include "basehttp/handlers/static_files.h"

namespace basehttp {

Task<> StaticFiles::answer_folder() {
    for (const std::string& name : options_->settings.index) {
        const auto found = find_file(name);
        if (!found && (found.error().code == ENOENT || found.error().code == EISDIR)) {
            log_absent_index(name);
            continue;
        }
        name_ = name;
        if (found) return answer_file();
        refuse(found.error());
        return {};
    }
    return list_folder();
}

void StaticFiles::log_absent_index(std::string_view name) {
    if (logs(Severity::debug))
        log_message(Severity::debug, "index {}: not found, directory {}, request \"{}\"", name, file_name(),
                    request().line);
}

// A directory whose address has no slash: with its index, if it has one.
Task<> StaticFiles::answer_folder_without_slash() {
    const bool slash = path().ends_with('/');
    if (relative_path().empty()) return answer_path();
    directory_ = relative_path();
    if (!slash) directory_ += '/';
    instead_ = directory_;
    for (const std::string& name : options_->settings.index) {
        if (!find_file(name)) continue;
        name_ = name;
        if (!slash) return answer_file();
        redirect_without_slash();
        return {};
    }
    instead_ = {};
    return answer_path();
}

Task<> StaticFiles::list_folder() {
    auto folder = options_->cache->open_folder(options_->source, relative_path());
    if (!folder) {
        refuse(folder.error());
        co_return;
    }
    if (!options_->settings.listing) {
        constexpr std::string_view kMessage = "This directory has no index and is not listed";
        if (logs(Severity::info))
            log_message(Severity::info, "code 403, message {}, directory {}, request \"{}\"", kMessage, file_name(),
                        request().line);
        send_status_page(403, kMessage);
        co_return;
    }
    const auto order = ListingOrder::from_query(request().target.query);
    auto entries =
        DirectoryEntries::open(std::move(folder->fd), options_->source.root, std::string(relative_path()),
                               {.order = order, .hidden = options_->settings.hidden_files}, *options_->listings);
    if (!entries) {
        refuse(entries.error());
        co_return;
    }
    DirectoryListing listing(*this, *std::move(entries), order, options_->listing_page);
    if (command() != "HEAD") {
        const auto read = co_await listing.read();
        if (!read) {
            refuse(read.error());
            co_return;
        }
    }
    send_response(200);
    listing.send_headers();
    end_headers();
    if (command() != "HEAD") co_await listing.send_content();
}

}  // namespace basehttp
