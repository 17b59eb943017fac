// ConfigSource: the text of one configuration file, and its lines for messages. Owned by the reader for the time of
// one reading; nodes and errors in the making refer to it. Master only.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_error.h"

namespace basehttpd {

class ConfigSource {
  public:
    /// Reads the file called `name`, as the user wrote it; `what` it is called in messages. Not a file, unreadable,
    /// larger than 1 MiB, or not UTF-8 text: an error, without a position where the file as a whole is meant.
    static std::expected<ConfigSource, ConfigError> load(const std::string& name,
                                                         std::string_view what = "the configuration");

    /// A source that is in memory already. `text` is taken as it is.
    ConfigSource(std::string name, std::string text);

    const std::string& name() const { return name_; }
    const std::string& text() const { return text_; }

    /// Line `number`, counted from 1, without its end; empty where there is none.
    std::string_view line(int number) const;

    /// Where in text() line `line` and column `column` are, both counted from 1.
    std::size_t offset(int line, int column) const;

    /// The line and column, both counted from 1, of the byte at `offset`.
    std::pair<int, int> position(std::size_t offset) const;

    /// `path` as seen from the folder that this file is in: absolute.
    std::string resolve(std::string_view path) const;

    /// An error at `line` and `column`, both counted from 1, with the line as its excerpt.
    ConfigError error_at(int line, int column, std::string message, std::string hint = {}) const;

  private:
    std::expected<void, ConfigError> check_text() const;

    std::string name_;
    std::string text_;
    std::vector<std::size_t> line_starts_;
};

/// The line that `where` names, read anew from its file; an empty excerpt where that cannot be done. For messages
/// about a configuration whose source is no longer at hand.
SourceExcerpt read_excerpt(const ConfigPosition& where);

}  // namespace basehttpd
