// ConfigMap: a typed cursor over one map of the configuration. It reads the values that the schema asks for, checks
// their types and ranges, and knows by what was asked for which keys are unknown. Lives on the stack while its map is
// read; refers to the node and to the list of errors. Master only.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config_error.h"
#include "daemon/config/config_node.h"
#include "daemon/config/config_value.h"

namespace basehttpd {

/// Both ends included. Where 0 has a meaning of its own, `zero` says it, and 0 lies within.
template <typename T>
struct Range {
    T least;
    T most;
    std::string_view zero{};
};

class ConfigMap {
  public:
    /// Reports a node that is not a map, keys that are not text, and keys that stand there twice. `name` is for
    /// messages: that of the key whose value this is.
    ConfigMap(const ConfigNode& node, std::string name, std::vector<ConfigError>& errors);

    ConfigMap(const ConfigMap&) = delete;
    ConfigMap& operator=(const ConfigMap&) = delete;

    /// Makes `key`, a literal, one of those that the map may have.
    void know(std::string_view key);

    /// The value of `key`, null where it is left out; one without content is reported and null as well.
    const ConfigNode* find(std::string_view key);

    /// The same for keys whose value may be missing (`stdout:`).
    const ConfigNode* find_bare(std::string_view key);

    // Each reads the value of `key` into `out` and returns its node. Where it is left out or wrong (reported), `out`
    // stays as it was and the result is null.

    const ConfigNode* read_text(std::string_view key, std::string& out);
    const ConfigNode* read_switch(std::string_view key, bool& out);
    const ConfigNode* read_duration(std::string_view key, Range<std::chrono::milliseconds> range,
                                    std::chrono::milliseconds& out);

    template <std::unsigned_integral T>
    const ConfigNode* read_size(std::string_view key, Range<T> range, T& out) {
        return assign(key, checked_size(key, {range.least, range.most, range.zero}), out);
    }
    template <std::unsigned_integral T>
    const ConfigNode* read_count(std::string_view key, Range<T> range, T& out) {
        return assign(key, checked_count(key, {range.least, range.most, range.zero}), out);
    }

    /// Reads one of the words that `table` gives for values, whose rows have a `name` for each value.
    template <typename Row, std::size_t size, typename T>
    const ConfigNode* read_choice(std::string_view key, const std::array<Row, size>& table, T Row::*value, T& out) {
        std::array<std::string_view, size> names;
        std::ranges::transform(table, names.begin(), &Row::name);
        const auto index = read_word(key, names);
        if (!index) return nullptr;
        out = table[*index].*value;
        return find(key);
    }

    /// The place in `names` of the word at `key`; nothing where it is left out, or is none of them and reported.
    std::optional<std::size_t> read_word(std::string_view key, std::span<const std::string_view> names);

    /// Calls `read` with each item of a list, or with the one scalar that stands in its place. Returns the value.
    const ConfigNode* for_each_value(std::string_view key, const std::function<void(const ConfigNode&)>& read);

    /// The same for those of which text_of() has a text, with that.
    using ReadText = std::function<void(const std::string& text, const ConfigNode& node)>;
    const ConfigNode* for_each_text(std::string_view key, const ReadText& read);

    /// Calls `read` with each item of a list. Returns the value.
    const ConfigNode* for_each_item(std::string_view key, const std::function<void(const ConfigNode&)>& read);

    /// To be called when everything was asked for: reports the keys that nobody asked for. `hint` is given with each;
    /// where it is left out, the nearest valid key. Those that begin with `x-` are nobody's: values to be named by
    /// anchors can be kept there.
    void finish(const std::string& hint = {});

    /// Reports at finish() that the map lacks something, unless it has an unknown key: that is then what is meant.
    void report_absence(std::string message, std::string hint = {});

    /// The text of `node`; nothing, and an error, where it is not a scalar with text free of control characters.
    std::optional<std::string> text_of(const ConfigNode& node, std::string_view key);

    void report(const ConfigNode& node, std::string message, std::string hint = {});

    /// Reports that `text`, which stands at `node` below `key`, is not what it should be.
    void report(const ConfigNode& node, std::string_view key, std::string_view text, const ValueProblem& problem);

    const ConfigNode& node() const { return *node_; }
    const std::string& name() const { return name_; }
    std::vector<ConfigError>& errors() { return *errors_; }

  private:
    using Numbers = Range<std::uint64_t>;

    std::optional<std::uint64_t> checked_size(std::string_view key, Numbers range);
    std::optional<std::uint64_t> checked_count(std::string_view key, Numbers range);
    void report_duplicates();
    void report_unknown(const ConfigNode::Entry& entry, const std::string& hint);

    template <typename Parse>
    auto parsed(std::string_view key, Parse parse);
    template <typename T, typename Format>
    std::optional<T> within(std::string_view key, std::optional<T> value, Range<T> range, Format format);

    template <typename T, typename Value>
    const ConfigNode* assign(std::string_view key, std::optional<Value> value, T& out) {
        if (!value) return nullptr;
        out = static_cast<T>(*value);
        return find(key);
    }

    const ConfigNode* node_;
    std::string name_;
    std::vector<ConfigError>* errors_;
    std::vector<std::string_view> known_;          // keys asked for; literals of the schema
    std::vector<ConfigError> absences_;            // reported where no unknown key explains them
    std::vector<std::string_view> without_value_;  // those of them that were reported for it: once is enough
};

}  // namespace basehttpd
