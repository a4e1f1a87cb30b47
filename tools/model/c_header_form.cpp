#include "tools/model/c_header_form.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/model/c_name.hpp"
#include "tools/model/c_tokens.hpp"

namespace tool {
namespace {

// The name that stands before the marker.
std::string_view marked_name(std::string_view text) {
  const std::size_t end = text.find(header_marker);
  if (end == text.npos) return {};
  std::size_t begin = end;
  while (begin > 0 && is_of_name(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

// Whether it is a generated file of two bytes a letter, as a redirection of PowerShell writes it.
bool is_wide(std::string_view text) {
  std::string wide;
  for (const char letter : format_macro) wide.append({letter, '\0'});
  wide.pop_back();
  return text.find(wide) != text.npos;
}

}  // namespace

bool is_header(std::string_view text) {
  return text.find(header_marker) != text.npos || text.find(format_macro) != text.npos || is_wide(text);
}

void check_form(std::string_view text, const std::string& file_name) {
  if (is_wide(text))
    throw Failure(file_name + ": is a header in UTF-16, which compilers do not read: save it as UTF-8");
  const std::size_t place = std::min(text.find("\n<<<<<<< "), text.find("\n>>>>>>> "));
  if (place == text.npos) return;
  const std::string_view before = text.substr(0, place + 1);
  throw Failure(file_name + ": line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) +
                ": a merge left two versions here: keep one, or generate the header anew");
}

bool ends_declarator(std::string_view token) {
  constexpr std::string_view ends = "=;,*&){}";
  return token.empty() || ends.find(token[0]) != ends.npos;
}

std::string name_of_model(std::string_view text, const std::string& file_name) {
  // Attributes and macros of other people's may stand beside the name, which alone has tables.
  constexpr std::string_view table = "_weights";
  std::vector<std::string_view> candidates;
  std::set<std::string_view> with_table, found;
  for (CTokens tokens(text); !tokens.token().empty();) {
    const std::string_view token = tokens.token();
    if (token.size() > table.size() && token.substr(token.size() - table.size()) == table)
      with_table.insert(token.substr(0, token.size() - table.size()));
    if (std::none_of(std::begin(model_types), std::end(model_types),
                     [&](const ModelType& type) { return tokens.take(type.name); })) {
      tokens.next();
      continue;
    }
    const std::size_t before = candidates.size();
    for (; !ends_declarator(tokens.token()); tokens.skip())
      if (is_of_name(tokens.token()[0])) candidates.push_back(tokens.token());
    if (tokens.token() != "=" && tokens.token() != ";") candidates.resize(before);
  }
  for (const std::string_view candidate : candidates)
    if (with_table.count(candidate) > 0) found.insert(candidate);
  if (found.size() > 1)
    throw Failure(file_name + ": holds several models, " + quoted(*found.begin()) + " and " +
                  quoted(*std::next(found.begin())) + "; keep one a file");
  if (!found.empty()) return std::string(*found.begin());
  const std::string_view marked = marked_name(text);
  return std::string(marked.empty() && !candidates.empty() ? candidates.front() : marked);
}

}  // namespace tool
