#include "basehttp/protocol/date.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> kLongDays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

constexpr std::int64_t kSecondsPerDay = 86'400;

struct CivilDate {
    std::int64_t year = 1970;
    int month = 1;  // from 1
    int day = 1;
};

// The proleptic Gregorian calendar in eras of 400 years, which start on a 1 March.
constexpr std::int64_t days_from_civil(CivilDate date) {
    const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

constexpr CivilDate civil_from_days(std::int64_t days) {
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int64_t day_of_era = days - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
    const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
            static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

// A time as the calendar sees it.
struct Moment {
    std::int64_t days;  // since 1 January 1970
    std::int64_t second_of_day;
};

constexpr Moment moment_of(std::int64_t seconds) {
    const std::int64_t second_of_day = (seconds % kSecondsPerDay + kSecondsPerDay) % kSecondsPerDay;
    return {(seconds - second_of_day) / kSecondsPerDay, second_of_day};
}

static_assert(days_from_civil({1970, 1, 1}) == 0 && days_from_civil({2000, 2, 29}) == 11'016);
static_assert(civil_from_days(11'016).day == 29 && civil_from_days(-1).year == 1969);

void append_digits(std::string& out, std::int64_t number, int width) {
    std::array<char, 4> digits{};
    for (int i = width; i > 0; number /= 10)
        digits[static_cast<std::size_t>(--i)] = static_cast<char>('0' + number % 10);
    out.append(digits.data(), static_cast<std::size_t>(width));
}

void append_clock(std::string& out, std::int64_t second_of_day) {
    append_digits(out, second_of_day / 3600, 2);
    out += ':';
    append_digits(out, second_of_day / 60 % 60, 2);
    out += ':';
    append_digits(out, second_of_day % 60, 2);
}

// Cuts fixed pieces off the front of a date; any mismatch makes it not `good` for good.
class DateReader {
  public:
    explicit DateReader(std::string_view text) : rest_(text) {}

    bool good() const { return good_; }
    bool done() const { return good_ && rest_.empty(); }

    void literal(std::string_view text) {
        if (!rest_.starts_with(text)) good_ = false;
        if (good_) rest_.remove_prefix(text.size());
    }

    int digits(std::size_t count) {
        int number = 0;
        if (rest_.size() < count) good_ = false;
        for (std::size_t i = 0; good_ && i < count; ++i) {
            if (!is_digit(rest_[i])) good_ = false;
            number = number * 10 + (rest_[i] - '0');
        }
        if (good_) rest_.remove_prefix(count);
        return number;
    }

    // The place of the word in `words`, from 1.
    template <std::size_t N>
    int word(const std::array<std::string_view, N>& words) {
        const auto found = std::ranges::find_if(words, [this](auto word) { return rest_.starts_with(word); });
        if (found == words.end()) good_ = false;
        if (!good_) return 0;
        rest_.remove_prefix(found->size());
        return static_cast<int>(found - words.begin()) + 1;
    }

    int space_padded_day() {
        if (!rest_.starts_with(' ')) return digits(2);
        literal(" ");
        return digits(1);
    }

    std::int64_t clock() {
        const int hours = digits(2);
        literal(":");
        const int minutes = digits(2);
        literal(":");
        const int seconds = digits(2);
        if (hours > 23 || minutes > 59 || seconds > 60) good_ = false;
        return hours * 3600 + minutes * 60 + std::min(seconds, 59);
    }

  private:
    std::string_view rest_;
    bool good_ = true;
};

// Whether the month has such a day; others come back as a day of a neighbouring month.
bool is_real_day(CivilDate date) {
    return civil_from_days(days_from_civil(date)).day == date.day;
}

std::optional<std::time_t> assemble(const DateReader& reader, CivilDate date, std::int64_t clock) {
    if (!reader.done() || !is_real_day(date)) return std::nullopt;
    return days_from_civil(date) * kSecondsPerDay + clock;
}

std::optional<std::time_t> parse_fixdate(std::string_view text) {
    DateReader reader(text);
    CivilDate date;
    reader.word(kDays);
    reader.literal(", ");
    date.day = reader.digits(2);
    reader.literal(" ");
    date.month = reader.word(kMonths);
    reader.literal(" ");
    date.year = reader.digits(4);
    reader.literal(" ");
    const std::int64_t clock = reader.clock();
    reader.literal(" GMT");
    return assemble(reader, date, clock);
}

// The latest year with the two digits of `date.year` that puts the date no more than 50 years after `now`.
std::int64_t full_year(CivilDate date, std::int64_t clock, std::time_t now) {
    const auto [days, second_of_day] = moment_of(now);
    CivilDate latest = civil_from_days(days);
    latest.year += 50;
    date.year += latest.year - latest.year % 100;
    const std::int64_t days_ahead = days_from_civil(date) - days_from_civil(latest);
    const bool too_late = days_ahead > 0 || (days_ahead == 0 && clock > second_of_day);
    return too_late ? date.year - 100 : date.year;
}

std::optional<std::time_t> parse_rfc850(std::string_view text, std::time_t now) {
    DateReader reader(text);
    CivilDate date;
    reader.word(kLongDays);
    reader.literal(", ");
    date.day = reader.digits(2);
    reader.literal("-");
    date.month = reader.word(kMonths);
    reader.literal("-");
    date.year = reader.digits(2);
    reader.literal(" ");
    const std::int64_t clock = reader.clock();
    reader.literal(" GMT");
    if (reader.done()) date.year = full_year(date, clock, now);
    return assemble(reader, date, clock);
}

std::optional<std::time_t> parse_asctime(std::string_view text) {
    DateReader reader(text);
    CivilDate date;
    reader.word(kDays);
    reader.literal(" ");
    date.month = reader.word(kMonths);
    reader.literal(" ");
    date.day = reader.space_padded_day();
    reader.literal(" ");
    const std::int64_t clock = reader.clock();
    reader.literal(" ");
    date.year = reader.digits(4);
    return assemble(reader, date, clock);
}

}  // namespace

void append_http_date(std::string& out, std::time_t time) {
    constexpr std::int64_t kFirst = days_from_civil({1, 1, 1}) * kSecondsPerDay;
    constexpr std::int64_t kLast = days_from_civil({10'000, 1, 1}) * kSecondsPerDay - 1;
    const auto [days, second_of_day] = moment_of(std::clamp<std::int64_t>(time, kFirst, kLast));
    const CivilDate date = civil_from_days(days);
    out += kDays[static_cast<std::size_t>(((days + 4) % 7 + 7) % 7)];  // day 0 was a Thursday
    out += ", ";
    append_digits(out, date.day, 2);
    out += ' ';
    out += kMonths[static_cast<std::size_t>(date.month - 1)];
    out += ' ';
    append_digits(out, date.year, 4);
    out += ' ';
    append_clock(out, second_of_day);
    out += " GMT";
}

std::optional<std::time_t> parse_http_date(std::string_view text, std::time_t now) {
    if (auto time = parse_fixdate(text)) return time;
    if (auto time = parse_rfc850(text, now)) return time;
    return parse_asctime(text);
}

void append_log_date(std::string& out, std::time_t time) {
    std::tm local{};
    localtime_r(&time, &local);
    append_digits(out, local.tm_mday, 2);
    out += '/';
    out += kMonths[static_cast<std::size_t>(local.tm_mon)];
    out += '/';
    append_digits(out, local.tm_year + 1900, 4);
    out += ':';
    append_clock(out, local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec);
    const long offset = local.tm_gmtoff / 60;
    out += offset < 0 ? " -" : " +";
    append_digits(out, std::abs(offset) / 60, 2);
    append_digits(out, std::abs(offset) % 60, 2);
}

}  // namespace basehttp
