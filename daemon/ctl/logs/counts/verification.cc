#include "daemon/ctl/logs/counts/verification.h"

#include <iterator>

#include <fmt/format.h>

#include "basehttp/text/json.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::size_t kMostFindings = 10;
constexpr std::size_t kMostGaps = 20;

std::string_view plural(std::uint64_t count) {
    return count == 1 ? "" : "s";
}

}  // namespace

void Verification::begin_log() {
    for (auto& [key, slot] : slots_)
        slot.last = 0;
}

void Verification::add(const LogRecord& record, std::string_view file, std::uint64_t line) {
    ++lines_;
    if (!record.serial || *record.serial < 0) return;
    ++numbered_;
    const std::int64_t worker = record.worker.value_or(0);
    if (last_slot_ == nullptr || worker != last_worker_ || record.run != last_run_) {
        last_run_ = record.run;
        last_worker_ = worker;
        last_slot_ = &slots_[{last_run_, worker}];
    }
    Slot& slot = *last_slot_;
    const std::int64_t serial = *record.serial;
    if (!insert(slot, serial)) {
        ++doubled_;
        tell(fmt::format("worker {}, serial {}: it is there already", worker, serial), file, line);
    } else if (serial < slot.last) {
        ++misplaced_;
        tell(fmt::format("worker {}, serial {}: it comes after {}", worker, serial, slot.last), file, line);
    }
    slot.last = std::max(slot.last, serial);
}

void Verification::add_torn(std::string_view file, std::uint64_t line) {
    ++torn_;
    tell("torn, or not a line of this log", file, line);
}

// False where the serial is there already.
bool Verification::insert(Slot& slot, std::int64_t serial) {
    auto after = slot.seen.upper_bound(serial);
    if (after != slot.seen.begin()) {
        const auto before = std::prev(after);
        if (serial <= before->second) return false;
        if (serial == before->second + 1) {
            before->second = serial;
            if (after != slot.seen.end() && after->first == serial + 1) {
                before->second = after->second;
                slot.seen.erase(after);
            }
            return true;
        }
    }
    std::int64_t last = serial;
    if (after != slot.seen.end() && after->first == serial + 1) {
        last = after->second;
        slot.seen.erase(after);
    }
    slot.seen.emplace(serial, last);
    return true;
}

void Verification::tell(std::string what, std::string_view file, std::uint64_t line) {
    if (findings_.size() == kMostFindings) return;
    findings_.push_back(fmt::format("{}:{}: {}", escape_unprintable(file), line, what));
}

std::vector<Verification::Gap> Verification::gaps() const {
    std::vector<Gap> gaps;
    for (const auto& [key, slot] : slots_) {
        for (auto range = slot.seen.begin(); range != slot.seen.end(); ++range) {
            const auto next = std::next(range);
            if (next != slot.seen.end()) gaps.push_back({key.first, key.second, range->second + 1, next->first - 1});
        }
    }
    return gaps;
}

std::uint64_t Verification::missing() const {
    std::uint64_t sum = 0;
    for (const Gap& gap : gaps())
        sum += static_cast<std::uint64_t>(gap.last - gap.first + 1);
    return sum;
}

std::string Verification::text() const {
    if (lines_ > 0 && numbered_ == 0) return unnumbered_text();
    std::string out = fmt::format("{} line{}, {} missing, {} doubled, {} torn, {} out of order\n", lines_ + torn_,
                                  plural(lines_ + torn_), missing(), doubled_, torn_, misplaced_);
    if (numbered_ < lines_) {
        out += fmt::format("{} line{} without a serial number: none can be missed among them\n", lines_ - numbered_,
                           plural(lines_ - numbered_));
    }
    return out + gaps_text() + findings_text();
}

// Where no line has a number, nothing but torn lines can be found.
std::string Verification::unnumbered_text() const {
    return fmt::format(
               "{} line{}, {} torn; no line has a serial number, so missing, doubled and misplaced lines cannot be "
               "found: 'format: json' writes the numbers\n",
               lines_ + torn_, plural(lines_ + torn_), torn_) +
           findings_text();
}

std::string Verification::gaps_text() const {
    std::string out;
    std::size_t told = 0;
    const std::vector<Gap> all = gaps();
    for (const Gap& gap : all) {
        if (told++ == kMostGaps) {
            out += fmt::format("  and {} more gaps\n", all.size() - kMostGaps);
            break;
        }
        const std::string run = escape_unprintable(gap.run);
        const std::string serials = gap.first == gap.last ? fmt::format("serial {}", gap.first)
                                                          : fmt::format("serials {} to {}", gap.first, gap.last);
        out += fmt::format("  missing: run {}, worker {}, {}\n", run.empty() ? "-" : run, gap.worker, serials);
    }
    return out;
}

std::string Verification::findings_text() const {
    std::string out;
    for (const std::string& finding : findings_)
        out += fmt::format("  {}\n", finding);
    if (doubled_ + torn_ + misplaced_ > findings_.size()) {
        out += fmt::format("  and {} more\n", doubled_ + torn_ + misplaced_ - findings_.size());
    }
    return out;
}

std::string Verification::json() const {
    const auto found = [this](std::uint64_t count) {
        return lines_ > 0 && numbered_ == 0 ? "null" : fmt::to_string(count);
    };
    std::string out = fmt::format(
        "{{\"good\":{},\"lines\":{},\"numbered\":{},\"missing\":{},\"doubled\":{},\"torn\":{},\"out_of_order\":{},"
        "\"gaps\":[",
        is_good(), lines_ + torn_, numbered_, found(missing()), found(doubled_), torn_, found(misplaced_));
    for (const Gap& gap : gaps()) {
        if (out.back() != '[') out += ',';
        out += "{\"run\":";
        basehttp::append_json_string(out, gap.run);
        fmt::format_to(std::back_inserter(out), ",\"worker\":{},\"first\":{},\"last\":{}}}", gap.worker, gap.first,
                       gap.last);
    }
    out += "]}";
    return out;
}

}  // namespace basehttpd
