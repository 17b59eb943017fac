// The table of configuration keys: what a row is, and what is done with rows.
//
// A row says everything about one key: its name, what it is for, the kind of its value with its bounds, and the
// member of a struct that it fills:
//
//     key<&basehttp::Limits::body, Size{0, kTera}>("body", "The content of a request; past it, 413.")
//
// From the rows come the reader, the printer, the differences that a reload reports, `basehttpd explain` and the
// schema for editors. A kind is a structural type with
//
//     word()                     what the manual calls it
//     bounds()                   its values, as text; may be empty
//     schema()                   the same as JSON Schema
//     read(map, key, value)      reads the key; the node, or null where `value` stays as it was
//     write(value)               the document; nothing where the key is left out
//     below()                    only where the value has keys of its own: their facts
//
// The tables are made at compile time and read by whoever reads or prints a configuration.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "daemon/config/config_map.h"
#include "daemon/config/document.h"
#include "daemon/config/key_table.h"

namespace basehttpd {

/// What a row says of its key, whosever it is.
struct KeyFacts {
    std::string_view name;           ///< empty: the keys below stand in the same map
    std::string_view says;           ///< one line
    std::string_view since = "0.1";  ///< version
    std::string_view unset{};        ///< what holds where the key is left out, where that is no value
    std::string_view needed{};       ///< an example of its value, where the key may not be left out
    bool restart = false;            ///< whether a reload does not suffice
    std::string (*word)() = nullptr;
    std::string (*bounds)() = nullptr;
    Document (*schema)() = nullptr;
    std::optional<Document> (*preset)() = nullptr;      ///< the value where the key is left out
    std::vector<const KeyFacts*> (*below)() = nullptr;  ///< null: the value has no keys
};

/// A key of the struct `Owner`.
template <typename Owner>
struct Key : KeyFacts {
    void (*read)(ConfigMap& map, std::string_view name, Owner& owner) = nullptr;
    void (*write)(Document& map, std::string_view name, const Owner& owner) = nullptr;

    // What a row may say beside the rest.
    constexpr Key is_needed(std::string_view example) const { return with(&KeyFacts::needed, example); }
    constexpr Key needs_restart() const { return with(&KeyFacts::restart, true); }
    constexpr Key since_version(std::string_view version) const { return with(&KeyFacts::since, version); }
    constexpr Key unless_set(std::string_view text) const { return with(&KeyFacts::unset, text); }

