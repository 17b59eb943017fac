// PageTemplate: a page of the operator's with places for values, in Mustache's notation: `{{name}}` is a value,
// `{{#name}}…{{/name}}` stands where there is that value, once for each member where it is a list,
// `{{^name}}…{{/name}}` where there is none, and `{{! … }}` is a comment. A value may come from the network: it is
// always escaped for HTML, so Mustache's unescaped tags are errors, as are its partials and changes of delimiters.
// Parsed at start, only read after that; libkainjow-mustache does the work.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace basehttp {

/// A tag of a template.
struct TemplateTag {
    std::size_t start;      ///< of its braces
    std::size_t end;        ///< past them
    char kind;              ///< `#`, `^`, `/`, `!`, `>`, `=`, `&`, `{` for a tag of three braces, or 0
    std::string_view name;  ///< without white space around it
    bool closed = true;     ///< whether its closing braces were found
};

/// The first tag of `text` from `from` on.
std::optional<TemplateTag> next_tag(std::string_view text, std::size_t from);

/// Why a text is no template.
struct TemplateError {
    std::size_t offset;  ///< in bytes, of what is wrong
    std::string message;
    std::string unknown;               ///< the name that stands for nothing, if that is what is wrong
    std::vector<std::string> known{};  ///< and those that could stand there
};

/// What a page is filled with.
class PageValues {
  public:
    PageValues();
    PageValues(PageValues&&) noexcept;
    PageValues& operator=(PageValues&&) noexcept;
    ~PageValues();

    /// An empty text counts as a value that is not there.
    void set(const std::string& name, std::string_view text);
    void set_list(const std::string& name, const std::vector<PageValues>& members);

  private:
    friend class PageTemplate;
    struct Values;
    std::unique_ptr<Values> values_;
};

class PageTemplate {
  public:
    /// `names` are those that may stand in it; `list.name` is one that may stand within `{{#list}}` alone. `within`:
    /// the list that the text itself stands in, if any.
    static std::expected<PageTemplate, TemplateError> parse(const std::string& text,
                                                            std::span<const std::string_view> names,
                                                            std::string_view within = {});
    PageTemplate(PageTemplate&&) noexcept;
    PageTemplate& operator=(PageTemplate&&) noexcept;
    ~PageTemplate();

    /// Appends the page with `values` in their places; those of `nearer`, if any, come before others of their name.
    void append_to(std::string& page, const PageValues& values, const PageValues* nearer = nullptr) const;

  private:
    struct Parsed;
    explicit PageTemplate(std::unique_ptr<Parsed> parsed);

    std::unique_ptr<Parsed> parsed_;
};

}  // namespace basehttp
