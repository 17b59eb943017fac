#include "daemon/ctl/logs/counts/heavy_hitters.h"

#include <algorithm>

namespace basehttpd {
namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kLongestText = 1024;

}  // namespace

HeavyHitters::HeavyHitters(Bounds bounds) : bounds_(bounds), table_(kFirstSlots) {}

void HeavyHitters::add(std::string_view text, std::uint64_t weight) {
    text = text.substr(0, kLongestText);
    const std::uint64_t hash = hash_(text);
    std::size_t at = find(hash, text);
    if (table_[at].count == 0) {
        if (used_ >= bounds_.entries || texts_.size() + text.size() > bounds_.bytes) forget_rarest();
        if (2 * (used_ + 1) > table_.size()) rebuild(2 * table_.size(), 0);
        at = find(hash, text);
        table_[at] = {hash, 0, 0, static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(text.size())};
        texts_ += text;
        ++used_;
    }
    ++table_[at].count;
    table_[at].weight += weight;
}

// Where the text is, or the free slot where it belongs.
std::size_t HeavyHitters::find(std::uint64_t hash, std::string_view text) const {
    const std::size_t mask = table_.size() - 1;
    std::size_t at = hash & mask;
    while (table_[at].count != 0 && (table_[at].hash != hash || text_of(table_[at]) != text))
        at = (at + 1) & mask;
    return at;
}

void HeavyHitters::forget_rarest() {
    std::vector<std::uint64_t> counts;
    for (const Entry& entry : table_) {
        if (entry.count != 0) counts.push_back(entry.count);
    }
    const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
    std::ranges::nth_element(counts, middle);
    error_ += *middle;
    rebuild(table_.size(), *middle);
}

void HeavyHitters::rebuild(std::size_t slots, std::uint64_t taken_off) {
    std::vector<Entry> old(slots);
    std::swap(old, table_);
    std::string texts;
    std::swap(texts, texts_);
    used_ = 0;
    for (Entry entry : old) {
        if (entry.count <= taken_off) continue;
        const std::string_view text(texts.data() + entry.offset, entry.size);
        const std::size_t at = find(entry.hash, text);
        entry.count -= taken_off;
        entry.offset = static_cast<std::uint32_t>(texts_.size());
        texts_ += text;
        table_[at] = entry;
        ++used_;
    }
}

std::vector<HeavyHitters::Hit> HeavyHitters::top(std::size_t count) const {
    std::vector<Hit> hits;
    for (const Entry& entry : table_) {
        if (entry.count != 0) hits.push_back({text_of(entry), entry.count, entry.weight});
    }
    const auto more = [](const Hit& a, const Hit& b) {
        return a.count != b.count ? a.count > b.count : a.text < b.text;
    };
    const std::size_t kept = std::min(count, hits.size());
    std::ranges::partial_sort(hits, hits.begin() + static_cast<std::ptrdiff_t>(kept), more);
    hits.resize(kept);
    return hits;
}

}  // namespace basehttpd
