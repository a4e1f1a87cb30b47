/// A strict reader of the markup that the tool writes: every element closed in its turn, attributes in double
/// quotes, only entities that it knows. Any fault fails the test.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace fixture {

/// One element's opening tag.
struct Tag {
  std::string name;
  std::vector<std::string> attributes;  ///< name="value", as written
};

/// The elements of a page, in their order, once it is found to be well-formed.
class Html {
 public:
  explicit Html(std::string_view text) : text_(text) {
    CHECK(text_.substr(0, 16) == "<!DOCTYPE html>\n");
    place_ = 16;
    while (place_ < text_.size()) {
      if (text_[place_] == '<')
        read_tag();
      else
        read_text();
    }
    CHECK(open_.empty());
  }

  std::size_t count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(tags.begin(), tags.end(), [&](const Tag& tag) { return tag.name == name; }));
  }

  std::vector<Tag> tags;

 private:
  void read_text() {
    const std::size_t end = std::min(text_.find('<', place_), text_.size());
    check_entities(text_.substr(place_, end - place_));
    place_ = end;
  }

  void read_tag() {
    ++place_;
    if (text_[place_] == '/') {
      ++place_;
      const std::string name = read_name();
      REQUIRE(text_[place_++] == '>');
      REQUIRE_FALSE(open_.empty());
      REQUIRE(open_.back() == name);
      open_.pop_back();
      return;
    }
    Tag tag{read_name(), {}};
    while (text_[place_] == ' ') {
      ++place_;
      const std::size_t begin = place_;
      read_name();
      REQUIRE(text_.substr(place_, 2) == "=\"");
      const std::size_t end = text_.find('"', place_ + 2);
      REQUIRE(end != std::string_view::npos);
      const std::string_view value = text_.substr(place_ + 2, end - place_ - 2);
      CHECK(value.find('<') == std::string_view::npos);
      check_entities(value);
      tag.attributes.emplace_back(text_.substr(begin, end + 1 - begin));
      place_ = end + 1;
    }
    const bool closed = text_[place_] == '/';
    place_ += closed;
    REQUIRE(text_[place_++] == '>');
    // Elements of HTML that have no end, and those of SVG that end themselves.
    const bool is_void = tag.name == "meta" || tag.name == "img";
    CHECK(!(closed && is_void));
    if (!closed && !is_void) open_.push_back(tag.name);
    tags.push_back(std::move(tag));
  }

  std::string read_name() {
    const std::size_t begin = place_;
    const auto is_part = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == 'B';
    };  // viewBox
    while (place_ < text_.size() && is_part(text_[place_])) ++place_;
    REQUIRE(place_ > begin);
    return std::string(text_.substr(begin, place_ - begin));
  }

  static void check_entities(std::string_view text) {
    CHECK(text.find('>') == std::string_view::npos);
    for (std::size_t n = text.find('&'); n != std::string_view::npos; n = text.find('&', n + 1)) {
      const std::string_view entity = text.substr(n, text.find(';', n) + 1 - n);
      CHECK((entity == "&amp;" || entity == "&lt;" || entity == "&gt;" || entity == "&quot;"));
    }
  }

  std::string_view text_;
  std::size_t place_ = 0;
  std::vector<std::string> open_;
};

}  // namespace fixture
