#include "tools/model/c_header_parts.hpp"

#include "tools/base/text.hpp"
#include "tools/model/c_name.hpp"

namespace tool {

std::string text_of_number(std::uint32_t word) {
  return hexadecimal(word);
}

HeaderParts::HeaderParts(const std::string& model_name) : name(model_name), macro(upper(model_name)) {}

std::string HeaderParts::fact(std::string what, const std::string& figure) {
  constexpr std::size_t width = 24;
  what.resize(std::max(what.size(), width), ' ');
  return "// " + what + figure + "\n";
}

std::string HeaderParts::define(const std::string& what, const std::string& value,
                                const std::string& note) const {
  return "#define " + macro + "_" + what + " " + value + (note.empty() ? "" : "  // " + note) + "\n";
}

std::string HeaderParts::stop(const std::string& condition, const std::string& why) const {
  return condition + "\n#error \"" + name + ": " + why + "\"\n#endif\n";
}

std::string HeaderParts::begin_table(const char* type, const std::string& table) const {
  return std::string("static const ") + type + " " + name + "_" + table + "[] RBM_FLASH = {\n";
}

std::string HeaderParts::end_table(const std::string& table, const std::string& size) const {
  return "};\ntypedef char " + name + "_" + table + "_complete[sizeof " + name + "_" + table + " == " + size +
         " ? 1 : -1];\n\n";
}

}  // namespace tool
