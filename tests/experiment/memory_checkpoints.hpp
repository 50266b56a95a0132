#pragma once

#include <xxhash.h>

#include <cstring>
#include <map>

#include "memscale/experiment/run_trial.hpp"

namespace memscale {

/// Checkpoints of one process, and how often they were asked for.
struct MemoryCheckpoints : Checkpoints {
  std::map<std::uint64_t, std::vector<std::byte>> kept;
  int loads = 0, saves = 0;

  std::optional<std::vector<std::byte>> load(std::uint64_t id) override {
    ++loads;
    const auto found = kept.find(id);
    return found == kept.end() ? std::nullopt : std::optional(found->second);
  }
  void save(std::uint64_t id, std::span<const std::byte> bytes) override {
    ++saves;
    kept[id].assign(bytes.begin(), bytes.end());
  }
};

/// Stops a trial at a pause: 0 is the one before its first step, or where it goes on.
struct StopAt {
  int pause;
  int* pauses;  ///< counted here
  bool operator()() const { return (*pauses)++ == pause; }
};

/// Gives the bytes of a checkpoint the checksum that they should have.
inline void reseal(std::vector<std::byte>& bytes) {
  const std::size_t content = bytes.size() - sizeof(std::uint64_t);
  const std::uint64_t sum = XXH3_64bits(bytes.data(), content);
  std::memcpy(bytes.data() + content, &sum, sizeof sum);
}

/// Puts a value into a checkpoint, where format, id and physics version (8 bytes each) and Cost begin.
template <class T>
void patch(std::vector<std::byte>& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
  reseal(bytes);
}
inline constexpr std::size_t format_offset = 0, id_offset = 8, physics_offset = 16;
inline constexpr std::size_t cost_offset = 24;  ///< its first field is `seconds`

}  // namespace memscale
