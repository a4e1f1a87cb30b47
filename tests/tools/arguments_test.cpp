#include "tools/command_line/arguments.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/commands/commands.hpp"

using tool::Arguments;
using tool::Misuse;

namespace {

constexpr tool::Positional model{"MODEL", "what to draw"};
constexpr tool::Positional data{"DATA", "what to draw it from", false};
constexpr tool::Flag fast{"fast", "do not wait"};
constexpr tool::Whole count{"count", "N", 7, {1, 100}, "how many"};
constexpr tool::Whole threads{"threads", "N", 0, {1, 8}, "how many at once", "all cores"};
constexpr tool::Real rate{"learning-rate", "X", 0.5, {1e-3, 2}, "how fast"};
constexpr tool::Text out{"out", "FILE", "out.txt", "where to"};
constexpr tool::Text resume{"resume", "FILE", "", "where from", "the beginning"};
enum class Kind { sampled, thresholded, real };
constexpr tool::Choice<Kind> kind{"kind", "sampled|thresholded|real", Kind::sampled, "how so"};

void never(const Arguments&) {}

const tool::Command draw{"draw",
                         "draws",
                         {model, data},
                         {fast, count, threads, rate, out, resume, kind},
                         "Notes stand at the end.\n",
                         never};

using Words = std::vector<std::string_view>;

Arguments parse(Words words) {
  words.insert(words.begin(), "m");
  return Arguments(draw, words);
}

#define CHECK_MISUSE(words, message) CHECK_THROWS_WITH_AS(parse(Words words), message, Misuse)

}  // namespace

TEST_CASE("options have their defaults until they are given") {
  const Arguments none = parse({});
  CHECK_FALSE(none[fast]);
  CHECK(none[count] == 7);
  CHECK(none[threads] == 0);
  CHECK(none[rate] == 0.5);
  CHECK(none[out] == "out.txt");
  CHECK(none[resume].empty());
  CHECK((none[kind] == Kind::sampled));
  CHECK_FALSE(none.given(count));
  CHECK_FALSE(none.help_asked());

  const Arguments all = parse({"--fast", "--count", "8", "--threads=3", "--learning-rate", "1e-3", "--out",
                               "-", "--resume=a=b", "--kind", "real"});
  CHECK(all[fast]);
  CHECK(all[count] == 8);
  CHECK(all[threads] == 3);
  CHECK(all[rate] == 1e-3);
  CHECK(all[out] == "-");
  CHECK(all[resume] == "a=b");
  CHECK((all[kind] == Kind::real));
  CHECK(all.given(count));
}

TEST_CASE("what stands by place may stand anywhere") {
  const Arguments before(draw, {"m", "d", "--count", "2"}), around(draw, {"m", "--count", "2", "d"});
  for (const Arguments* arguments : {&before, &around}) {
    CHECK((*arguments)[model] == "m");
    CHECK((*arguments)[data] == "d");
    CHECK((*arguments)[count] == 2);
  }
  CHECK(Arguments(draw, {"-"})[model] == "-");
  CHECK(Arguments(draw, {"--", "--fast", "--"})[model] == "--fast");
  CHECK(Arguments(draw, {"--", "--fast", "--"})[data] == "--");
  CHECK(Arguments(draw, {"m"})[data].empty());
  CHECK_THROWS_WITH_AS(Arguments(draw, {}), "MODEL is missing; usage: rbm draw MODEL [DATA] [OPTIONS]",
                       Misuse);
  CHECK_THROWS_WITH_AS(Arguments(draw, {""}), "MODEL is empty; usage: rbm draw MODEL [DATA] [OPTIONS]",
                       Misuse);
  CHECK_THROWS_WITH_AS(Arguments(draw, {"m", ""}), "DATA is empty; usage: rbm draw MODEL [DATA] [OPTIONS]",
                       Misuse);
  CHECK_THROWS_WITH_AS(Arguments(draw, {"m", "d", "e"}),
                       "unexpected 'e'; usage: rbm draw MODEL [DATA] [OPTIONS]", Misuse);
}

TEST_CASE("the limits of a number are included") {
  CHECK(parse({"--count", "1"})[count] == 1);
  CHECK(parse({"--count", "100"})[count] == 100);
  CHECK(parse({"--learning-rate", "2"})[rate] == 2);
  CHECK(Arguments(tool::train_command, {"d", "--seed", "18446744073709551615"})[tool::option::seed] ==
        std::numeric_limits<std::uint64_t>::max());
  CHECK_MISUSE(({"--count", "0"}), "--count: 0 is not between 1 and 100");
  CHECK_MISUSE(({"--count", "101"}), "--count: 101 is not between 1 and 100");
  CHECK_MISUSE(({"--count=-3"}), "--count: -3 is not between 1 and 100");
  CHECK_MISUSE(({"--count", "99999999999999999999"}),
               "--count: 99999999999999999999 is not between 1 and 100");
  CHECK_MISUSE(({"--learning-rate", "2.5"}), "--learning-rate: 2.5 is not between 0.001 and 2");
  CHECK_MISUSE(({"--learning-rate", "-1"}), "--learning-rate: -1 is not between 0.001 and 2");
  for (const char* word : {"nan", "inf", "-inf", "1e999", "0"}) {
    CAPTURE(word);
    CHECK_THROWS_WITH_AS(parse({"--learning-rate", word}),
                         ("--learning-rate: " + std::string(word) + " is not between 0.001 and 2").c_str(),
                         Misuse);
  }
}

