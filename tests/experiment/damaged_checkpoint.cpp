// A checkpoint that is damaged, or of something else, is as good as none.

#include <string>

#include "catch.hpp"
#include "memory_checkpoints.hpp"
#include "small_trial.hpp"

namespace memscale {

namespace {

/// A trial that runs in a moment and has few bytes.
Trial tiny_trial(std::int64_t seed = 1) {
  return small_trial(OptimizerKind::muon, [&](Trial& t) {
    t.d = 2;
    t.items = 5;
    t.steps = 3;
    t.seed = seed;
    t.momentum = 0.9;
  });
}

/// After so many steps.
std::vector<std::byte> checkpoint_of(const Trial& trial, int steps) {
  Workspace workspace;
  MemoryCheckpoints checkpoints;
  int pauses = 0;
  TrialControl control;
  control.interrupted = StopAt{steps, &pauses};
  control.checkpoints = &checkpoints;
  REQUIRE_FALSE(run_trial(trial, workspace, control));
  return checkpoints.kept.at(trial_id(trial));
}

/// Runs the trial with these bytes for its checkpoint; counts the pauses, of which a trial that starts over has four.
Record run_with(const Trial& trial, std::vector<std::byte> bytes, Workspace& workspace, int& pauses) {
  MemoryCheckpoints checkpoints;
  checkpoints.kept[trial_id(trial)] = std::move(bytes);
  pauses = 0;
  TrialControl control;
  control.interrupted = StopAt{-1, &pauses};
  control.checkpoints = &checkpoints;
  return run_trial(trial, workspace, control).value();
}

}  // namespace

TEST_CASE("a damaged checkpoint is ignored: every truncation, every byte", "[experiment]") {
  const Trial trial = tiny_trial();
  Workspace workspace;
  const Record whole = run_trial(trial, workspace);
  int pauses = 0;
  for (int steps : {1, 3}) {
    const std::vector<std::byte> sound = checkpoint_of(trial, steps);
    CHECK(same(run_with(trial, sound, workspace, pauses), whole));
    REQUIRE(pauses == 4 - steps);
    const auto starts_over = [&](std::vector<std::byte> bytes) {
      return same(run_with(trial, std::move(bytes), workspace, pauses), whole) && pauses == 4;
    };
    std::size_t wrong = 0;
    for (std::size_t size = 0; size < sound.size(); ++size)
      wrong += !starts_over({sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(size)});
    for (std::size_t k = 0; k < sound.size(); ++k) {
      std::vector<std::byte> bytes = sound;
      bytes[k] ^= static_cast<std::byte>(1u << (k % 8));
      wrong += !starts_over(std::move(bytes));
    }
    std::vector<std::byte> longer = sound;
    longer.push_back(std::byte{0});
    wrong += !starts_over(longer);
    reseal(longer);
    wrong += !starts_over(longer);
    CHECK(wrong == 0);
  }
}

TEST_CASE("another format's, physics' or trial's checkpoint is ignored, and one that cannot be", "[experiment]") {
  const Trial trial = tiny_trial();
  Workspace workspace;
  const Record whole = run_trial(trial, workspace);
  const std::vector<std::byte> sound = checkpoint_of(trial, 2);
  const auto starts_over = [&](std::vector<std::byte> bytes) {
    int pauses = 0;
    return same(run_with(trial, std::move(bytes), workspace, pauses), whole) && pauses == 4;
  };
  const auto with = [&](std::size_t offset, auto value) {
    std::vector<std::byte> bytes = sound;
    patch(bytes, offset, value);
    return bytes;
  };
  CHECK_FALSE(starts_over(with(id_offset, trial_id(trial))));  // as it was
  CHECK(starts_over(with(format_offset, std::int64_t{3})));
  CHECK(starts_over(with(format_offset, std::int64_t{1})));
  CHECK(starts_over(with(id_offset, trial_id(trial) + 1)));
  CHECK(starts_over(with(physics_offset, physics_version + 1)));
  CHECK(starts_over(checkpoint_of(tiny_trial(2), 2)));  // the same size
  CHECK(starts_over(checkpoint_of(small_trial(OptimizerKind::gd, [](Trial& t) { t.steps = 3; }), 2)));
}

TEST_CASE("a checkpoint that lies under a right checksum crashes nothing", "[experiment]") {
  Workspace workspace;
  for (double stop_growth : {0.0, 0.5})
    for (int steps : {1, 2, 3}) {
      Trial trial = tiny_trial();
      trial.stop_growth = stop_growth;  // another trace: another step or none
      trial.stop_window = 1;
      trial = canonical(trial);
      if (static_cast<std::size_t>(steps) > run_trial(trial, workspace).trace.capacity.size()) continue;
      const std::vector<std::byte> sound = checkpoint_of(trial, steps);
      for (std::size_t k = 0; k + sizeof(std::uint64_t) < sound.size(); ++k)
        for (std::uint8_t value : {0x00, 0x01, 0x7f, 0xff}) {
          std::vector<std::byte> bytes = sound;
          patch(bytes, k, value);
          int pauses = 0;
          const Record record = run_with(trial, std::move(bytes), workspace, pauses);
          REQUIRE(record.trial == trial);
          REQUIRE(pauses <= 4);
        }
    }
}

}  // namespace memscale
