#include "tools/model/c_header_files.hpp"

#include "tools/base/failure.hpp"
#include "tools/model/c_name.hpp"

namespace tool {
namespace {

// The name of a file without its folder and extension.
std::string stem(const std::string& path) {
  const std::string file = path.substr(path.rfind('/') + 1);
  return file.substr(0, file.rfind('.'));
}

// A C name as near as it gets to a file's: digits-8x8 becomes digits_8x8.
std::string proposed_name(std::string text) {
  for (char& letter : text)
    if (!fault_of_name("a" + std::string(1, letter)).empty()) letter = '_';
  for (const std::string& candidate : {text, "model_" + text})
    if (fault_of_name(candidate).empty()) return candidate;
  return "model";
}

}  // namespace

bool HeaderTarget::pair() const {
  return path.size() > 2 && path.compare(path.size() - 2, 2, ".c") == 0;
}

std::string HeaderTarget::header_path() const {
  return pair() ? path.substr(0, path.size() - 1) + "h" : path;
}

HeaderTarget header_target(const std::string& out, const std::string& name) {
  HeaderTarget target{out, name};
  if (out.empty() && name.empty())
    throw Misuse("nothing to write: give --out FILE.h, whose name the model takes, or --name");
  if (out.empty()) target.path = name + ".h";
  const bool named = !name.empty();
  if (!named && out == "-")
    throw Misuse("--out: standard output has no name for the model; give one by --name");
  if (!named) target.name = stem(out);
  // The pair's source names its header between quotes.
  if (target.pair() && stem(out).find_first_of("\"\\\n\r") != std::string::npos)
    throw Misuse("--out: the name of " + quoted(out) + " cannot stand in an #include");
  const std::string file_fault = out == "-" ? "" : fault_of_file_name(stem(target.path));
  if (!file_fault.empty())
    throw Misuse(target.path + ": " + quoted(stem(target.path)) + " " + file_fault +
                 "; give another, as --out model_" + target.path.substr(target.path.rfind('/') + 1));
  const std::string fault = fault_of_name(target.name);
  if (fault.empty()) return target;
  throw Misuse((named ? "--name: " : target.path + ": ") + quoted(target.name) +
               " cannot name a model in C: it " + fault +
               (named ? "" : "; give one, as --name " + proposed_name(target.name)));
}

HeaderFiles::HeaderFiles(const HeaderTarget& target) : target_(target), header_(target.header_path()) {
  if (target.pair()) source_.emplace(target.path);
}

void HeaderFiles::write(const QuantizedModel& model, Runtime runtime, LabelNames names) {
  if (!source_) {
    header_.write(header_text(model, target_.name, runtime, names));
    header_.commit();
    return;
  }
  const std::string header_path = target_.header_path();
  const HeaderPair pair =
      header_pair(model, target_.name, runtime, header_path.substr(header_path.rfind('/') + 1), names);
  header_.write(pair.header);
  source_->write(pair.source);
  // Only renaming is left that can fail, so that a full disk leaves neither.
  header_.finish();
  source_->finish();
  header_.commit();
  source_->commit();
}

}  // namespace tool
