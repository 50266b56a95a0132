#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "memscale/core/text.hpp"
#include "memscale/experiment/model_fields.hpp"
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
  void clear() { end_ = buffer_.data(); }
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
  std::size_t size() const { return static_cast<std::size_t>(end_ - buffer_.data()); }
  std::string_view text() const { return {buffer_.data(), size()}; }

 private:
  std::size_t room() const { return buffer_.size() - size(); }

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
  bool is_orthogonal_only;

  bool is_told(const Trial& trial) const {
    if (is_orthogonal_only) return trial.model == ModelKind::orthogonal;
    return trial.physics >= 2 || !is_new_in_physics_2;
  }
};

std::vector<FieldStart> list_field_starts() {
  std::vector<FieldStart> starts;
  const Trial any;
  for_each_field(any, [&](const char* name, const auto&) {
    starts.push_back({std::string(starts.empty() ? "" : " ") + name + "=", is_new_in_physics_2(name),
                      is_orthogonal_only<Trial>(name)});
  });
  return starts;
}

/// Equal for equal texts of the values: a NaN is as good as itself, -0 is not 0.
template <class T>
std::uint64_t bits_of(const T& value) {
  if constexpr (std::is_floating_point_v<T>)
    return std::bit_cast<std::uint64_t>(value);
  else
    return static_cast<std::uint64_t>(value);
}

/// The canonical texts of trials that follow each other: what is as in the last one is copied from it, in one piece
/// where many fields in a row are.
class CanonicalText {
 public:
  CanonicalText() {
    for (Written& written : written_) {
      written.ends.resize(starts_.size());
      written.bits.resize(starts_.size());
    }
  }

  std::string_view of(const Trial& trial) {
    const Written& last = written_[last_];
    Written& next = written_[1 - last_];
    next.text.clear();
    std::size_t field = 0, first_copied = 0;
    const auto copy = [&] {
      const std::size_t begin = first_copied == 0 ? 0 : last.ends[first_copied - 1];
      if (field > first_copied) next.text.add_text(last.text.text().substr(begin, last.ends[field - 1] - begin));
    };
    const bool is_like_last = is_valid_ && last.physics == trial.physics && last.model == trial.model;
    for_each_field(trial, [&](const char*, const auto& value) {
      const std::uint64_t bits = next.bits[field] = bits_of(value);
      if (is_like_last && bits == last.bits[field]) {
        // the end moves by as much as the text before it has grown
        const std::size_t begin = first_copied == 0 ? 0 : last.ends[first_copied - 1];
        next.ends[field] = next.text.size() + last.ends[field] - begin;
      } else {
        copy();
        if (starts_[field].is_told(trial)) {
          next.text.add_text(starts_[field].text);
          next.text.add_value(value);
        }
        next.ends[field] = next.text.size();
        first_copied = field + 1;
      }
      ++field;
    });
    copy();
    next.physics = trial.physics;
    next.model = trial.model;
    last_ = 1 - last_;
    is_valid_ = true;
    return next.text.text();
  }

 private:
  struct Written {
    IdentityText text;
    std::vector<std::size_t> ends;    ///< of the fields' texts
    std::vector<std::uint64_t> bits;  ///< of their values
    std::int64_t physics = 0;
    ModelKind model = ModelKind::gaussian;
  };

  const std::vector<FieldStart> starts_ = list_field_starts();
  std::array<Written, 2> written_;
  std::size_t last_ = 0;
  bool is_valid_ = false;
};

std::string_view canonical_text_of(const Trial& trial) {
  thread_local CanonicalText text;
  return text.of(trial);
}

std::uint64_t hash(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace

std::string canonical_text(const Trial& trial) {
  return std::string(canonical_text_of(trial));
}

std::uint64_t trial_id(const Trial& trial) {
  return hash(canonical_text_of(trial));
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
  add(t.task_basis);
  add(t.seed);
  return hash(text.text());
}

}  // namespace memscale
