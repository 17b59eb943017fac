#include "daemon/config/config_parser.h"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "daemon/config/config_slips.h"
#include "daemon/config/config_syntax_error.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::size_t kDeepestNesting = 32;
constexpr std::size_t kMostValues = 200'000;

// yaml-cpp takes the end of the file for the missing quote where a line break comes before it. False where the scalar
// that begins at `offset`, maybe with its anchor, begins with a quote that has no counterpart.
bool is_closed(std::string_view text, std::size_t offset) {
    text = text.substr(std::min(offset, text.size()));
    if (text.starts_with('&')) {
        text.remove_prefix(std::min(text.find_first_of(" \t\r\n"), text.size()));
        text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    }
    const char quote = text.empty() ? '\0' : text.front();
    if (quote != '"' && quote != '\'') return true;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const bool doubled = quote == '\'' && text.substr(i).starts_with("''");
        const bool escaped = quote == '"' && text[i] == '\\';
        if (doubled || escaped) {
            ++i;
        } else if (text[i] == quote) {
            return true;
        }
    }
    return false;
}

// Thrown out of the parser's events for what the parser would take for something else.
struct Refusal {
    ConfigError error;
};

// Makes the tree out of the parser's events. What it refuses, it throws as the parser itself would.
class TreeBuilder : public YAML::EventHandler {
  public:
    explicit TreeBuilder(const ConfigSource& source) : source_(&source) {}

    std::optional<ConfigNode> take_root() { return std::move(root_); }

    // What is known of the place where the parser gave up.
    SyntaxProblem describe(const YAML::ParserException& problem) const {
        SyntaxProblem result{problem.msg, {problem.mark.line + 1, problem.mark.column + 1}, {}, {}};
        result.last = {last_.line + 1, last_.column + 1};
        if (!open_.empty()) result.innermost = {open_.back().node.line, open_.back().node.column};
        return result;
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (!root_) return;
        const auto begins = [&](int line, std::string_view with) { return source_->line(line).starts_with(with); };
        if (begins(mark.line + 1, "---") || begins(mark.line, "...") || begins(mark.line, "---"))
            throw YAML::ParserException(mark, "a second document begins here; a file holds one");
        throw YAML::ParserException(mark, YAML::ErrorMsg::END_OF_MAP);
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        ConfigNode node = make(mark, ConfigNode::Kind::nothing);
        // The parser's mark is that of the token after the missing value, often on another line.
        const bool is_key = !open_.empty() && open_.back().node.kind == ConfigNode::Kind::map && !open_.back().key;
        if (!open_.empty() && !is_key) {
            const ConfigNode& nearest = open_.back().key ? *open_.back().key : open_.back().node;
            node.line = nearest.line;
            node.column = nearest.column;
        }
        add(std::move(node), 1, anchor);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_tag(mark, tag);
        const std::size_t offset = source_->offset(mark.line + 1, mark.column + 1);
        if (tag == "!" && !is_closed(source_->text(), offset)) {
            throw YAML::ParserException(mark, "this quote is never closed");
        }
        if (tag == "?") refuse(find_plain_text_slip(source_->text(), offset));
        ConfigNode node = make(mark, ConfigNode::Kind::scalar);
        node.text = value;
        add(std::move(node), 1, anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end())
            throw YAML::ParserException(mark, "this alias is inside the value that it names");
        count(mark, found->second.size);
        add(found->second.node, found->second.size, YAML::NullAnchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        refuse(find_unquoted_ip6(source_->text(), source_->offset(mark.line + 1, mark.column + 1)));
        open(mark, tag, anchor, ConfigNode::Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, ConfigNode::Kind::map);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Open {
        ConfigNode node;
        YAML::anchor_t anchor;
        std::size_t size;  // values in it, itself included
        std::optional<ConfigNode> key{};
    };
    struct Anchored {
        ConfigNode node;
        std::size_t size;
    };

    void refuse(const std::optional<Slip>& slip) const {
        if (slip) throw Refusal{error_of(*source_, *slip)};
    }

    void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
        if (tag.empty() || tag == "?" || tag == "!") return;  // plain and quoted scalars
        const std::size_t offset = source_->offset(mark.line + 1, mark.column + 1);
        const std::string_view written = unquoted_text(source_->text(), offset);
        const std::string_view word = written.substr(0, written.find(' '));
        if (word != written || written.starts_with("!!") || written.starts_with("!<"))
            throw YAML::ParserException(
                mark, fmt::format("tags like {} have no meaning here; leave it out", in_quotes(word)));
        refuse(Slip{offset, "text that begins with '!' must be quoted",
                    fmt::format("write {}", quoted_for_yaml(written))});
    }

    void count(const YAML::Mark& mark, std::size_t values) {
        values_ += values;
        if (values_ > kMostValues) throw YAML::ParserException(mark, "more than 200000 values, aliases counted");
    }

    ConfigNode make(const YAML::Mark& mark, ConfigNode::Kind kind) {
        count(mark, 1);
        last_ = mark;
        ConfigNode node;
        node.kind = kind;
        node.source = source_;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        return node;
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, ConfigNode::Kind kind) {
        refuse_tag(mark, tag);
        if (open_.size() == kDeepestNesting) throw YAML::ParserException(mark, "nested too deeply");
        open_.push_back({make(mark, kind), anchor, 1});
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        add(std::move(done.node), done.size, done.anchor);
    }

    void add(ConfigNode node, std::size_t size, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) {
            YAML::Mark mark;
            mark.line = node.line - 1;
            mark.column = node.column - 1;
            count(mark, size);
            node.anchored = true;
            anchors_.insert_or_assign(anchor, Anchored{node, size});
        }
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        parent.size += size;
        if (parent.node.kind == ConfigNode::Kind::list) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.key) {
            parent.key = std::move(node);
        } else {
            parent.node.entries.push_back({std::move(*parent.key), std::move(node)});
            parent.key.reset();
        }
    }

    const ConfigSource* source_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    std::size_t values_ = 0;
    YAML::Mark last_;
    std::optional<ConfigNode> root_;
};

}  // namespace

std::expected<ConfigNode, ConfigError> parse_yaml(const ConfigSource& source) {
    if (const auto slip = find_foreign_indentation(source.text())) return std::unexpected(error_of(source, *slip));
    TreeBuilder builder(source);
    try {
        std::istringstream stream(source.text());
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Refusal& refusal) {
        return std::unexpected(refusal.error);
    } catch (const YAML::ParserException& problem) {
        return std::unexpected(explain_syntax(source, builder.describe(problem)));
    }
    std::optional<ConfigNode> root = builder.take_root();
    if (root) return *std::move(root);
    ConfigNode nothing;
    nothing.source = &source;
    return nothing;
}

}  // namespace basehttpd
