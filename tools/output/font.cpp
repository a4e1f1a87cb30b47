#include "tools/output/font.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace tool {
namespace {

// A letter on a grid, on which a capital letter is 10 high: strokes apart by spaces, of points x, y. A
// coordinate is a digit, A and B are 10 and 11, z, y and x are -1, -2 and -3. A stroke is straight from point
// to point; after ~ it is a curve that its inner points attract, after o a closed one.
struct Letter {
  std::uint32_t code;
  int width;
  std::string_view strokes;
};

constexpr Letter letters[] = {
    {' ', 2, ""},
    {'!', 0, "0A03 0001"},
    {'"', 2, "0A07 2A27"},
    {'#', 6, "102A 405A 0363 0767"},
    {'$', 5, "~585A0A0555500002 2z2B"},
    {'%', 7, "007A o0A3A3606 o44747040"},
    {'&', 7, "~70171A5A5704005074"},
    {'\'', 0, "0A07"},
    {'(', 2, "~2B08012y"},
    {')', 2, "~0B28210y"},
    {'*', 4, "2B25 0947 4907"},
    {'+', 6, "0565 3238"},
    {',', 1, "110y"},
    {'-', 3, "0434"},
    {'.', 0, "0001"},
    {'/', 4, "0z4B"},
    {'0', 5, "o00505A0A"},
    {'1', 5, "183A30"},
    {'2', 5, "~070A5A5600 0050"},
    {'3', 5, "~080A5A5525 ~2555500002"},
    {'4', 5, "404A0353"},
    {'5', 5, "5A0A05 ~051757500002"},
    {'6', 5, "o00505606 ~4A0A03"},
    {'7', 5, "0A5A10"},
    {'8', 5, "o00505505 o05555A0A"},
    {'9', 5, "o04545A0A ~105057"},
    {':', 0, "0001 0506"},
    {';', 1, "110y 1516"},
    {'<', 5, "580552"},
    {'=', 5, "0353 0757"},
    {'>', 5, "085502"},
    {'?', 5, "~080A5A5523 2021"},
    {'@', 9, "~70000A9A926267 o33636737"},
    {'A', 6, "003A60 1353"},
    {'B', 6, "30000A3A ~3A5A5535 0535 ~35656030"},
    {'C', 6, "~686A0A006062"},
    {'D', 6, "30000A3A ~3A6A6030"},
    {'E', 5, "50000A5A 0545"},
    {'F', 5, "000A5A 0545"},
    {'G', 6, "~686A0A006064 6444"},
    {'H', 6, "000A 606A 0565"},
    {'I', 0, "000A"},
    {'J', 4, "4A43 ~43400003"},
    {'K', 5, "000A 5A04 2650"},
    {'L', 5, "0A0050"},
    {'M', 6, "000A336A60"},
    {'N', 6, "000A606A"},
    {'O', 7, "o00707A0A"},
    {'P', 5, "000A2A ~2A5A5424 2404"},
    {'Q', 7, "o00707A0A 437z"},
    {'R', 5, "000A2A ~2A5A5424 2404 2450"},
    {'S', 5, "~585A0A0555500002"},
    {'T', 6, "0A6A 303A"},
    {'U', 6, "0A03 ~03006063 636A"},
    {'V', 6, "0A306A"},
    {'W', 8, "0A204A608A"},
    {'X', 6, "006A 0A60"},
    {'Y', 6, "0A356A 3530"},
    {'Z', 6, "0A6A0060"},
    {'[', 2, "2B0B0y2y"},
    {'\\', 4, "0B4z"},
    {']', 2, "0B2B2y0y"},
    {'^', 4, "072A47"},
    {'_', 5, "0y5y"},
    {'`', 1, "0A18"},
    {'a', 5, "~06075753 5350 ~5404005052"},
    {'b', 5, "000A o00505707"},
    {'c', 5, "~555707005052"},
    {'d', 5, "505A o00505707"},
    {'e', 5, "0454 ~545707005051"},
    {'f', 3, "~3A1A16 1610 0737"},
    {'g', 5, "o00505707 5750 ~505x0x0z"},
    {'h', 5, "000A ~04075753 5350"},
    {'i', 0, "0007 090A"},
    {'j', 2, "2720 ~202x0x 292A"},
    {'k', 4, "000A 4703 1440"},
    {'l', 1, "0A02 ~020010"},
    {'m', 8, "0007 ~04074743 4340 ~44478783 8380"},
    {'n', 5, "0007 ~04075753 5350"},
    {'o', 5, "o00505707"},
    {'p', 5, "0x07 o00505707"},
    {'q', 5, "5x57 o00505707"},
    {'r', 3, "0007 ~040737"},
    {'s', 4, "~4647070443400001"},
    {'t', 3, "1A12 ~121030 0737"},
    {'u', 5, "0703 ~03005054 5057"},
    {'v', 4, "072047"},
    {'w', 6, "0710375067"},
    {'x', 4, "0047 0740"},
    {'y', 4, "0720 471x"},
    {'z', 4, "07470040"},
    {'{', 3, "~3B1B1505 ~05151y3y"},
    {'|', 0, "0y0B"},
    {'}', 3, "~0B2B2535 ~35252y0y"},
    {'~', 5, "~04174356"},
    {U'°', 3, "o0A3A3707"},
    {U'±', 6, "0666 3339 0060"},
    {U'µ', 5, "0x07 ~03005054 5057"},
    {U'·', 0, "0405"},
    {U'×', 5, "0257 0752"},
    {U'–', 5, "0454"},
    {U'…', 6, "0001 3031 6061"},
    {U'−', 5, "0555"},
    {U'∞', 8, "o02424606 o42828646"},
};
constexpr Letter unknown{0, 5, "00505A0A00"};
constexpr double grid = 10, gap = 2.3;

// A letter as it stands in a text: superscripts are small and raised.
struct Placed {
  const Letter* letter;
  double size = 1, raised = 0;

