// A trial that is interrupted and goes on ends in the same bits as one that is not.

#include <cerrno>
#include <functional>
#include <limits>
#include <string>
#include <system_error>

#include "catch.hpp"
#include "memory_checkpoints.hpp"
#include "memscale/experiment/simulation.hpp"
#include "small_trial.hpp"

namespace memscale {

namespace {

constexpr double population = std::numeric_limits<double>::infinity();

/// A trial of some steps that go far enough to recover items.
Trial long_trial(
    OptimizerKind optimizer, const std::function<void(Trial&)>& change = [](Trial&) {}) {
  return small_trial(optimizer, [&](Trial& t) {
    t.steps = 4;
    t.eta_scale = EtaScale::sqrt_d;
    t.eta_growth = 1.5;
    t.loss_measure = LossMeasure::exact;
    change(t);
  });
}

/// Every optimizer, orthogonalizer, gradient, threshold rule, batch and stop rule that a trial of several steps can
/// have.
std::vector<Trial> long_trials() {
  using enum OptimizerKind;
  std::vector<Trial> trials;
  for (double batch : {population, 64.0}) {
    const auto add = [&](
                         OptimizerKind optimizer, const std::function<void(Trial&)>& change = [](Trial&) {}) {
      trials.push_back(long_trial(optimizer, [&](Trial& t) {
        t.batch = batch;
        change(t);
      }));
    };
    for (OptimizerKind optimizer : {gd, muon, ngd, signgd, adam}) {
      add(optimizer);
      for (ThresholdRule rule : {ThresholdRule::argmax, ThresholdRule::margin, ThresholdRule::probability})
        add(optimizer, [&](Trial& t) {
          t.gradient = GradientKind::thresholded;
          t.threshold = rule;
          t.threshold_value = std::numeric_limits<double>::quiet_NaN();
        });
    }
    for (OptimizerKind optimizer : {gd, muon})
      add(optimizer, [](Trial& t) {
        t.gradient = GradientKind::thresholded;
        t.threshold = ThresholdRule::rank;
        t.threshold_value = 1;
      });
    for (double momentum : {0.0, 0.9}) {
      add(muon, [&](Trial& t) { t.momentum = momentum; });
      add(muon, [&](Trial& t) {
        t.momentum = momentum;
        t.orthogonalizer = Orthogonalizer::regularized;
        t.lambda = 0.01;
      });
      for (NewtonSchulzSet set : {NewtonSchulzSet::jordan, NewtonSchulzSet::polar_express})
        add(muon, [&](Trial& t) {
          t.momentum = momentum;
          t.orthogonalizer = Orthogonalizer::newton_schulz;
          t.ns_coefficients = set;
          t.ns_steps = 3;
          t.ns_lower = 1e-3;
        });
    }
    add(muon, [](Trial& t) { t.kappa = 0.5; });
    add(muon, [](Trial& t) {  // ends before its last step
      t.steps = 30;
      t.stop_growth = 0.5;
      t.stop_window = 2;
    });
    add(gd, [](Trial& t) {  // diverges
      t.eta = 1e90;
      t.eta_growth = 1000;
    });
    add(muon, [](Trial& t) {
      t.loss_measure = LossMeasure::none;
      t.spectra_measure = SpectraMeasure::none;
    });
  }
  return trials;
}

std::string text_of(const Trial& trial) {
  return canonical_text(trial);
}

/// One piece, in a fresh workspace as in another process, that stops at the pause.
std::optional<Record> run_piece(const Trial& trial, MemoryCheckpoints& checkpoints, int pause, int threads = 1) {
  Workspace workspace(threads);
  int pauses = 0;
  TrialControl control;
  control.interrupted = StopAt{pause, &pauses};
  control.checkpoints = &checkpoints;
  return run_trial(trial, workspace, control);
}

/// Pauses of a whole piece.
int count_pauses(const Trial& trial, MemoryCheckpoints& checkpoints) {
  Workspace workspace;
  int pauses = 0;
  TrialControl control;
  control.interrupted = StopAt{-1, &pauses};
  control.checkpoints = &checkpoints;
  REQUIRE(run_trial(trial, workspace, control));
  return pauses;
}

int count_pauses(const Trial& trial) {
  MemoryCheckpoints none;
  return count_pauses(trial, none);
}

/// A checkpoint of the trial, after so many steps.
MemoryCheckpoints interrupted_after(const Trial& trial, int steps) {
  MemoryCheckpoints checkpoints;
  REQUIRE_FALSE(run_piece(trial, checkpoints, steps));
  REQUIRE(checkpoints.kept.size() == 1);
  return checkpoints;
}

bool same_bits(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(a.data(), b.data(), sizeof(double) * static_cast<std::size_t>(a.size())) == 0;
}

}  // namespace

TEST_CASE("a trial interrupted at any pause ends in the bits of an undisturbed one", "[experiment]") {
  Workspace workspace(2);
  int diverged = 0, stopped_early = 0, recovering = 0;
  for (const Trial& trial : long_trials()) {
    INFO(text_of(trial));
    const Record whole = run_trial(trial, workspace);
    CHECK(whole.message.empty());
    diverged += whole.result.status == TrialStatus::diverged;
    stopped_early += whole.result.status == TrialStatus::ok && whole.result.steps_done < trial.steps;
    recovering += whole.result.capacity > 1;
    const int pauses = count_pauses(trial);
    // One before each step, and one before what is measured.
    CHECK(pauses >= static_cast<int>(whole.result.steps_done));
    for (int pause = 0; pause < pauses; ++pause) {
      MemoryCheckpoints checkpoints;
      CHECK_FALSE(run_piece(trial, checkpoints, pause, 1 + pause % 2));
      CHECK(checkpoints.saves == (pause > 0));
      const std::optional<Record> rest = run_piece(trial, checkpoints, -1, 2 - pause % 2);
      REQUIRE(rest);
      CHECK(same(*rest, whole));
      CHECK(rest->message.empty());
    }
  }
  CHECK(diverged >= 2);
  CHECK(stopped_early >= 2);
  CHECK(recovering >= 20);
}

TEST_CASE("a trial interrupted at every pause, or at any two, ends in the same bits", "[experiment]") {
  Workspace workspace;
  using enum OptimizerKind;
  for (const Trial& trial : {long_trial(muon, [](Trial& t) { t.momentum = 0.9; }),
                             long_trial(adam, [](Trial& t) { t.batch = 64; }), long_trial(gd, [](Trial& t) {
                               t.gradient = GradientKind::thresholded;
                               t.threshold = ThresholdRule::argmax;
                             })}) {
    INFO(text_of(trial));
    const Record whole = run_trial(trial, workspace);
    const int pauses = count_pauses(trial);
    REQUIRE(pauses == 5);
    MemoryCheckpoints each;
    int pieces = 0;
    std::optional<Record> last;
    while (!(last = run_piece(trial, each, 1))) REQUIRE(++pieces < 10);  // 1: one step a piece
    CHECK(pieces == 4);
    CHECK(same(*last, whole));
    for (int first = 0; first < pauses; ++first)
      for (int second = 0; first + second < pauses; ++second) {
        MemoryCheckpoints checkpoints;
        CHECK_FALSE(run_piece(trial, checkpoints, first));
        CHECK_FALSE(run_piece(trial, checkpoints, second));
        CHECK(count_pauses(trial, checkpoints) == pauses - first - second);  // no step is done twice
        const std::optional<Record> rest = run_piece(trial, checkpoints, -1);
        REQUIRE(rest);
        CHECK(same(*rest, whole));
      }
  }
}

TEST_CASE("threads change no bit of a trial that goes on", "[experiment]") {
  Workspace workspace(2);
  for (double batch : {population, 500.0}) {
    const Trial trial = long_trial(OptimizerKind::muon, [&](Trial& t) {
      t.items = 3000;
      t.batch = batch;
      t.momentum = 0.5;
    });
    const Record whole = run_trial(trial, workspace);
    for (int threads : {1, 2}) {
      MemoryCheckpoints checkpoints;
      CHECK_FALSE(run_piece(trial, checkpoints, 2, threads));
      const std::optional<Record> rest = run_piece(trial, checkpoints, -1, 3 - threads);
      REQUIRE(rest);
      CHECK(same(*rest, whole));
    }
  }
}

TEST_CASE("a simulation that goes on before its measures has all of the last step", "[experiment]") {
  for (OptimizerKind optimizer : {OptimizerKind::muon, OptimizerKind::adam, OptimizerKind::gd}) {
    const Trial trial = long_trial(optimizer, [](Trial& t) { t.momentum = 0.9; });
    Workspace undisturbed;
    Cost cost;
    const Simulation whole = simulate(trial, undisturbed, cost);
    for (int pause = 1; pause <= 4; ++pause) {
      MemoryCheckpoints checkpoints = interrupted_after(trial, pause);
      Workspace workspace;
      TrialControl control;
      control.checkpoints = &checkpoints;
      const std::optional<Simulation> rest = simulate(trial, workspace, cost, control);
      REQUIRE(rest);
      CHECK(same_bits(rest->weights, whole.weights));
      CHECK(same_bits(rest->weights_before, whole.weights_before));
      CHECK(same_bits(rest->gradient, whole.gradient));
      CHECK(same_bits(rest->update, whole.update));
      CHECK(rest->recovery.recovered == whole.recovery.recovered);
    }
  }
}

TEST_CASE("a trial that goes on saves at its pauses when it is time", "[experiment]") {
  const Trial trial = long_trial(OptimizerKind::adam);
  Workspace workspace;
  const Record whole = run_trial(trial, workspace);
  MemoryCheckpoints checkpoints;
  TrialControl control;
  control.checkpoints = &checkpoints;
  CHECK(run_trial(trial, workspace, control));
  CHECK(checkpoints.saves == 0);  // ten minutes have not passed
  control.checkpoint_seconds = 0;
  const std::optional<Record> record = run_trial(trial, workspace, control);
  REQUIRE(record);
  CHECK(same(*record, whole));
  CHECK(checkpoints.saves == 4);
  // As if the process had been killed while it measured.
  CHECK(count_pauses(trial, checkpoints) == 1);
  const std::optional<Record> rest = run_piece(trial, checkpoints, -1);
  REQUIRE(rest);
  CHECK(same(*rest, whole));
}

TEST_CASE("a trial of one step neither pauses nor asks for checkpoints", "[experiment]") {
  const Trial trial = small_trial(OptimizerKind::muon);
  MemoryCheckpoints checkpoints;
  CHECK(run_piece(trial, checkpoints, 0));
  CHECK(checkpoints.loads == 0);
  CHECK(checkpoints.saves == 0);
  CHECK(count_pauses(trial) == 0);
}

TEST_CASE("a checkpoint that cannot be saved fails no trial", "[experiment]") {
  struct FullDisk : MemoryCheckpoints {
    void save(std::uint64_t, std::span<const std::byte>) override {
      ++saves;
      throw std::system_error(ENOSPC, std::generic_category(), "write");
    }
  } disk;
  const Trial trial = long_trial(OptimizerKind::muon);
  Workspace workspace;
  TrialControl control;
  control.checkpoints = &disk;
  control.checkpoint_seconds = 0;
  const std::optional<Record> record = run_trial(trial, workspace, control);
  REQUIRE(record);
  CHECK(disk.saves == 4);
  CHECK(same(*record, run_trial(trial, workspace)));
  CHECK_FALSE(run_piece(trial, disk, 2));
  CHECK(count_pauses(trial, disk) == 5);  // starts over
}

TEST_CASE("an interrupted trial leaves the workspace to others", "[experiment]") {
  const Trial trial = long_trial(OptimizerKind::muon), other = small_trial(OptimizerKind::gd);
  Workspace workspace, fresh;
  int pauses = 0;
  TrialControl control;
  control.interrupted = StopAt{2, &pauses};
  CHECK_FALSE(run_trial(trial, workspace, control));
  CHECK(same(run_trial(other, workspace), run_trial(other, fresh)));
  CHECK(same(run_trial(trial, workspace), run_trial(trial, fresh)));
}

TEST_CASE("cost is the sum over the pieces, begun with the first", "[experiment]") {
  const Trial trial = long_trial(OptimizerKind::muon);
  MemoryCheckpoints checkpoints = interrupted_after(trial, 2);
  std::vector<std::byte>& bytes = checkpoints.kept.begin()->second;
  Cost earlier;
  earlier.seconds = 1000;
  earlier.seconds_embeddings = 100;
  earlier.seconds_gradient = 200;
  earlier.seconds_update = 300;
  earlier.seconds_capacity = 150;
  earlier.seconds_measures = 50;
  earlier.seconds_blas = 400;
  earlier.peak_memory = std::int64_t{1} << 50;
  earlier.threads = 3;
  earlier.started = 12345;
  std::size_t place = cost_offset;
  for_each_field(earlier, [&]<class T>(const char*, const T& value) {
    if constexpr (std::is_arithmetic_v<T>) patch(bytes, place, value), place += sizeof value;
  });
  const std::optional<Record> record = run_piece(trial, checkpoints, -1);
  REQUIRE(record);
  const Cost& cost = record->cost;
  const auto just_above = [](double value, double earlier_value) {
    return value > earlier_value && value < earlier_value + 40;
  };
  CHECK(just_above(cost.seconds, 1000));
  CHECK(just_above(cost.seconds_embeddings, 100));
  CHECK(just_above(cost.seconds_gradient, 200));
  CHECK(just_above(cost.seconds_update, 300));
  CHECK(just_above(cost.seconds_capacity, 150));
  CHECK(just_above(cost.seconds_measures, 50));
  CHECK(just_above(cost.seconds_blas, 400));
  CHECK(cost.peak_memory == earlier.peak_memory);
  CHECK(cost.threads == 1);
  CHECK(cost.started == 12345);
  Workspace workspace;
  const Record whole = run_trial(trial, workspace);
  CHECK(cost.blas_kernel == whole.cost.blas_kernel);
  CHECK(cost.softmax_kernel == whole.cost.softmax_kernel);
}

}  // namespace memscale
