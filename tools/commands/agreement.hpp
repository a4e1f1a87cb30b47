#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/desktop/ranks.hpp"
#include "tools/base/failure.hpp"
#include "tools/model/safetensors.hpp"

namespace tool {

class Arguments;

/// What came of a program, or of its part on one rank.
struct Outcome {
  int status = 0;         ///< the exit status
  std::string message{};  ///< for standard error, on one line; empty: there is nothing to say
  bool alone = false;     ///< the others wait in vain: this rank tells it, and ends them
};

/// The ranks have agreed that the run ends here: what() is to be told once, by rank 0.
class AgreedFailure : public Failure {
 public:
  explicit AgreedFailure(const Outcome& outcome) : Failure(outcome.message, outcome.status) {}
};

/// A hash of what the results of a command depend on.
class Fingerprint {
 public:
  void add(std::string_view text);
  void add(std::uint64_t number);
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

/// Adds the values of tensors and what is said of them.
void add_tensors(Fingerprint& fingerprint, const TensorFile& file);

/// The ranks of a run, as commands see them.
class CommandRanks {
 public:
  explicit CommandRanks(platform::Ranks& ranks) : ranks_(ranks) {}

  platform::Ranks& ranks() { return ranks_; }
  bool is_first() const { return ranks_.rank() == 0; }
  bool are_many() const { return ranks_.size() > 1; }

  /// Throws AgreedFailure on every rank where some rank is built from other sources. Comes before all
  /// else: what ranks tell each other afterwards may differ between builds.
  void check_builds();

  /// Several ranks, before files are read: sees to it that all ranks have the same words, but --quiet.
  /// Without --threads, ranks of one machine become one with as many threads (Ranks::unite). Returns nothing
  /// where this rank works; else the exit status, once its work is done elsewhere. Throws AgreedFailure on
  /// every rank where they differ, or where one could not come so far.
  std::optional<int> begin(const Arguments& arguments);

  /// Once its files are read and before it works on them, a command sees to it that all ranks have read the
  /// same; `files` is the hash of that. Throws as begin() does.
  void agree(const Fingerprint& files);

  /// What comes of the whole run, once each rank has come to its end: the failure of one is that of all.
  Outcome conclude(const Outcome& own);

 private:
  platform::Ranks& ranks_;
  bool agreed_ = false;
};

}  // namespace tool
