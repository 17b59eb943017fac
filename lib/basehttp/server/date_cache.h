// DateCache: the Date field's value, written anew once a second.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "basehttp/protocol/date.h"

namespace basehttp {

class DateCache {
  public:
    /// The IMF-fixdate of `second`; valid until the next call.
    std::string_view at(std::time_t second) {
        if (second != second_ || text_.empty()) {
            text_.clear();
            append_http_date(text_, second);
            second_ = second;
        }
        return text_;
    }

  private:
    std::time_t second_ = 0;
    std::string text_;
};

}  // namespace basehttp
