#include <string_view>

#include "tests/fuzz/fuzz.hpp"
#include "tools/commands/commands.hpp"

// A command line, one word a line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](const std::vector<unsigned char>& bytes) {
    std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::vector<std::string_view> words;
    for (bool more = true; more;) {
      const std::size_t end = rest.find('\n');
      words.push_back(rest.substr(0, end));
      more = end != rest.npos;
      if (more) rest.remove_prefix(end + 1);
    }
    const tool::Command& command = tool::find_command(words[0]);
    const tool::Arguments arguments(command, {words.begin() + 1, words.end()});
    if (arguments.help_asked()) return;
    for (const tool::Positional& positional : command.positionals)
      fuzz::require(!positional.required || !arguments[positional].empty());
    for (const tool::Option& option : command.options)
      if (arguments.given(option)) option.check(arguments.text(option));
  });
}