  private:
    template <typename T>
    constexpr Key with(T KeyFacts::*fact, T value) const {
        Key changed = *this;
        changed.*fact = value;
        return changed;
    }
};

/// What an owner holds where nothing is said. Specialised where that is not what its constructor makes.
template <typename Owner>
Owner preset_of() {
    return {};
}

template <typename Owner>
std::vector<const KeyFacts*> facts_of(KeyTable<Owner> keys) {
    std::vector<const KeyFacts*> all;
    for (const Key<Owner>& row : keys) {
        if (row.name.empty()) {
            for (const KeyFacts* inner : row.below())
                all.push_back(inner);
        } else {
            all.push_back(&row);
        }
    }
    return all;
}

/// Reads all keys of a table. Those that the map has and the table has not are for ConfigMap::finish().
template <typename Owner>
void read_keys(ConfigMap& map, KeyTable<Owner> keys, std::type_identity_t<Owner>& owner) {
    for (const KeyFacts* facts : facts_of(keys))
        map.know(facts->name);
    for (const Key<Owner>& row : keys)
        row.read(map, row.name, owner);
}

template <typename Owner>
void write_keys(Document& map, KeyTable<Owner> keys, const std::type_identity_t<Owner>& owner) {
    for (const Key<Owner>& row : keys)
        row.write(map, row.name, owner);
}

template <typename Owner>
Document to_document(KeyTable<Owner> keys, const std::type_identity_t<Owner>& owner) {
    Document map = Document::map();
    write_keys(map, keys, owner);
    return map;
}

namespace detail {

template <typename M>
struct Member;
template <typename O, typename T>
struct Member<T O::*> {
    using Owner = O;
};

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <auto kind, typename T>
const ConfigNode* read_value(ConfigMap& map, std::string_view name, T& value) {
    if constexpr (kIsOptional<T>) {
        typename T::value_type inner{};
        const ConfigNode* node = kind.read(map, name, inner);
        if (node != nullptr) value = std::move(inner);
        return node;
    } else {
        return kind.read(map, name, value);
    }
}

template <auto kind, typename T>
std::optional<Document> write_value(const T& value) {
    if constexpr (kIsOptional<T>) {
        return value ? kind.write(*value) : std::nullopt;
    } else {
        return kind.write(value);
    }
}

// By its type, since under the undefined sanitizer g++ 12 does not take the address of a function for a constant.
template <auto argument>
inline constexpr bool kIsGiven = !std::is_null_pointer_v<std::remove_cv_t<decltype(argument)>>;

template <auto kind, typename Owner>
constexpr Key<Owner> describe(std::string_view name, std::string_view says) {
    Key<Owner> row;
    row.name = name;
    row.says = says;
    row.word = [] { return std::string(kind.word()); };
    row.bounds = [] { return std::string(kind.bounds()); };
    row.schema = [] { return kind.schema(); };
    if constexpr (requires { kind.below(); }) row.below = [] { return kind.below(); };
    return row;
}

}  // namespace detail

/// A key that fills `member` of `Owner`, be it that of a base class; where `where` is given, that gets the place of
/// the value.
template <typename Owner, auto member, auto kind, auto where = nullptr>
constexpr Key<Owner> key_of(std::string_view name, std::string_view says) {
    Key<Owner> row = detail::describe<kind, Owner>(name, says);
    row.read = [](ConfigMap& map, std::string_view key, Owner& owner) {
        [[maybe_unused]] const ConfigNode* node = detail::read_value<kind>(map, key, owner.*member);
        if constexpr (detail::kIsGiven<where>) {
            if (node != nullptr) owner.*where = node->where();
        }
    };
    row.write = [](Document& map, std::string_view key, const Owner& owner) {
        if (auto value = detail::write_value<kind>(owner.*member)) map.add(key, *std::move(value));
    };
    row.preset = [] { return detail::write_value<kind>(preset_of<Owner>().*member); };
    return row;
}

/// The same for a member of the struct that declares it.
template <auto member, auto kind, auto where = nullptr>
constexpr auto key(std::string_view name, std::string_view says) {
    return key_of<typename detail::Member<decltype(member)>::Owner, member, kind, where>(name, says);
}

/// A key whose value fills several members of its owner: the kind reads and writes the owner itself.
template <typename Owner, auto kind>
constexpr Key<Owner> whole(std::string_view name, std::string_view says) {
    Key<Owner> row = detail::describe<kind, Owner>(name, says);
    row.read = [](ConfigMap& map, std::string_view key, Owner& owner) { kind.read(map, key, owner); };
    row.write = [](Document& map, std::string_view key, const Owner& owner) {
        if (auto value = kind.write(owner)) map.add(key, *std::move(value));
    };
    row.preset = [] { return kind.write(preset_of<Owner>()); };
    return row;
}

/// The keys of a base class of `Owner`, in the same map as its own.
template <typename Owner, typename Base, KeyTable<Base> (*keys)()>
constexpr Key<Owner> keys_of_base() {
    Key<Owner> row;
    row.below = [] { return facts_of(keys()); };
    row.read = [](ConfigMap& map, std::string_view, Owner& owner) { read_keys<Base>(map, keys(), owner); };
    row.write = [](Document& map, std::string_view, const Owner& owner) { write_keys<Base>(map, keys(), owner); };
    return row;
}

}  // namespace basehttpd