TEST_CASE("what is no number is no number in part") {
  for (const char* word : {"", "x", "1x", " 1", "1 ", "+1", "1.5", "0x10", "1e2", "1,000", "--"}) {
    CAPTURE(word);
    CHECK_THROWS_AS(parse({"--count", word}), Misuse);
  }
  CHECK_MISUSE(({"--count", "1.5"}), "--count: '1.5' is not a whole number");
  CHECK_MISUSE(({"--learning-rate", "1,5"}), "--learning-rate: '1,5' is not a number");
  CHECK_MISUSE(({"--learning-rate", "1\n5"}), "--learning-rate: '1?5' is not a number");
}

TEST_CASE("values that lack, are empty, twice or too many") {
  CHECK_MISUSE(({"--count"}), "--count needs a value: --count N");
  CHECK_MISUSE(({"--count", "--fast"}), "--count needs a value: --count N");
  CHECK_MISUSE(({"--count", "2", "--count", "2"}), "--count is given twice");
  CHECK_MISUSE(({"--fast", "--fast"}), "--fast is given twice");
  CHECK_MISUSE(({"--fast=yes"}), "--fast takes no value");
  CHECK_MISUSE(({"--out", ""}), "--out: the value is empty");
  CHECK_MISUSE(({"--out="}), "--out: the value is empty");
}

TEST_CASE("unknown options and words: the nearest is suggested, and none where none is near") {
  CHECK_MISUSE(({"--cuont", "2"}), "unknown option --cuont; did you mean --count?");
  CHECK_MISUSE(({"--rate=2"}), "unknown option --rate; did you mean --learning-rate?");
  CHECK_MISUSE(({"-count", "2"}), "unknown option -count; did you mean --count?");
  CHECK_MISUSE(({"--hlep"}), "unknown option --hlep; did you mean --help?");
  CHECK_MISUSE(({"--zzzz"}), "unknown option --zzzz; 'rbm help draw' lists the options");
  CHECK_MISUSE(({"-x"}), "unknown option -x; 'rbm help draw' lists the options");
  CHECK_MISUSE(({"--kind", "samled"}),
               "--kind: 'samled' is not one of sampled, thresholded, real; did you mean sampled?");
  CHECK_MISUSE(({"--kind", "sampled|real"}),
               "--kind: 'sampled|real' is not one of sampled, thresholded, real; did you mean sampled?");
  CHECK_MISUSE(({"--kind", ""}), "--kind: '' is not one of sampled, thresholded, real");
}

TEST_CASE("--help ends the parsing, whatever else there is") {
  CHECK(Arguments(draw, {"--help"}).help_asked());
  CHECK(Arguments(draw, {"m", "-h", "--nonsense"}).help_asked());
  CHECK_FALSE(Arguments(draw, {"--", "--help"}).help_asked());
}

TEST_CASE("the help text names everything, with its default, within 80 columns") {
  const std::string text = tool::help_text(draw);
  for (const char* part :
       {"rbm draw: draws\n", "usage: rbm draw MODEL [DATA] [OPTIONS]\n", "what to draw it from", "--fast",
        "--count N", "how many [7]", "how many at once [all cores]", "how fast [0.5]",
        "--kind sampled|thresholded|real", "how so [sampled]", "where to [out.txt]",
        "where from [the beginning]", "Notes stand at the end.\n"}) {
    CAPTURE(part);
    CHECK(text.find(part) != text.npos);
  }
  for (std::size_t begin = 0, end; begin < text.size(); begin = end + 1) {
    end = text.find('\n', begin);
    REQUIRE(end != text.npos);
    CHECK(end - begin <= 80);
  }
}

TEST_CASE("every command is found by its name, and states its options once") {
  for (const tool::Command* command : tool::commands) {
    CHECK(&tool::find_command(command->name) == command);
    CHECK(tool::overview().find("  " + std::string(command->name) + " ") != std::string::npos);
    for (const tool::Option& option : command->options) {
      CAPTURE(option.name());
      CHECK(std::count_if(command->options.begin(), command->options.end(),
                          [&](const tool::Option& other) { return other.name() == option.name(); }) == 1);
    }
  }
  CHECK_THROWS_WITH_AS(tool::find_command("trian"), "unknown command 'trian'; did you mean train?", Misuse);
  CHECK_THROWS_WITH_AS(tool::find_command("zzz"), "unknown command 'zzz'; 'rbm help' lists the commands",
                       Misuse);
}
