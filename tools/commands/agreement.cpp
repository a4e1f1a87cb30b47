#include "tools/commands/agreement.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <vector>

#include "platform/desktop/interrupt.hpp"
#include "tools/base/bytes.hpp"
#include "tools/command_line/arguments.hpp"
#include "tools/command_line/options.hpp"
#include "tools/commands/own_sources.hpp"

namespace tool {
namespace {

// What a rank says of itself.
struct Record {
  std::uint64_t words, files;
  std::int32_t status;
  char message[500];  // cut short
};

std::uint64_t own_build() {
  Fingerprint build;
  build.add(own_sources());
  build.add(sizeof(std::size_t));
  const std::uint16_t order = 1;  // numbers travel as they lie in memory
  unsigned char first = 0;
  std::memcpy(&first, &order, 1);
  build.add(first);
  return build.value();
}

std::string rank_name(const platform::Ranks& ranks, std::size_t rank) {
  return "rank " + std::to_string(ranks.started_as(rank)) + ": ";
}

// What all ranks make of what they said.
Outcome judge(const platform::Ranks& ranks, const std::vector<Record>& records) {
  const auto failed =
      std::find_if(records.begin(), records.end(), [](const Record& record) { return record.status != 0; });
  if (failed != records.end()) {
    const bool all = std::all_of(records.begin(), records.end(), [&](const Record& record) {
      return record.status == failed->status && std::strcmp(record.message, failed->message) == 0;
    });
    const auto rank = static_cast<std::size_t>(failed - records.begin());
    const std::string message = failed->message;
    return {failed->status, all || message.empty() ? message : rank_name(ranks, rank) + message};
  }
  for (std::size_t r = 1; r < records.size(); ++r) {
    const char* const other = records[r].words != records[0].words   ? "was called with other words"
                              : records[r].files != records[0].files ? "has read other data or another model"
                                                                     : nullptr;
    if (other != nullptr) return {1, rank_name(ranks, r) + other + " than rank 0"};
  }
  return {};
}

// False where others do not come in time.
bool meet(platform::Ranks& ranks, const Record& record, double patience, Outcome& outcome) {
  std::vector<Record> records(ranks.size());
  if (!ranks.meet(&record, sizeof record, records.data(), patience)) return false;
  outcome = judge(ranks, records);
  return true;
}

// Throws on every rank where some rank says something else, or has failed.
void agree_on(platform::Ranks& ranks, const Record& record) {
  Outcome outcome;
  meet(ranks, record, 0, outcome);
  if (outcome.status != 0) throw AgreedFailure(outcome);
}

}  // namespace

void Fingerprint::add(std::string_view text) {
  add(text.size());
  for (const char letter : text) value_ = (value_ ^ static_cast<unsigned char>(letter)) * 0x100000001b3u;
}

void Fingerprint::add(std::uint64_t number) {
  value_ = (value_ ^ number) * 0x100000001b3u;
  value_ ^= value_ >> 32;  // else the upper bits of a number never reach the lower ones
}

void add_tensors(Fingerprint& fingerprint, const TensorFile& file) {
  for (const Tensor& tensor : file.tensors)
    for (const float value : tensor.values) fingerprint.add(bits_of_float(value));
  for (const auto& [name, text] : file.metadata) {
    fingerprint.add(name);
    fingerprint.add(text);
  }
}

void CommandRanks::check_builds() {
  const std::uint64_t own = own_build();
  std::vector<std::uint64_t> builds(ranks_.size());
  ranks_.meet(&own, sizeof own, builds.data(), 0);
  const auto other = std::find_if(builds.begin(), builds.end(),
                                  [&](std::uint64_t build) { return build != builds.front(); });
  if (other != builds.end())
    throw AgreedFailure({1, rank_name(ranks_, static_cast<std::size_t>(other - builds.begin())) +
                                "is another build of rbm than rank 0"});
}

std::optional<int> CommandRanks::begin(const Arguments& arguments) {
  Fingerprint words;
  for (const std::string& word : arguments.words_but(option::quiet)) words.add(word);
  Record record{};
  record.words = words.value();
  agree_on(ranks_, record);
  if (arguments.given(option::threads)) return std::nullopt;
  return ranks_.unite();
}

void CommandRanks::agree(const Fingerprint& files) {
  Record record{};
  record.files = files.value();
  agree_on(ranks_, record);
  agreed_ = true;
}

Outcome CommandRanks::conclude(const Outcome& own) {
  if (!are_many()) return own;
  // Before they agreed, the others come after what they have to read. Afterwards they wait for this rank's
  // part of the work, unless all stop together: the first may take long to write its checkpoint.
  const bool is_alone =
      own.status != 0 && (own.status != platform::interrupted_status || platform::interrupted());
  const double patience = is_alone && agreed_ ? 2 : 0;  // seconds
  Record record{};
  record.status = own.status;
  std::snprintf(record.message, sizeof record.message, "%s", own.message.c_str());
  Outcome outcome;
  if (meet(ranks_, record, patience, outcome)) return outcome;
  return {own.status, own.message.empty() ? "" : rank_name(ranks_, ranks_.rank()) + own.message, true};
}

}  // namespace tool
