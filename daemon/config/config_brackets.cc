#include "daemon/config/config_brackets.h"

#include <algorithm>
#include <vector>

namespace basehttpd {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class BracketScan {
  public:
    explicit BracketScan(std::string_view text) : text_(text) {
        while (at_ < text_.size())
            step();
    }

    const std::vector<std::size_t>& open() const { return open_; }

    // Those that a bracket of the other kind closed over, and those still open at the end.
    std::vector<std::size_t> unclosed() const {
        std::vector<std::size_t> all = skipped_;
        all.insert(all.end(), open_.begin(), open_.end());
        std::ranges::sort(all);
        return all;
    }

  private:
    void step() {
        const char c = text_[at_];
        const bool after_blank = at_ == 0 || is_blank(text_[at_ - 1]);
        if (c == '#' && after_blank) return skip_to_end_of_line();
        if (value_may_begin_ && (c == '"' || c == '\'')) return skip_quoted(c);
        if ((c == '[' || c == '{') && (value_may_begin_ || !open_.empty())) {
            open_.push_back(at_);
        } else if ((c == ']' || c == '}') && !open_.empty()) {
            close(c == ']' ? '[' : '{');
        }
        note_what_may_follow(c);
        ++at_;
    }

    // A value begins after a line break, after ": " and "- ", and after what separates items.
    void note_what_may_follow(char c) {
        const bool separates = !open_.empty() && (c == ',' || c == '[' || c == '{');
        const bool indicates = (c == ':' || c == '-') && at_ + 1 < text_.size() && is_blank(text_[at_ + 1]);
        if (c == '\n' || separates || indicates) {
            value_may_begin_ = true;
        } else if (!is_blank(c)) {
            value_may_begin_ = false;
        }
    }

    void skip_to_end_of_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }

    void skip_quoted(char quote) {
        for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
            if (quote == '"' && text_[at_] == '\\') ++at_;
        }
        at_ = std::min(at_ + 1, text_.size());
        value_may_begin_ = at_ < text_.size() && text_[at_] == '\'' && quote == '\'';  // '' within quotes
    }

    void close(char opening) {
        const auto same = [&](std::size_t offset) { return text_[offset] == opening; };
        const auto found = std::find_if(open_.rbegin(), open_.rend(), same);
        if (found == open_.rend()) return;
        skipped_.insert(skipped_.end(), found.base(), open_.end());
        open_.erase(found.base() - 1, open_.end());
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool value_may_begin_ = true;
    std::vector<std::size_t> open_;
    std::vector<std::size_t> skipped_;
};

}  // namespace

std::optional<std::size_t> find_unclosed_bracket(std::string_view text, std::size_t place) {
    const std::vector<std::size_t> unclosed = BracketScan(text).unclosed();
    const auto after = std::ranges::lower_bound(unclosed, place);
    if (after == unclosed.begin()) return std::nullopt;
    return *std::prev(after);
}

bool is_in_brackets(std::string_view text, std::size_t place) {
    return !BracketScan(text.substr(0, std::min(place, text.size()))).open().empty();
}

}  // namespace basehttpd
