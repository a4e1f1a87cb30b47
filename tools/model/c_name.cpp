#include "tools/model/c_name.hpp"

namespace tool {
namespace {

// Words that C or C++ keep for themselves or that compilers and the standard library often define.
constexpr std::string_view taken_words =
    " NULL alignas alignof and and_eq asm assert atomic_cancel atomic_commit atomic_noexcept auto bitand"
    " bitor bool break case catch char class co_await co_return co_yield compl complex concept const"
    " const_cast consteval constexpr constinit continue contract_assert decltype default delete do double"
    " dynamic_cast else enum errno explicit export extern false float for friend goto i386 if imaginary"
    " inline int linux long main mutable namespace new noexcept noreturn not not_eq nullptr operator or"
    " or_eq private protected public reflexpr register reinterpret_cast requires restrict return short"
    " signed sizeof static static_assert static_cast std stderr stdin stdout struct switch synchronized"
    " template this thread_local throw true try typedef typeid typename typeof typeof_unqual union unix"
    " unsigned using virtual void volatile wchar_t while xor xor_eq"
    " ";

// Functions of the C standard library, which compilers know even where no header declares them; those of
// <math.h> also with an f or an l at their end.
constexpr std::string_view functions =
    " abort abs acos acosh asin asinh atan atan2 atanh atexit atof atoi atol bcmp bcopy bsearch bzero cabs"
    " calloc carg cbrt ceil cexp cimag clog conj copysign cos cosh cpow creal csin csqrt ctan drem erf erfc "
    "exit"
    " exp exp10 exp2 expm1 fabs fdim ffs fma fmax fmin fmod free frexp gamma hypot ilogb index j0 j1 jn labs"
    " ldexp lgamma llabs llrint llround log log10 log1p log2 logb lrint lround malloc memchr memcmp memcpy"
    " memmove memset modf nan nearbyint nextafter pow printf putchar puts qsort rand realloc remainder remquo"
    " rindex rint round scalb scalbln scalbn scanf signbit significand sin sincos sinh snprintf sprintf sqrt"
    " srand sscanf stpcpy strcat strchr strcmp strcpy strcspn strdup strlen strncat strncmp strncpy strpbrk"
    " strrchr strspn strstr strtod strtol strtoul system tan tanh tgamma toascii tolower toupper trunc y0 y1 "
    "yn ";

// Headers of C, and those of POSIX that are part of most programs.
constexpr std::string_view standard_headers =
    " ASSERT COMPLEX CTYPE ERRNO FCNTL FENV FLOAT INTTYPES ISO646 LIMITS LOCALE MATH PTHREAD SETJMP SIGNAL"
    " STDALIGN STDARG STDATOMIC STDBIT STDBOOL STDDEF STDINT STDIO STDLIB STDNORETURN STRING STRINGS TGMATH"
    " THREADS TIME UCHAR UNISTD WCHAR WCTYPE ";

constexpr std::string_view devices_of_windows =
    " AUX COM0 COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 CON LPT0 LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8"
    " LPT9 NUL PRN ";

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_among(std::string_view words, std::string_view name) {
  return words.find(" " + std::string(name) + " ") != words.npos;
}

}  // namespace

bool is_of_name(char character) {
  return name_characters.find(character) != name_characters.npos;
}

std::string upper(std::string_view name) {
  std::string text(name);
  for (char& letter : text)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  return text;
}

std::string fault_of_file_name(std::string_view stem) {
  const std::string name = upper(stem);
  if (is_among(standard_headers, name))
    return "is the name of a header of C, in whose place programs would get this one";
  if (is_among(devices_of_windows, name)) return "is a device on Windows, where no file can have this name";
  return {};
}

std::string fault_of_name(std::string_view name) {
  // With the longest suffix, _visible_bias_complete, within the 63 characters that C99 tells apart.
  constexpr std::size_t longest = 40;
  const std::string start = upper(name.substr(0, 4));
  if (name.empty()) return "is empty";
  if (name.find_first_not_of(name_characters) != name.npos)
    return "has other characters than letters, digits and _";
  if (letters.find(name[0]) == letters.npos) return "does not begin with a letter";
  if (name.find("__") != name.npos) return "has two _ in a row, which C++ reserves";
  if (name.back() == '_') return "ends in _, so that its tables would have two _ in a row";
  if (name.size() > longest) return "is longer than 40 characters";
  if (is_among(taken_words, name)) return "is a word that C or C++ has taken";
  const std::string_view shorter = name.substr(0, name.size() - 1);
  if (is_among(functions, name) ||
      ((name.back() == 'f' || name.back() == 'l') && is_among(functions, shorter)))
    return "is a function of C's library";
  if (ends_with(name, "_t")) return "ends in _t, as types do";
  if (start == "RBM" || start == "RBM_") return "belongs to the runtime, as all that begins with rbm_ does";
  return {};
}

}  // namespace tool