  double advance() const { return (letter->width + gap) / grid * size; }
};

// The letters of a text, as Unicode's code points. What is no UTF-8 counts byte by byte.
std::vector<std::uint32_t> code_points(const std::string& text) {
  std::vector<std::uint32_t> codes;
  for (std::size_t n = 0; n < text.size();) {
    const auto first = static_cast<unsigned char>(text[n++]);
    std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    std::uint32_t code = more == 0 ? first : first & (0x3fu >> more);
    for (; more > 0 && n < text.size(); --more)
      code = code << 6 | (static_cast<unsigned char>(text[n++]) & 0x3fu);
    codes.push_back(code);
  }
  return codes;
}

const Letter& letter_of(std::uint32_t code) {
  const Letter* const found = std::find_if(std::begin(letters), std::end(letters),
                                           [code](const Letter& letter) { return letter.code == code; });
  return found == std::end(letters) ? unknown : *found;
}

// The letter that a superscript raises; 0 if it is none.
std::uint32_t raised_letter(std::uint32_t code) {
  switch (code) {
    case U'¹':
      return '1';
    case U'²':
      return '2';
    case U'³':
      return '3';
    case U'⁻':
      return U'−';
    default:
      return code == U'⁰' || (code >= U'⁴' && code <= U'⁹') ? '0' + (code - U'⁰') : 0;
  }
}

Placed placed(std::uint32_t code) {
  constexpr double small = 0.62, up = 0.5;
  const std::uint32_t raised = raised_letter(code);
  return raised != 0 ? Placed{&letter_of(raised), small, up} : Placed{&letter_of(code)};
}

double to_coordinate(char character) {
  if (character >= 'x') return character - '{';
  return character >= 'A' ? character - 'A' + 10 : character - '0';
}

Point middle(Point a, Point b) {
  return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}

// Adds a quadratic Bezier curve, without its first point.
void add_curve(Line& line, Point begin, Point control, Point end) {
  constexpr int pieces = 6;
  for (int n = 1; n <= pieces; ++n) {
    const double t = static_cast<double>(n) / pieces, s = 1 - t;
    line.push_back({s * s * begin.x + 2 * s * t * control.x + t * t * end.x,
                    s * s * begin.y + 2 * s * t * control.y + t * t * end.y});
  }
}

// A quadratic B-spline: it touches the middles of the stretches between its points.
Line curve(const Line& points, bool closed) {
  const std::size_t count = points.size();
  const auto join = [&](std::size_t n) { return middle(points[n % count], points[(n + 1) % count]); };
  Line line{closed ? join(count - 1) : points.front()};
  const std::size_t first = closed ? 0 : 1, last = closed ? count - 1 : count - 2;
  for (std::size_t n = first; n <= last; ++n)
    add_curve(line, line.back(), points[n], !closed && n == last ? points.back() : join(n));
  return line;
}

// One stroke on the grid.
Line stroke_of(std::string_view text) {
  const char kind = text.front();
  if (kind == '~' || kind == 'o') text.remove_prefix(1);
  Line points;
  for (std::size_t n = 0; n + 1 < text.size(); n += 2)
    points.push_back({to_coordinate(text[n]), to_coordinate(text[n + 1])});
  return kind == '~' || kind == 'o' ? curve(points, kind == 'o') : points;
}

}  // namespace

std::vector<Line> written(const std::string& text) {
  std::vector<Line> lines;
  double left = gap / grid / 2;
  for (const std::uint32_t code : code_points(text)) {
    const Placed at = placed(code);
    for (std::string_view rest = at.letter->strokes; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      Line line = stroke_of(rest.substr(0, end));
      for (Point& point : line)
        point = {left + point.x / grid * at.size, at.raised + point.y / grid * at.size};
      lines.push_back(std::move(line));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    left += at.advance();
  }
  return lines;
}

double written_width(const std::string& text) {
  double width = 0;
  for (const std::uint32_t code : code_points(text)) width += placed(code).advance();
  return width;
}

}  // namespace tool
