// SPDX-License-Identifier: Apache-2.0

#include "tests/support/schema_check.hpp"

#include <regex>
#include <set>

#include "tests/support/program.hpp"

namespace tlbcheck::tests {
namespace {

using Json = nlohmann::json;

bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_number_integer();
    return type == "number" && value.is_number();
}

class Validator {
  public:
    explicit Validator(const Json& root) : root_(root) {}

    std::string check(const Json& schema, const Json& value, const std::string& path) const {
        for (const auto& [keyword, rule] : schema.items()) {
            std::string error = apply(keyword, rule, schema, value, path);
            if (!error.empty()) return error;
        }
        return "";
    }

  private:
    std::string apply(const std::string& keyword, const Json& rule, const Json& schema, const Json& value,
                      const std::string& path) const {
        static const std::set<std::string> notes = {"$schema", "$id", "$defs", "title", "description"};
        if (notes.count(keyword) != 0) return "";
        if (keyword == "$ref")
            return check(root_.at(Json::json_pointer(rule.get<std::string>().substr(1))), value, path);
        if (keyword == "type")
            return type(rule, value) ? "" : path + ": wrong type " + std::string(value.type_name());
        if (keyword == "const") return value == rule ? "" : path + ": not the constant " + rule.dump();
        if (keyword == "enum")
            return std::find(rule.begin(), rule.end(), value) != rule.end()
                       ? ""
                       : path + ": not in enum: " + value.dump();
        if (keyword == "pattern")
            return !value.is_string() ||
                           std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()))
                       ? ""
                       : path + ": " + value.dump() + " does not match";
        if (keyword == "minimum")
            return !value.is_number() || value >= rule ? "" : path + ": below the minimum";
        if (keyword == "anyOf") return any_of(rule, value, path);
        if (keyword == "required") return required(rule, value, path);
        if (keyword == "properties") return properties(rule, value, path);
        if (keyword == "additionalProperties") return additional(rule, schema, value, path);
        if (keyword == "items") return items(rule, value, path);
        return path + ": the schema uses '" + keyword + "', which this check does not know";
    }

    static bool type(const Json& rule, const Json& value) {
        if (rule.is_string()) return has_type(value, rule.get<std::string>());
        return std::any_of(rule.begin(), rule.end(),
                           [&](const Json& one) { return has_type(value, one.get<std::string>()); });
    }
    std::string any_of(const Json& rule, const Json& value, const std::string& path) const {
        std::string last;
        for (const Json& one : rule) {
            last = check(one, value, path);
            if (last.empty()) return "";
        }
        return last;
    }
    static std::string required(const Json& rule, const Json& value, const std::string& path) {
        for (const Json& name : rule) {
            if (value.is_object() && !value.contains(name.get<std::string>()))
                return path + ": no " + name.get<std::string>();
        }
        return "";
    }
    std::string properties(const Json& rule, const Json& value, const std::string& path) const {
        if (!value.is_object()) return "";
        for (const auto& [name, schema] : rule.items()) {
            if (!value.contains(name)) continue;
            std::string error = check(schema, value[name], path + "/" + name);
            if (!error.empty()) return error;
        }
        return "";
    }
    std::string additional(const Json& rule, const Json& schema, const Json& value,
                           const std::string& path) const {
        if (!value.is_object()) return "";
        for (const auto& [name, item] : value.items()) {
            if (schema.contains("properties") && schema["properties"].contains(name)) continue;
            if (rule == false) return path + ": unexpected member " + name;
            if (!rule.is_object()) continue;
            std::string error = check(rule, item, path + "/" + name);
            if (!error.empty()) return error;
        }
        return "";
    }
    std::string items(const Json& rule, const Json& value, const std::string& path) const {
        if (!value.is_array()) return "";
        for (std::size_t i = 0; i < value.size(); ++i) {
            std::string error = check(rule, value[i], path + "/" + std::to_string(i));
            if (!error.empty()) return error;
        }
        return "";
    }

    const Json& root_;
};

}  // namespace

std::string schema_violation(const nlohmann::json& schema, const nlohmann::json& document) {
    return Validator(schema).check(schema, document, "");
}

nlohmann::json schema_file(const std::string& name) {
    return Json::parse(read_text(source_dir() / "docs" / "schema" / name));
}

}  // namespace tlbcheck::tests
