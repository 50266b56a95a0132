#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "memscale/core/text.hpp"
#include "memscale/experiment/trial.hpp"

namespace memscale {

namespace {

/// to_text(value), kept for the trials that follow: a grid has few distinct numbers, and each takes 100 ns to write.
std::string_view known_text(double value) {
  struct Entry {
    double value;
    std::size_t length;
    std::array<char, 32> text;
  };
  thread_local std::array<Entry, 128> entries{};
  const auto bits = std::bit_cast<std::uint64_t>(value);
  Entry& entry = entries[(bits * 0x9e3779b97f4a7c15u) >> 57];  // the golden ratio spreads neighbours
  if (entry.length == 0 || std::bit_cast<std::uint64_t>(entry.value) != bits) {
    const std::string text = to_text(value);  // at most 24 characters
    entry.value = value;
    entry.length = text.copy(entry.text.data(), entry.text.size());
  }
  return {entry.text.data(), entry.length};
}

/// Names and values, one after the other, in a buffer of its own: as to_text and name_of write them, without a string
/// for each, for a job makes this text a million times.
class IdentityText {
 public:
  void add_text(std::string_view text) {
    if (text.size() > room()) throw std::length_error("a trial's canonical text is too long");
    end_ = std::copy(text.begin(), text.end(), end_);
  }
  template <class T>
  void add_value(const T& value) {
    if constexpr (NamedEnum<T>)
      add_text(name_of(value));
    else if constexpr (std::is_floating_point_v<T>)
      add_real(value);
    else
      add_number(value);
  }
  std::string_view text() const { return {buffer_.data(), static_cast<std::size_t>(end_ - buffer_.data())}; }

 private:
  std::size_t room() const { return static_cast<std::size_t>(buffer_.data() + buffer_.size() - end_); }

  void add_real(double value) {
    // The shortest text of a whole number of up to 5 digits is its digits; of a longer one perhaps "1e+05".
    if (value >= 0 && value < 1e5 && value == std::floor(value) && !std::signbit(value))
      add_number(static_cast<std::int64_t>(value));
    else
      add_text(known_text(value));
  }
  void add_number(std::int64_t value) {
    const auto [end, error] = std::to_chars(end_, buffer_.data() + buffer_.size(), value);
    if (error != std::errc()) throw std::length_error("a trial's canonical text is too long");
    end_ = end;
  }

  std::array<char, 4096> buffer_;
  char* end_ = buffer_.data();
};

/// Whether physics version 1 did not know the parameter.
bool is_new_in_physics_2(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{"eta_growth", "eta_growth_scale", "stop_growth",  "stop_window",
                                                   "threshold",  "threshold_value",  "momentum",     "beta1",
                                                   "beta2",      "epsilon",          "loss_measure", "spectra_measure"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What stands before a field's value.
struct FieldStart {
  std::string text;  ///< " eta="; of the first field without the blank
  bool is_new_in_physics_2;
};

std::vector<FieldStart> list_field_starts() {
  std::vector<FieldStart> starts;
  const Trial any;
  for_each_field(any, [&](const char* name, const auto&) {
    starts.push_back({std::string(starts.empty() ? "" : " ") + name + "=", is_new_in_physics_2(name)});
  });
  return starts;
}

void write_canonical(IdentityText& out, const Trial& trial) {
  static const std::vector<FieldStart> starts = list_field_starts();
  auto start = starts.begin();
  for_each_field(trial, [&](const char*, const auto& value) {
    const FieldStart& field = *start++;
    if (trial.physics < 2 && field.is_new_in_physics_2) return;
    out.add_text(field.text);
    out.add_value(value);
  });
}

std::uint64_t hash(const IdentityText& text) {
  return XXH3_64bits(text.text().data(), text.text().size());
}

}  // namespace

std::string canonical_text(const Trial& trial) {
  IdentityText text;
  write_canonical(text, trial);
  return std::string(text.text());
}

std::uint64_t trial_id(const Trial& trial) {
  IdentityText text;
  write_canonical(text, trial);
  return hash(text);
}

std::uint64_t bundle_key(const Trial& t) {
  IdentityText text;
  text.add_value(t.model);
  const auto add = [&](const auto& value) {
    text.add_text(" ");
    text.add_value(value);
  };
  add(t.d);
  add(t.items);
  add(t.kappa);
  add(t.seed);
  return hash(text);
}

}  // namespace memscale
