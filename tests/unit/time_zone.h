// TimeZone: the process's own while it lives; as a fixture, while the tests run.
#pragma once

#include <stdlib.h>
#include <time.h>

namespace basehttpd_test {

class TimeZone {
  public:
    explicit TimeZone(const char* name) {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~TimeZone() {
        ::unsetenv("TZ");
        ::tzset();
    }
    TimeZone(const TimeZone&) = delete;
    TimeZone& operator=(const TimeZone&) = delete;
};

struct Utc : TimeZone {
    Utc() : TimeZone("UTC") {}
};

struct HalfAnHour : TimeZone {
    HalfAnHour() : TimeZone("XYZ-5:30") {}
};

}  // namespace basehttpd_test
